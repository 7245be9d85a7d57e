"""The manifest of a dossier that is a folder: which files belong to it, each with its hash.

Written by ``folder``, read by it and, at another desk, by ``folder_reading``. What it says is not
believed: names that lead elsewhere and shapes of another kind are refused.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer.errors import AnswerUnexpected

MANIFEST = "manifest.json"
WHOLE = "HoanTat"
"""Its field that says whether all that was to be written is there: "1" or "0"."""
RECORD = "NhatKy"
"""Its field that holds the head of the writing home's audit record, ``N:SHA-256``."""
TORN = ".hong"
"""The end of the name that a manifest gets which could not be read."""
_MANIFEST_BYTES = 8 * 1024 * 1024
_SAFE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_-]|\.(?!\.)){0,150}(?<!\.)")
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\.|$)", re.IGNORECASE)


class Entry(Struct, frozen=True):
    """One file of a manifest: ``line`` as it is written, the rest read from it. ``result``: it
    is one of the dossier's results, whose lines have names of their own."""

    key: str
    name: str
    sha256: str
    line: dict[str, Any]
    result: bool = False


def entry(line: Any, *, result: bool = False) -> Entry:
    """Read one line; ``result``: of the list of results. Raises AnswerUnexpected."""
    if not isinstance(line, dict):
        raise AnswerUnexpected(MANIFEST)
    fields = ("GiayToId", "DuongDanTepTinKetQua") if result else ("TepDinhKemId", "TenTepDinhKem")
    key, name, sha256 = (line.get(at) for at in (*fields, "SHA256"))
    if not (isinstance(key, str) and isinstance(name, str) and isinstance(sha256, str)):
        raise AnswerUnexpected(MANIFEST)
    if not is_safe(name) or name == MANIFEST:
        raise AnswerUnexpected(f"{MANIFEST} names a file it must not")
    return Entry(key, name, sha256, line, result)


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read a dossier's manifest; none there is an empty one.

    Raises:
        AnswerUnexpected: it makes no sense.
        OSError: it cannot be read.
    """
    try:
        with (folder / MANIFEST).open("rb") as file:
            text = file.read(_MANIFEST_BYTES + 1)
    except FileNotFoundError:
        return {"TaiLieuNop": []}
    try:
        value = json.loads(text) if len(text) <= _MANIFEST_BYTES else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise AnswerUnexpected(MANIFEST)
    return value


def entries_of(folder: Path) -> dict[str, Entry]:
    """Return the files that a dossier's manifest names, by key; raises as ``manifest_of``."""
    return entries_in(manifest_of(folder))


def entries_in(manifest: dict[str, Any]) -> dict[str, Entry]:
    """Return the files that a manifest names, by key. Raises AnswerUnexpected."""
    lines, results = manifest.get("TaiLieuNop"), manifest.get("DanhSachGiayToKetQua", [])
    if not isinstance(lines, list) or not isinstance(results, list):
        raise AnswerUnexpected(MANIFEST)
    found = [entry(line) for line in lines] + [entry(line, result=True) for line in results]
    return {one.key: one for one in found}


def is_safe(name: str) -> bool:
    """Tell whether ``name`` is one plain step of a path on every system."""
    return _SAFE.fullmatch(name) is not None and _DEVICES.match(name) is None

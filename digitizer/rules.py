"""PURE but for looking whether folders exist: a TOML file → the rules of watched folders.

Called by ``digitizer.cli.watching`` and the window. Knows no dossier: whether one exists is found
out when the watch begins.

.. code-block:: toml

    [[folder]]
    path = "/srv/scans/desk-1"      # or relative to this file
    dossier = "000.00.20.H02-261122-0001"
    paper = "TP01"
    gather = "folder"
    quiet_seconds = 20
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import asdict

from digitizer import tomltext
from digitizer.errors import FolderUnreadable, RulesUnusable

QUIET_SECONDS = 10.0
_MOST_BYTES = 1 << 20
_LEAST_QUIET, _MOST_QUIET = 0.1, 86_400.0


_Choice = TypeVar("_Choice", bound=StrEnum)


class Gather(StrEnum):
    """What becomes one paper."""

    FILE = "file"  # each file
    FOLDER = "folder"  # what arrives in one folder until it has been quiet for a while
    PAGES = "pages"  # everything goes into the same paper


class Done(StrEnum):
    """What happens to a file whose pages are safe."""

    MOVE = "move"  # to ``done`` beside it
    REMOVE = "remove"


class Same(StrEnum):
    """What happens to a file whose very bytes were taken before."""

    ASK = "ask"
    TAKE = "take"
    SKIP = "skip"


class Rule(Struct, frozen=True):
    """One watched folder.

    Attributes:
        path: The folder, absolute; its sub-folders count.
        dossier: Mã hồ sơ or local number; None: *Chưa phân loại*.
        paper: Part number; None: *giấy tờ khác*.
        gather: What becomes one paper.
        done: What happens to a file whose pages are safe.
        same: What happens to a file whose bytes were taken before.
        poll: Look again and again instead of being told of changes (network shares).
        quiet_seconds: For ``Gather.FOLDER``: a folder that was quiet for so long is one paper.
    """

    path: Path
    dossier: str | None = None
    paper: str | None = None
    gather: Gather = Gather.PAGES
    done: Done = Done.MOVE
    same: Same = Same.ASK
    poll: bool = False
    quiet_seconds: float = QUIET_SECONDS


def read_rules(file: Path) -> tuple[Rule, ...]:
    """Return the rules in a TOML file, checked.

    Raises:
        RulesUnusable: it cannot be read, or says something that cannot be; the detail names what.
        FolderUnreadable: a folder is not there.
    """
    try:
        if file.exists() and not file.is_file():  # a pipe would be waited for
            raise RulesUnusable(f"{file.name} is no file")
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise RulesUnusable(f"{file.name} is larger than 1 MB")
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise RulesUnusable(f"{file.name} cannot be read") from error
    try:
        value = tomltext.parse(text)
    except ValueError as error:
        raise RulesUnusable(f"{file.name} is not TOML: {error}") from error
    return checked(rules_in(value, file.absolute().parent))


def kept_text(rules: Sequence[Rule]) -> str:
    """Return rules as text that ``kept_rules`` reads, for the store."""
    return json.dumps([{**asdict(rule), "path": str(rule.path)} for rule in rules])


def kept_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules in what ``kept_text`` gave. Raises ``RulesUnusable``."""
    tables = [
        {key: value for key, value in table.items() if value is not None}
        for table in json.loads(text)
    ]
    return rules_in({"folder": tables}, Path("/")) if tables else ()


def rules_in(value: Mapping[str, Any], beside: Path) -> tuple[Rule, ...]:
    """Return the rules in a parsed file; relative paths are meant from ``beside``.

    Raises:
        RulesUnusable: an unknown key, a value of another kind, no folder at all.
    """
    _no_others(value, {"folder"}, "the file")
    tables = value.get("folder")
    if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
        raise RulesUnusable("there is no [[folder]]")
    return tuple(_rule(table, number, beside) for number, table in enumerate(tables, start=1))


def checked(rules: Sequence[Rule], known: Sequence[Rule] = ()) -> tuple[Rule, ...]:
    """Return the rules if they get along: every folder is there, and none lies in another.

    Args:
        rules: New ones.
        known: Those that they join, checked before; their folders may be away now.

    Raises:
        RulesUnusable: two rules for one folder, or for a folder and one inside it.
        FolderUnreadable: a folder is not there.
    """
    places = [rule.path.resolve() for rule in known]
    for rule in rules:
        try:
            place = rule.path.resolve(strict=True)
        except OSError as error:
            raise FolderUnreadable(str(rule.path)) from error
        if not place.is_dir():
            raise FolderUnreadable(str(rule.path))
        for other in places:
            if place == other:
                raise RulesUnusable(f"two rules for {place}")
            if place.is_relative_to(other) or other.is_relative_to(place):
                raise RulesUnusable(f"{place} and {other} lie one in the other")
        places.append(place)
    return tuple(rules)


_KEYS: dict[str, type | tuple[type, ...]] = {
    "path": str,
    "dossier": str,
    "paper": str,
    "gather": str,
    "done": str,
    "same": str,
    "poll": bool,
    "quiet_seconds": (int, float),
}


def _rule(table: Mapping[str, Any], number: int, beside: Path) -> Rule:
    where = f"folder {number}"
    _no_others(table, set(_KEYS), where)
    for key, value in table.items():
        wanted = _KEYS[key]
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise RulesUnusable(f"{where}: {key} = {value!r} is of another kind")
        if value == "":
            raise RulesUnusable(f"{where}: {key} is empty")
    if "path" not in table:
        raise RulesUnusable(f"{where}: path is missing")
    quiet = float(table.get("quiet_seconds", QUIET_SECONDS))
    if not _LEAST_QUIET <= quiet <= _MOST_QUIET:
        raise RulesUnusable(f"{where}: quiet_seconds = {quiet:g} cannot be")
    return Rule(
        beside / Path(table["path"]).expanduser(),
        table.get("dossier"),
        table.get("paper"),
        _choice(Gather, table, "gather", Gather.PAGES, where),
        _choice(Done, table, "done", Done.MOVE, where),
        _choice(Same, table, "same", Same.ASK, where),
        table.get("poll", False),
        quiet,
    )


def _choice(
    kind: type[_Choice], table: Mapping[str, Any], key: str, default: _Choice, where: str
) -> _Choice:
    try:
        return kind(table.get(key, default))
    except ValueError:
        choices = ", ".join(kind)
        raise RulesUnusable(f"{where}: {key} = {table[key]!r} is none of {choices}") from None


def _no_others(table: Mapping[str, Any], known: set[str], where: str) -> None:
    if strange := sorted(table.keys() - known):
        raise RulesUnusable(f"{where}: unknown key {', '.join(strange)}")

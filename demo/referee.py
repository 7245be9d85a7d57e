"""A second opinion on what was received: asks the sandbox itself, with nothing of the product.

Plain HTTP, SHA-256, pikepdf's PDF/A validator and PDFium's text search. Knows no store.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pypdfium2
from pikepdf import pdfa

from demo.errors import DemoFailed

_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Received:
    """One file as the procedure system gives it to anybody who asks. ``part``: which paper."""

    part: str
    file: Path
    sha256: str
    bytes: int


class Referee:
    """Asks one procedure system that speaks OpenCPS v2's API."""

    def __init__(self, address: dict[str, str]) -> None:
        """Take the address as ``digitizer sandbox`` prints it."""
        self._url = address["url"]
        account = f"{address['user']}:{address['password']}".encode()
        self._headers = {
            "Authorization": f"Basic {base64.b64encode(account).decode()}",
            "groupId": address["group"],
            "Accept": "application/json",
        }

    def download(self, code: str, into: Path) -> list[Received]:
        """Download every file the system holds for a dossier, and hash it."""
        (dossier,) = self._json(f"/dossiers?dossierNo={quote(code)}")
        place = f"/dossiers/{dossier['dossierId']}/files"
        return [self._one(f"{place}/{row['referenceUid']}", row, into) for row in self._json(place)]

    def _one(self, path: str, row: dict[str, Any], into: Path) -> Received:
        with self._open(path) as answer:
            content = answer.read()
            name = answer.headers.get_filename() or row["referenceUid"]
        if not content:
            raise DemoFailed(f"the procedure system holds a file without bytes: {path}")
        file = into / Path(name).name
        file.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        return Received(row["dossierPartNo"], file, digest, len(content))

    def _json(self, path: str) -> list[dict[str, Any]]:
        with self._open(path) as answer:
            rows: list[dict[str, Any]] = json.load(answer)["data"]
        return rows

    def _open(self, path: str) -> Any:
        request = Request(f"{self._url}{path}", headers=self._headers)  # noqa: S310 - loopback
        return urlopen(request, timeout=_SECONDS)  # noqa: S310


def is_pdfa(file: Path) -> bool:
    """Tell whether a file is PDF/A-2b."""
    return pdfa.validate_written(file, "2b").passed


def text_of(file: Path) -> str:
    """Return the text a PDF viewer finds in a file, in one line, as precomposed letters."""
    with pypdfium2.PdfDocument(file) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return _one_line(" ".join(pages))


def words_found(truth: str, text: str) -> float:
    """Return which fraction of the words of ``truth`` stand in ``text``, wherever."""
    there = set(_words(text))
    wanted = _words(truth)
    return sum(word in there for word in wanted) / len(wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _one_line(text).casefold())


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())

"""PURE: separator sheets: what their codes hold, and what a sheet that was scanned says.

Our own payload is ``SHHS1;HS;<mã hồ sơ>;<check>`` (a new dossier; without a code: whichever comes
next) or ``SHHS1;GT;<mã TTHC>;<part>;<title>;<check>`` (a new paper; all empty: whichever comes
next). The number is its version, ``check`` five letters that prove the rest: no other code is
taken for one of ours, and a line that OCR misread neither. Other makers' Patch-T sheets begin the
next paper. Called by routing, and by what prints the sheets.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from digitizer.identifiers import is_dossier_code

PATCH_T = "PATCHT"
"""What Patch-T sheets hold in a bar code; a Kodak patch code T is told by the same text."""
HEADLINE = "TỜ PHÂN CÁCH"
"""What is printed on top of ours: a sheet with it whose codes are lost still parts papers."""

_VERSION = "1"
_DOSSIER, _PAPER = "HS", "GT"
_TITLE_LENGTH, _PARTING = 120, ";"
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that looks like another
_CHECK_LENGTH = 5
_WHOLE = re.compile(r"SHHS([0-9]+);([^;]*)((?:;[^;]*)*);([0-9A-Z]{5})")
_HEADLINE = re.compile(r"T[O0] ?PHAN ?CACH ?(H[O0] ?S[O0]|GIAY ?T[O0])?")


class Parts(StrEnum):
    """What a separator sheet begins."""

    DOSSIER = "dossier"
    PAPER = "paper"
    UNKNOWN = "unknown"  # surely a separator sheet, but of what cannot be told


class Separator(Struct, frozen=True):
    """What a separator sheet says.

    Attributes:
        parts: What begins after it.
        code: Mã hồ sơ of the dossier that begins; empty: not told.
        procedure: Mã TTHC in whose list ``part`` means something; empty: in any.
        part: Component code of the paper that begins; empty: not told.
        title: The paper's title, for people and for a list that numbers its papers otherwise.
    """

    parts: Parts
    code: str = ""
    procedure: str = ""
    part: str = ""
    title: str = ""


NEXT_DOSSIER = Separator(Parts.DOSSIER)
NEXT_PAPER = Separator(Parts.PAPER)
UNREADABLE = Separator(Parts.UNKNOWN)

HEADLINES = {Parts.DOSSIER: f"{HEADLINE} HỒ SƠ", Parts.PAPER: f"{HEADLINE} GIẤY TỜ"}


def payload(separator: Separator) -> str:
    """Return what the codes of a sheet hold. Raises ``ValueError`` for an ``UNKNOWN`` one."""
    if separator.parts is Parts.DOSSIER:
        fields = [_DOSSIER, separator.code]
    elif separator.parts is Parts.PAPER:
        fields = [_PAPER, separator.procedure, separator.part, carried(separator.title)]
    else:
        raise ValueError("a sheet that says nothing")
    text = ";".join([f"SHHS{_VERSION}", *(field.replace(_PARTING, ",") for field in fields)])
    return f"{text};{_check(text)}"


def carried(title: str) -> str:
    """Return what a sheet's codes hold of a paper's title: all but the end of a very long one."""
    whole = unicodedata.normalize("NFC", " ".join(title.split()))
    return whole[:_TITLE_LENGTH].strip().replace(_PARTING, ",")


def parsed(text: str) -> Separator | None:
    """Return what a decoded code says, or None where it is no separator's.

    One of a later version is a separator sheet all the same, of something unknown.
    """
    text = unicodedata.normalize("NFC", text.strip())
    if text == PATCH_T:
        return NEXT_PAPER
    found = _WHOLE.fullmatch(text)
    if found is None or _check(text[: -_CHECK_LENGTH - 1]) != found[4]:
        return None
    version, kind, fields = found[1], found[2], found[3].split(";")[1:]
    if version == _VERSION and kind == _DOSSIER and len(fields) == 1:
        if not fields[0] or is_dossier_code(fields[0]):
            return Separator(Parts.DOSSIER, code=fields[0])
    elif version == _VERSION and kind == _PAPER and len(fields) == 3:
        return Separator(Parts.PAPER, procedure=fields[0], part=fields[1], title=fields[2])
    return UNREADABLE


def of_codes(texts: Iterable[str]) -> Separator | None:
    """Return what the decoded codes of one side say together, or None: it is no separator sheet.

    A sheet of ours outdoes a Patch-T code; codes that contradict each other tell nothing.
    """
    said = {found for text in texts if (found := parsed(text)) is not None}
    if len(said) > 1:
        said.discard(NEXT_PAPER)
    if not said:
        return None
    return said.pop() if len(said) == 1 else UNREADABLE


def of_print(lines: Iterable[str]) -> Separator | None:
    """Return what the large printed lines of a side say, as OCR read them, or None.

    The payload stands on the sheet as text too: read without a mistake, which its check proves,
    it is as good as the code. A bare headline tells what the sheet parts, not what comes.
    """
    found: Separator | None = None
    for line in lines:
        exact = parsed("".join(line.split()).upper().replace(",", ";"))
        if exact is not None:
            return exact
        headline = _HEADLINE.match(_bare(line))
        if headline is not None and found is None:
            begins = headline[1] or ""
            found = UNREADABLE
            if begins:
                found = NEXT_DOSSIER if begins.startswith("H") else NEXT_PAPER
    return found


def _bare(line: str) -> str:
    """Return a line in capitals without its marks, which OCR loses first."""
    decomposed = unicodedata.normalize("NFD", line.upper().replace("Đ", "D"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).strip()


def _check(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    signs = []
    for _ in range(_CHECK_LENGTH):
        number, left = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[left])
    return "".join(signs)

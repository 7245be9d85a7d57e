"""Identifiers of Vietnamese administrative procedures: find and check them in any text.

PURE. Used by routing, proposing, the command line and the window. Shapes after §4 of the domain
facts: vendors lay out their codes differently, so identifiers are found by pattern, never by
position.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime
from urllib.parse import urlsplit

from msgspec import Struct

_DOSSIER = (
    r"(?:[0-9]{3}(?:\.[0-9]{2,3}){1,3}\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(?:\.[0-9]{2,3}){0,4})"
    r"-[0-9]{6}(?:[0-9]{2})?-[0-9]{4,7}"
)
_DOSSIER_ANYWHERE = re.compile(rf"(?<![0-9A-Z.\-]){_DOSSIER}(?![0-9A-Z\-])")
_DOSSIER_WHOLE = re.compile(_DOSSIER)
_LOCAL = re.compile(r"L-[0-9]{6}")
_PROCEDURE = re.compile(
    r"(?<![0-9.])([0-9])\.([0-9]{6})(?:\.[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})?"
)

_PARTING = re.compile(r"[\s|]+")
_BARE_LINK = re.compile(r"(?<![0-9a-z.\-])(?:[0-9a-z\-]+\.)+[a-z]{2,}(?::[0-9]+)?[/?#]", re.I)
"""A link as people write it, without ``https://``."""
_SCHEME = re.compile(r"^(?:[a-z][0-9a-z+.\-]*:)?//", re.I)
_LEAST_HOUSE = 3
"""Labels of a name that hosts of one office share: ``hai-duong.gov.vn``, never ``gov.vn``."""

_CITIZEN = re.compile(r"0[0-9]{2}[0-9][0-9]{2}[0-9]{6}")
_CARD_FIELDS = 7
_SEXES = ("Nam", "Nữ")


class CitizenCard(Struct, frozen=True):
    """What the QR of a citizen's card (CCCD, căn cước) holds.

    Attributes:
        number: Số định danh, 12 digits.
        old_number: Số CMND, or empty.
        name: Full name.
        born: Date of birth.
        sex: ``Nam`` or ``Nữ``.
        address: Place of residence.
        issued: When the card was, or None.
        rest: Fields that newer cards append, as they are.
    """

    number: str
    old_number: str
    name: str
    born: date
    sex: str
    address: str
    issued: date | None
    rest: tuple[str, ...] = ()


def one_line(text: str) -> str:
    """Return a name as it is kept: one line, single spaces, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def normal_code(text: str) -> str:
    """Return ``text`` as a dossier code is written: trimmed, upper case."""
    return text.strip().upper()


def is_dossier_code(text: str) -> bool:
    """Tell whether the whole of ``text`` has the shape of a mã hồ sơ."""
    return _DOSSIER_WHOLE.fullmatch(text) is not None


def is_local_code(text: str) -> bool:
    """Tell whether ``text`` is a local number, given to a dossier begun offline."""
    return _LOCAL.fullmatch(text) is not None


def local_code(number: int) -> str:
    """Return the local number's written form, ``L-000001``; never to be taken for a real one."""
    return f"L-{number:06d}"


def local_number(text: str) -> int | None:
    """Return the number in a local number's written form, or None where ``text`` is none."""
    return int(text[2:]) if is_local_code(text) else None


def dossier_codes(text: str) -> tuple[str, ...]:
    """Return every mã hồ sơ inside ``text`` (a decoded code, a line), in order, each once."""
    return tuple(dict.fromkeys(_DOSSIER_ANYWHERE.findall(text.upper())))


def spoken_codes(text: str, hosts: Collection[str] = ()) -> tuple[str, ...]:
    """Return the mã hồ sơ that a decoded code says its page is of, in order, each once.

    Not those in a link: it says where to look something up, and stands on any decision that a
    citizen brings along. A link to the procedure system's own house is its receipt's.

    Args:
        text: A decoded code.
        hosts: Names of the hosts that are the procedure system's.
    """
    said: list[str] = []
    for token in _PARTING.split(text):
        plain, link = _parted(token)
        said += dossier_codes(plain)
        if link and any(_same_house(host_of(link), own) for own in hosts):
            said += dossier_codes(link)
    return tuple(dict.fromkeys(said))


def _parted(token: str) -> tuple[str, str]:
    """Return what of ``token`` stands before a link, and the link; empty: there is none."""
    bare, at = _BARE_LINK.search(token), token.find("//")
    starts = [start for start in (bare.start() if bare else -1, at) if start >= 0]
    if not starts:
        return token, ""
    return token[: min(starts)], token[min(starts) :]


def host_of(address: str) -> str:
    """Return the host that an address names, with a scheme or without; empty: it names none."""
    try:
        return urlsplit(f"//{_SCHEME.sub('', address)}").hostname or ""
    except ValueError:
        return ""


def _same_house(host: str, own: str) -> bool:
    """Tell whether two hosts are one, or names beside each other under a name long enough to be
    one office's."""
    host, own = host.casefold(), own.casefold()
    if not host or not own:
        return False
    house = own.partition(".")[2]
    named = house.count(".") + 1 >= _LEAST_HOUSE and not house.replace(".", "").isdecimal()
    return host == own or (named and host.endswith(f".{house}"))


def same_procedure(one: str, other: str) -> bool:
    """Compare two mã TTHC by their national part: ``1.001776.000.00.00.H56`` is ``1.001776``."""
    first, second = _PROCEDURE.search(one), _PROCEDURE.search(other)
    if first is None or second is None:
        return one.strip() == other.strip()
    return first.groups() == second.groups()


def is_citizen_number(text: str) -> bool:
    """Tell whether ``text`` can be a số định danh: a province's three digits, one for century
    and sex, two for the year, six more (NĐ 137/2015, art. 13)."""
    return _CITIZEN.fullmatch(text) is not None


def citizen_card(text: str) -> CitizenCard | None:
    """Return what a citizen card's QR holds, or None where ``text`` is none.

    Seven fields parted by ``|`` (§4 of the domain facts); what follows is kept as it is.
    """
    fields = [field.strip() for field in text.strip().split("|")]
    if len(fields) < _CARD_FIELDS:
        return None
    number, old_number, name, born, sex, address, issued, *rest = fields
    birth = _date(born)
    if not is_citizen_number(number) or birth is None or sex not in _SEXES or not name:
        return None
    if old_number and not (old_number.isdecimal() and old_number.isascii()):
        return None
    return CitizenCard(number, old_number, name, birth, sex, address, _date(issued), tuple(rest))


def _date(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d%m%Y").date()
    except ValueError:
        return None

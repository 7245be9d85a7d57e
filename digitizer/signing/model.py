"""What signing is asked for and what it answers, as frozen values. PURE.

Spoken by ``session`` with whoever signs, and over the pipe with the programs that do the work.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from msgspec import Struct

from digitizer.signingrules import CopyKind as CopyKind
from digitizer.signingrules import KeyKind as KeyKind
from digitizer.signingrules import Look as Look

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in the page's own units, as the PDF's ``/Rect`` has them."""


class KeySource(Struct, frozen=True):
    """A private key's place.

    Attributes:
        kind: What sort of place.
        path: The ``.p12`` file, the maker's PKCS#11 library, or the service's ``wss://`` address.
        label: A token's label, as ``tokens`` tells them; "" for the only one that is plugged in,
            and for the other kinds.
        serial: Its serial number, where several bear the label; "" for any.
    """

    kind: KeyKind
    path: str
    label: str = ""
    serial: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the JSON object that ``from_json`` takes back."""
        return {
            "kind": self.kind.value,
            "path": self.path,
            "label": self.label,
            "serial": self.serial,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Parse what ``to_json`` made. Raises ``KeyError``, ``ValueError``."""
        return cls(
            KeyKind(value["kind"]), str(value["path"]), str(value["label"]), str(value["serial"])
        )


class Plugged(Struct, frozen=True):
    """A token that is plugged in. Labels are whatever their issuer wrote on all of them; the serial
    number is one token's own."""

    label: str
    serial: str

    def to_json(self) -> dict[str, str]:
        """Return the JSON object that ``from_json`` takes back."""
        return {"label": self.label, "serial": self.serial}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Parse what ``to_json`` made. Raises ``KeyError``, ``TypeError``."""
        return cls(str(value["label"]), str(value["serial"]))

    def __str__(self) -> str:
        """Name it as errors do, in any language; the serial number as tokens bear it."""
        return f"{self.label} (S/N {self.serial})".strip() if self.serial else self.label


class Certificate(Struct, frozen=True):
    """A signer's certificate, as it says itself. ``sha256``: its fingerprint, lower-case hex."""

    name: str
    organisation: str
    issuer: str
    serial: str
    sha256: str
    not_before: datetime
    not_after: datetime

    def to_json(self) -> dict[str, str]:
        """Return the JSON object that ``from_json`` takes back."""
        return {
            "name": self.name,
            "organisation": self.organisation,
            "issuer": self.issuer,
            "serial": self.serial,
            "sha256": self.sha256,
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Parse what ``to_json`` made. Raises ``KeyError``, ``TypeError``, ``ValueError``."""
        return cls(
            str(value["name"]),
            str(value["organisation"]),
            str(value["issuer"]),
            str(value["serial"]),
            str(value["sha256"]),
            datetime.fromisoformat(value["not_before"]),
            datetime.fromisoformat(value["not_after"]),
        )


class Stamp(Struct, frozen=True):
    """What is seen of a signature on page 1.

    Attributes:
        look: Personal or copy.
        name: The officer's full name; drawn by the personal look.
        agency: The agency's name; drawn by the copy's look.
        copy: The form of copy; None for the personal look.
        at: When it is signed; aware, drawn in its own zone.
    """

    look: Look
    name: str
    agency: str
    copy: CopyKind | None
    at: datetime

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that ``from_json`` takes back."""
        return {
            "look": self.look.value,
            "name": self.name,
            "agency": self.agency,
            "copy": self.copy.value if self.copy else None,
            "at": self.at.isoformat(),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Parse what ``to_json`` made. Raises ``KeyError``, ``TypeError``, ``ValueError``."""
        return cls(
            Look(value["look"]),
            str(value["name"]),
            str(value["agency"]),
            CopyKind(value["copy"]) if value["copy"] else None,
            datetime.fromisoformat(value["at"]),
        )


class Done(Struct, frozen=True):
    """What a signature came out as.

    Attributes:
        certificate: Whose it is.
        timestamped: A timestamp of the server that was named is in it.
        long_term: What proves the certificate good at that time is in the file as well.
        page: 1, the page it stands on; another one where the signing service put it there.
        box: Where on that page; all zero where it is not seen.
    """

    certificate: Certificate
    timestamped: bool
    long_term: bool
    page: int
    box: Rectangle

"""The signatures of PDFs from elsewhere, as frozen values. PURE.

Part of ``digitizer.model``, which hands them on; read by everything above.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from msgspec import Struct


class Standing(StrEnum):
    """What is known of a signature. Whether a certificate was revoked is not: that needs the
    network."""

    VALID = "valid"
    CHANGED = "changed"  # the file is not, or not provably, what was signed
    UNKNOWN_ISSUER = "unknown-issuer"  # whole, but by nobody the office has said it trusts


class Signature(Struct, frozen=True):
    """A signature in a PDF from elsewhere. ``at``: when, by the signer's own word."""

    signer: str
    at: datetime | None
    standing: Standing

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that ``from_json`` takes back."""
        return {
            "signer": self.signer,
            "at": self.at.isoformat() if self.at else None,
            "standing": self.standing.value,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Parse what ``to_json`` made. Raises ``KeyError``, ``TypeError``, ``ValueError``."""
        at = value["at"]
        return cls(
            str(value["signer"]),
            datetime.fromisoformat(at) if at else None,
            Standing(value["standing"]),
        )


class Origin(Struct, frozen=True):
    """The signed PDF that a page was rendered from: its blob, which of its pages, of how many."""

    sha256: str
    page: int
    pages: int


class Signed(Struct, frozen=True):
    """What a look at a signed PDF found: its signatures, and whether it is PDF/A-2b by chance."""

    signatures: tuple[Signature, ...]
    pdfa: bool

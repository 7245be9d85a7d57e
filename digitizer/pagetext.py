"""What a page says: its text as read and as mended, the changes between, and its key fields.

Made by OCR, kept in the store, shown by the command line and the window. PURE: frozen values.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from msgspec import Struct

Box = tuple[float, float, float, float]
"""Left, top, width and height in points from the top left of the upright page."""


class FieldName(StrEnum):
    """A key field of a paper."""

    NUMBER = "number"  # số, ký hiệu
    DATE = "date"  # ngày ban hành
    AGENCY = "agency"  # cơ quan ban hành
    SUBJECT = "subject"  # trích yếu
    SIGNER = "signer"  # người ký
    PERSON_NUMBER = "person-number"  # số định danh
    PERSON = "person"  # họ tên


class Check(StrEnum):
    """What the pattern of a number, code or date says of how it was read."""

    CHECKED = "checked"  # it is of its pattern, and what can be checked is right
    DOUBTFUL = "doubtful"  # it is not, or it was repaired
    NONE = "none"  # there is no pattern to check it by


class Change(Struct, frozen=True):
    """A word that was mended: as read, as it is now, and where it stands."""

    raw: str
    mended: str
    box: Box

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {"raw": self.raw, "mended": self.mended, "box": list(self.box)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return what ``to_json`` wrote."""
        return cls(str(value["raw"]), str(value["mended"]), _box(value["box"]))


class Field(Struct, frozen=True):
    """A key field as read.

    Attributes:
        name: Which.
        value: Its text, one line; dates as ``2026-11-25``.
        confidence: How sure its words are, 0 to 100.
        check: What its pattern says.
        box: Where it stands.
    """

    name: FieldName
    value: str
    confidence: float
    check: Check
    box: Box

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "name": self.name.value,
            "value": self.value,
            "confidence": self.confidence,
            "check": self.check.value,
            "box": list(self.box),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return what ``to_json`` wrote."""
        return cls(
            FieldName(value["name"]),
            str(value["value"]),
            float(value["confidence"]),
            Check(value["check"]),
            _box(value["box"]),
        )


class PageText(Struct, frozen=True):
    """The words of a page as plain text in NFC.

    Attributes:
        text: As mended: lines, an empty line between paragraphs.
        raw: As read.
        changes: From the one to the other, in reading order.
        fields: Key fields, in reading order.
    """

    text: str = ""
    raw: str = ""
    changes: tuple[Change, ...] = ()
    fields: tuple[Field, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "text": self.text,
            "raw": self.raw,
            "changes": [change.to_json() for change in self.changes],
            "fields": [field.to_json() for field in self.fields],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return what ``to_json`` wrote."""
        return cls(
            str(value["text"]),
            str(value["raw"]),
            tuple(Change.from_json(one) for one in value["changes"]),
            tuple(Field.from_json(one) for one in value["fields"]),
        )


def _box(value: Any) -> Box:
    left, top, width, height = (float(side) for side in value)
    return left, top, width, height

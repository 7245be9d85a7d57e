"""State secrets: what a page bears that marks it as one, and what the clerk said of it.

Frozen values and the rules on one page. PURE. Part of ``digitizer.model``: a marking that was
found is a fact, a decision another, and what follows of them is derived (decision 23). Dossiers
that hold state secrets are excluded from digital processing (domain facts §3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from msgspec import Struct

from digitizer.boxes import Box, text_of

_LONGEST_READ = 60


class Level(StrEnum):
    """What a marking says; the gravest last."""

    UNKNOWN = "unknown"  # nobody could look: the page was not to be read
    MAT = "mat"
    TOI_MAT = "toi-mat"
    TUYET_MAT = "tuyet-mat"

    @property
    def word(self) -> str:
        """The marking as it is stamped; empty where it is not known."""
        return _WORDS.get(self, "")

    @property
    def rank(self) -> int:
        """How grave it is."""
        return list(Level).index(self)


_WORDS = {Level.MAT: "MẬT", Level.TOI_MAT: "TỐI MẬT", Level.TUYET_MAT: "TUYỆT MẬT"}


class How(StrEnum):
    """How a marking was seen."""

    LINE = "line"  # a line of its own among the words that were read
    STAMP = "stamp"  # in a part of the image that was cut out and read by itself
    UNREAD = "unread"  # not at all: the page could not be read


class Mark(Struct, frozen=True):
    """A marking on an image.

    Attributes:
        read: What was read there.
        sure: 0 to 1.
        box: Where, in pixels of the image as stored; None: nowhere in particular.
    """

    level: Level
    how: How
    read: str = ""
    sure: float = 1.0
    box: Box | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "level": self.level.value,
            "how": self.how.value,
            "read": self.read[:_LONGEST_READ],
            "sure": round(self.sure, 2),
            "box": text_of(self.box),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Parse what ``to_json`` made. Raises ``KeyError``, ``TypeError``, ``ValueError``."""
        return cls(
            Level(value["level"]),
            How(value["how"]),
            str(value["read"])[:_LONGEST_READ],
            float(value["sure"]),
            Box.parse(str(value["box"])),
        )


UNREAD = Mark(Level.UNKNOWN, How.UNREAD, sure=0.0)
"""Of a page that no program could read: a person has to look at it."""


class Decision(Struct, frozen=True):
    """What a person said of an image.

    Attributes:
        secret: Whether it is (of) a state secret.
        levels: The markings that were known when it was said.
        by: Name of who said it; empty where nobody is named.
        at: When.
    """

    secret: bool
    levels: frozenset[Level]
    by: str
    at: datetime


class Secrecy(Struct, frozen=True):
    """What is known of one image.

    Attributes:
        marks: The markings on it, the gravest first.
        decision: What was said of it last, or None.
    """

    marks: tuple[Mark, ...] = ()
    decision: Decision | None = None

    @property
    def confirmed(self) -> bool:
        """Whether somebody said that it is a secret."""
        return self.decision is not None and self.decision.secret

    @property
    def undecided(self) -> bool:
        """Whether it bears a marking of which nobody has said anything."""
        known = self.decision.levels if self.decision else frozenset()
        return not self.confirmed and any(mark.level not in known for mark in self.marks)

    @property
    def stops(self) -> bool:
        """Whether nothing of its dossier may leave this machine."""
        return self.confirmed or self.undecided

    @property
    def worst(self) -> Mark | None:
        """The gravest marking, or None."""
        return self.marks[0] if self.marks else None


NO_MARKS = Secrecy()
"""Nothing was found and nothing said."""

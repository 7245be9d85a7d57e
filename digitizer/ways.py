"""PURE: what somebody said of a paper's way out, as frozen values of ``digitizer.model``.

A paper may be left here, bundled in a style of its own, or be one that is reused: component
states 2 and 3 of domain facts §5.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Style(StrEnum):
    """How images go into bundles: as they are, or parted into layers (``bundle.layers``)."""

    FAITHFUL = "faithful"
    COMPACT = "compact"


class Reuse(Struct, frozen=True):
    """A paper that was digitized before.

    Attributes:
        code: ``MaKetQuaThayThe``, the code of the earlier result that it is; empty: it is a
            component of another dossier.
        source: The id of the paper on this machine that its pages were taken from, or empty.
        batch: The id of the batch that these pages are; empty: none came along.
    """

    code: str = ""
    source: str = ""
    batch: str = ""

    @property
    def flag(self) -> str:
        """``DuocTaiSuDung`` of the national record: 1 a component, 2 an earlier result."""
        return "2" if self.code else "1"

    def holds(self, batches: Iterable[str]) -> bool:
        """Tell whether a paper whose pages that count are of these batches is reused still: pages
        scanned for this dossier are not."""
        found = set(batches)
        return found <= {self.batch} and bool(found or self.code) if self.batch else True


class Way(Struct, frozen=True):
    """How one paper goes out.

    Attributes:
        withheld: The clerk left it here: it is not sent before that is taken back.
        style: The style of its bundle; None: the home's.
        reuse: What it is reused from, as it was said; ``Paper.reuse`` tells whether it is so still.
    """

    withheld: bool = False
    style: Style | None = None
    reuse: Reuse | None = None


PLAIN = Way()
"""Nobody said anything."""

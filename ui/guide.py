"""The guide as the window reads it: its sections, its pictures made small, where words stand in it.

``docs/huong-dan.md`` in a checkout, the same file beside the code where it is installed. Reading
blocks: run by the bridge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from digitizer.sought import fold

NAME = "huong-dan.md"
_HEADING = re.compile(r"^(#{1,2}) (.+)$", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)([^)]+)\)")
"""A link to another file, which leads nowhere here."""


class Section(Struct, frozen=True):
    """One heading with what is below it. ``folded`` is its text, to be searched."""

    title: str
    text: str
    folded: str


class Guide(Struct, frozen=True):
    """The whole guide. ``pictures``: by the name that the text gives them."""

    sections: tuple[Section, ...] = ()
    pictures: Mapping[str, QImage] = field(default_factory=dict)

    def holding(self, words: str) -> tuple[int, ...]:
        """Return which sections hold some words, with or without diacritics."""
        wanted = fold(words.strip())
        return tuple(at for at, one in enumerate(self.sections) if wanted in one.folded)

    def at(self, heading: str) -> int:
        """Return which section's title begins with ``heading``; the first where none does."""
        found = (at for at, one in enumerate(self.sections) if one.title.startswith(heading))
        return next(found, 0)


def folder() -> Path:
    """Return where the guide lies."""
    here = Path(__file__).parent
    installed = here / "assets" / "guide"
    return installed if installed.is_dir() else here.parent / "docs"


def read(place: Path, width: int, ratio: float) -> Guide:
    """Read the guide; pictures are at most ``width`` wide (``ratio`` device pixels each).

    Raises:
        OSError: it is not there.
    """
    text = (place / NAME).read_text("utf-8")
    pictures = {name: _small(place / name, width, ratio) for name in _PICTURE.findall(text)}
    return Guide(sections(text), pictures)


def sections(text: str) -> tuple[Section, ...]:
    """PURE: return the sections of a text in Markdown, in order."""
    found = list(_HEADING.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    made = []
    for heading, end in zip(found, ends, strict=True):
        body = text[heading.start() : end].strip()
        made.append(
            Section(heading[2].strip(), _LINK.sub(r"\1", body), fold(_PICTURE.sub("", body)))
        )
    return tuple(made)


def _small(file: Path, width: int, ratio: float) -> QImage:
    reader = QImageReader(str(file), file.suffix[1:].encode())  # no other plug-in is asked
    size = reader.size()
    room = QSize(round(width * ratio), 10 * width)
    if size.width() > room.width():
        size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    image = reader.read()
    if not image.isNull() and image.size() != size:
        image = image.scaled(
            size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    image.setDevicePixelRatio(ratio)
    return image

"""Page files, and a signed PDF they are from, landing in a folder: durable, whole or not there.

Called by intake. A page appears under its final name only after its bytes are on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from PIL import Image

from digitizer import originals
from digitizer.durable import sync_folder
from digitizer.errors import ImageTooLarge, TooManyPages

MAX_PAGES = 2000
"""More than any feeder's day in one file; ``TooManyPages`` says the number in words."""
MAX_BYTES = 8 << 30
"""Of the pages of one file: 4 MB each, should there be ``MAX_PAGES``."""
_PNG_EFFORT = 3


class Landing:
    """Numbers page files ``0001.jpg``, ``0002.tif`` … in a folder."""

    def __init__(self, folder: Path, first: int) -> None:
        self._folder = folder
        self._next = first
        self._first = first
        self._bytes = 0
        self.files: list[Path] = []
        self.original: Path | None = None

    def land(self, suffix: str, write: Callable[[IO[bytes]], object]) -> Path:
        """Let ``write`` fill the next page and make it durable.

        Raises:
            TooManyPages: There are more than ``MAX_PAGES``.
            ImageTooLarge: There are more than ``MAX_BYTES`` of them.
        """
        if len(self.files) >= MAX_PAGES:
            raise TooManyPages
        final = self._write(f"{self._next:04d}{suffix}", write)
        self._next += 1
        self.files.append(final)
        self._bytes += final.stat().st_size
        if self._bytes > MAX_BYTES:
            raise ImageTooLarge(f"more than {MAX_BYTES >> 30} GB of pages")
        return final

    def land_pixels(self, page: Image.Image, dpi: tuple[float, float]) -> Path:
        """Land a page without a loss: two levels as a group 4 TIFF, 8-bit grey or RGB as PNG.

        Args:
            page: The pixels.
            dpi: Dots per inch across and down.
        """
        if page.mode == "1":
            return self.land(
                ".tif", lambda file: page.save(file, "TIFF", compression="group4", dpi=dpi)
            )
        return self.land(
            ".png", lambda file: page.save(file, "PNG", dpi=dpi, compress_level=_PNG_EFFORT)
        )

    def keep_original(self, write: Callable[[IO[bytes]], object]) -> None:
        """Let ``write`` fill the file that the pages are from, to be kept beside them."""
        self.original = self._write(originals.name(self._first, len(self.files)), write)

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """Give a name in the folder for a file that is needed on the way; it is gone after."""
        path = self._folder / ".aside"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _write(self, name: str, write: Callable[[IO[bytes]], object]) -> Path:
        final = self._folder / name
        part = final.with_suffix(".part")
        try:
            with part.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(self._folder)
        return final

    def take_back(self) -> None:
        """Remove every page landed: the file they are from proved unreadable further on."""
        for file in (*self.files, *([self.original] if self.original else [])):
            file.unlink(missing_ok=True)
        self.files.clear()
        self.original = None
        sync_folder(self._folder)

"""Tesseract's own library in this process: its language data is loaded once, not page by page.

Called by ``tesseract`` alone, which asks the program where there is no library. A page that brings
the library down takes the process along: whoever started that sees a crash, as of any program.
"""

from __future__ import annotations

import ctypes
import functools
import math
import os
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ctypes import POINTER, byref, c_bool, c_char_p, c_float, c_int, c_void_p
from typing import Any

from PIL import Image

from digitizer.errors import ProgramCrashed, ProgramTimeout
from digitizer.pages.wordtable import Box, Word

_LIBRARY = "libtesseract.so.5"
_VERSION_SECONDS = 10.0
_BLOCK, _PARAGRAPH, _LINE, _WORD = range(4)
"""Levels of ``TessPageIteratorLevel``."""
_PIECES = {
    "TessVersion": (c_char_p, ()),
    "TessBaseAPICreate": (c_void_p, ()),
    "TessBaseAPIDelete": (None, (c_void_p,)),
    "TessBaseAPIInit3": (c_int, (c_void_p, c_char_p, c_char_p)),
    "TessBaseAPISetVariable": (c_bool, (c_void_p, c_char_p, c_char_p)),
    "TessBaseAPISetPageSegMode": (None, (c_void_p, c_int)),
    "TessBaseAPISetImage": (None, (c_void_p, c_char_p, c_int, c_int, c_int, c_int)),
    "TessBaseAPIRecognize": (c_int, (c_void_p, c_void_p)),
    "TessBaseAPIGetIterator": (c_void_p, (c_void_p,)),
    "TessBaseAPIClear": (None, (c_void_p,)),
    "TessMonitorCreate": (c_void_p, ()),
    "TessMonitorDelete": (None, (c_void_p,)),
    "TessMonitorSetDeadlineMSecs": (None, (c_void_p, c_int)),
    "TessResultIteratorDelete": (None, (c_void_p,)),
    "TessResultIteratorGetPageIterator": (c_void_p, (c_void_p,)),
    "TessResultIteratorGetUTF8Text": (c_void_p, (c_void_p, c_int)),
    "TessResultIteratorConfidence": (c_float, (c_void_p, c_int)),
    "TessDeleteText": (None, (c_void_p,)),
    "TessPageIteratorNext": (c_bool, (c_void_p, c_int)),
    "TessPageIteratorIsAtBeginningOf": (c_bool, (c_void_p, c_int)),
    "TessPageIteratorBoundingBox": (c_bool, (c_void_p, c_int, *[POINTER(c_int)] * 4)),
}
"""What is used of its C interface: the type of each answer, those of the arguments."""


@functools.cache
def opened(language: str) -> Recogniser | None:
    """Return the library with the data of ``language``, loaded once.

    None where it is not to be had, or is of another version than the program: the two read alike.
    """
    if os.name != "posix":
        return None
    os.environ["OMP_THREAD_LIMIT"] = "1"  # looked at when it is loaded
    try:
        library = ctypes.CDLL(_LIBRARY)
        for name, (answer, arguments) in _PIECES.items():
            piece = getattr(library, name)
            piece.restype, piece.argtypes = answer, arguments
    except (OSError, AttributeError):
        return None
    if library.TessVersion().decode() != _version_of_program():
        return None
    api = library.TessBaseAPICreate()
    # Else it tells whoever reads the standard error what puzzled it on a page.
    quiet = library.TessBaseAPISetVariable(api, b"debug_file", os.devnull.encode())
    if not quiet or library.TessBaseAPIInit3(api, None, language.encode()) != 0:
        library.TessBaseAPIDelete(api)
        return None
    return Recogniser(library, api)


def _version_of_program() -> str | None:
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, timeout=_VERSION_SECONDS, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return said.decode("utf-8", "replace").splitlines()[0].removeprefix("tesseract ")


class Recogniser:
    """The library, ready to read pages one after the other; for one thread at a time."""

    def __init__(self, library: Any, api: int) -> None:
        """``library``: with its types; ``api``: its handle, language data loaded."""
        self._library = library
        self._api = api
        # A signal is heard by Python only between its own steps: the main thread must not be in
        # the library, or a program whose parent died would read its page to the end.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tesseract")

    def read(
        self, page: Image.Image, dpi: float, segmentation: int, timeout: float, **variables: str
    ) -> list[Word]:
        """Read an 8-bit grey page, as the program would.

        Args:
            page: Upright and level.
            dpi: Its resolution.
            segmentation: Tesseract's page segmentation mode.
            timeout: Seconds after which it is given up.
            variables: Tesseract's settings; must be the same for all pages.

        Raises:
            ProgramTimeout, ProgramCrashed: as they say.
        """
        task = self._thread.submit(self._read, page, dpi, segmentation, timeout, variables)
        return task.result()

    def _read(
        self,
        page: Image.Image,
        dpi: float,
        segmentation: int,
        timeout: float,
        variables: dict[str, str],
    ) -> list[Word]:
        library, api = self._library, self._api
        for name, value in {**variables, "user_defined_dpi": str(round(dpi))}.items():
            if not library.TessBaseAPISetVariable(api, name.encode(), value.encode()):
                raise ProgramCrashed(f"tesseract knows no {name}")
        library.TessBaseAPISetPageSegMode(api, segmentation)
        pixels = page.tobytes()
        deadline = time.monotonic() + timeout
        monitor = library.TessMonitorCreate()
        try:
            library.TessMonitorSetDeadlineMSecs(monitor, math.ceil(timeout * 1000))
            library.TessBaseAPISetImage(api, pixels, page.width, page.height, 1, page.width)
            if library.TessBaseAPIRecognize(api, monitor) == 0:
                return list(self._words())
        finally:
            library.TessMonitorDelete(monitor)
            library.TessBaseAPIClear(api)
        if time.monotonic() >= deadline:
            raise ProgramTimeout("tesseract")
        raise ProgramCrashed("tesseract, library")

    def _words(self) -> Iterator[Word]:
        """Yield what was read, numbered as in Tesseract's own table.

        That table costs four times as much to ask for, for it looks up the line's beginning
        again and again.
        """
        library = self._library
        result = library.TessBaseAPIGetIterator(self._api)
        if not result:
            return
        place = library.TessResultIteratorGetPageIterator(result)
        block = paragraph = line = 0
        try:
            while True:
                box = self._box(place)
                if box is not None:  # a picture has no word
                    if library.TessPageIteratorIsAtBeginningOf(place, _LINE):
                        if library.TessPageIteratorIsAtBeginningOf(place, _BLOCK):
                            block, paragraph = block + 1, 0
                        if library.TessPageIteratorIsAtBeginningOf(place, _PARAGRAPH):
                            paragraph, line = paragraph + 1, 0
                        line += 1
                    text = self._text(result)
                    if text:
                        sure = library.TessResultIteratorConfidence(result, _WORD)
                        yield Word(text, float(f"{sure:f}"), box, (block, paragraph, line))
                if not library.TessPageIteratorNext(place, _WORD):
                    return
        finally:
            library.TessResultIteratorDelete(result)

    def _box(self, place: int) -> Box | None:
        left, top, right, bottom = c_int(), c_int(), c_int(), c_int()
        sides = (byref(left), byref(top), byref(right), byref(bottom))
        if not self._library.TessPageIteratorBoundingBox(place, _WORD, *sides):
            return None
        return Box(left.value, top.value, right.value - left.value, bottom.value - top.value)

    def _text(self, result: int) -> str:
        text = self._library.TessResultIteratorGetUTF8Text(result, _WORD)
        if not text:
            return ""
        try:
            said = ctypes.string_at(text).decode("utf-8", "replace")
        finally:
            self._library.TessDeleteText(text)
        return unicodedata.normalize("NFC", said.strip())

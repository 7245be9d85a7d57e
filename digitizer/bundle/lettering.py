"""A font of this machine with Vietnamese letters, for what we print ourselves.

Called by ``bundle.sheets``. Nothing is shipped: every desk has such a font.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import ImageFont

from digitizer.errors import ToolMissing

PROGRAMS = ("fc-match",)
"""What is asked for fonts."""
_FAMILIES = ("Noto Sans", "Liberation Sans", "DejaVu Sans", "Arial")
_FILES = ("arialbd.ttf", "segoeuib.ttf", "tahomabd.ttf", "arial.ttf")
_NEEDED = "ếỗặỰỳĐ"
_SECONDS = 20.0


@cache
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """Return a heavy sans serif of ``pixels``. Raises ``ToolMissing``."""
    return ImageFont.truetype(str(_file()), pixels)


@cache
def _file() -> Path:
    for file in _candidates():
        if file.suffix.lower() in (".ttf", ".otf", ".ttc") and file.is_file() and _writes(file):
            return file
    raise ToolMissing("a font with Vietnamese letters (package fonts-noto-core)")


def _candidates() -> Iterator[Path]:
    if shutil.which("fc-match"):
        for family in _FAMILIES:
            asked = subprocess.run(
                ["fc-match", "-f", "%{file}", f"{family}:bold:lang=vi"],
                capture_output=True,
                text=True,
                check=False,
                timeout=_SECONDS,
            )
            yield Path(asked.stdout.strip())
    windows = os.environ.get("WINDIR")
    if windows:
        for name in _FILES:
            yield Path(windows) / "Fonts" / name


def _writes(file: Path) -> bool:
    """Tell whether a font has the letters; a letter it lacks looks like any other it lacks."""
    try:
        found = ImageFont.truetype(str(file), 40)
    except OSError:
        return False
    absent = bytes(found.getmask("\uffff"))
    return all(bytes(found.getmask(letter)) != absent for letter in _NEEDED)

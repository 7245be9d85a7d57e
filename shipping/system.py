"""Which libraries of a Linux system the frozen tree needs, and in which Debian packages they lie.

The tree brings what came in Python packages and Python itself; everything else is the system's,
which mends it. What is needed is read off the files of the tree; a library that no row names stops
the making.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PACKAGES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgio-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libsane.so.1": "libsane1",
    "libssl.so.3": "libssl3t64 | libssl3",
    "libcrypto.so.3": "libssl3t64 | libssl3",
    "libsqlite3.so.0": "libsqlite3-0",
    "libffi.so.8": "libffi8",
    "libbz2.so.1.0": "libbz2-1.0",
    "liblzma.so.5": "liblzma5",
    "libexpat.so.1": "libexpat1",
    "libuuid.so.1": "libuuid1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
}
"""Library → what brings it, in Debian's words; a newer release's name first."""

LOADED = (
    "libsane1",  # by SANE's binding, and its own back ends
    "sane-airscan",
    "ca-certificates",
    "tesseract-ocr",
    "tesseract-ocr-osd",
    "tesseract-ocr-vie",
    "fonts-noto-core | fonts-dejavu-core",
    "fonts-liberation",
    "libegl1",
    "libgl1",
)
"""What is needed and no file of the tree names: loaded at run time, or run."""

RECOMMENDED = ("fontconfig", "ipp-usb", "sane-utils", "xdg-utils")
"""Choosing fonts; driverless scanners on the USB; finding out why a scanner is silent; showing a
PDF in the program that the desktop has for it."""

_OF_LIBC = re.compile(
    r"(libc|libm|libdl|libresolv|librt|libpthread|libutil|libcrypt|ld-linux-x86-64)\.so\.\d"
)
_NEEDED = re.compile(r"^  NEEDED +(\S+)$", re.MULTILINE)
_LIBC = re.compile(r"\bGLIBC_2\.(\d+)\b")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a tree needs: names of libraries that are not in it, and the oldest libc that serves
    (the number behind ``2.``)."""

    libraries: tuple[str, ...]
    libc: int


class UnknownLibraries(Exception):
    """Libraries that no package is known for."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"no package is known that brings {', '.join(names)}: "
            "leave out what needs it (shipping/contents.py), or name the package in "
            "shipping/system.py"
        )


def needs_of(tree: Path) -> Needs:
    """Read what the programs and libraries of ``tree`` need."""
    everything = sorted(tree.rglob("*"))
    files = [file for file in everything if _is_elf(file)]
    said = "".join(
        subprocess.run(
            ["objdump", "-p", *files[at : at + 200]], capture_output=True, text=True, check=True
        ).stdout
        for at in range(0, len(files), 200)
    )
    return needs(said, {file.name for file in everything})


def needs(said: str, inside: set[str]) -> Needs:
    """PURE: the same, from what ``objdump -p`` says of all files, and their names."""
    wanted = {name for name in _NEEDED.findall(said) if name not in inside}
    libc = max((int(number) for number in _LIBC.findall(said)), default=0)
    return Needs(tuple(sorted(name for name in wanted if not _OF_LIBC.match(name))), libc)


def depends(found: Needs) -> tuple[str, ...]:
    """PURE: return the relations of a Debian package, in order.

    Raises:
        UnknownLibraries: a library has no row.
    """
    unknown = [name for name in found.libraries if name not in PACKAGES]
    if unknown:
        raise UnknownLibraries(unknown)
    named = {*LOADED, *(PACKAGES[name] for name in found.libraries)}
    return (f"libc6 (>= 2.{found.libc})", *sorted(named))


def _is_elf(file: Path) -> bool:
    if not file.is_file() or file.is_symlink():
        return False
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"

"""What goes into the frozen tree, for ``packaging/digitizer.spec`` on every platform.

PyInstaller follows import statements. What is loaded by a name in a string it cannot see: our own
modules, all of which are taken, and the few of other packages that are named here.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("digitizer", "drivers", "ui")
GUIDE = "docs/huong-dan.md"

LAZY = (
    "keyring.backends",
    "pyrage",
    "pytesseract.pytesseract",
    "sqlcipher3.dbapi2",
    "uvicorn.lifespan.on",
    "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.h11_impl",
    "websockets.asyncio.server",
    "zeroconf._handlers.answers",
    "zeroconf._utils.ipaddress",
)
"""Modules of other packages that are loaded by name, or by compiled modules."""
WITH_METADATA = ("keyring", "PySide6-Essentials", "starlette")
"""Distributions whose metadata is asked for: a keyring's back ends, what the doctor tells."""
WITH_DATA = ("pikepdf", "pyhanko", "zeroconf", "certifi")
"""Packages with files of their own beside their code."""
LEFT_OUT = (
    "tkinter", "curses", "readline", "idlelib", "pydoc_data", "lib2to3", "test", "ensurepip",
    "pip", "setuptools", "demo", "tests", "shipping",
    "matplotlib", "pandas", "IPython", "pytest", "uvloop", "httptools",
    "PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL",
)  # fmt: skip
"""Modules that are imported somewhere and needed nowhere."""
ABSENT = {"win32": ("sane", "_sane", "fcntl", "resource"), "linux": ("msvcrt", "winreg")}
"""Modules that a platform does not have: the code that wants them does without."""

_UNNEEDED = re.compile(
    r"PySide6/Qt/(?:translations/|qml/|plugins/(?:egldeviceintegrations|generic|networkinformation"
    r"|tls)/|plugins/platformthemes/libqgtk3|plugins/platforms/libq(?:eglfs|linuxfb|minimal|vkkhr"
    r"|vnc))|(?:PySide6/Qt/lib/)?libQt6(?:EglF[Ss]\w*|Network)\.so"
    r"|[^/]+\.dist-info/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$"
)
"""Parts of Qt for machines without X11 or Wayland, its network, a theme that needs GTK, its own
dialogs' translations: the program uses none of them, and they ask for more of the system. And what
an installer noted of where it put things."""

_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


def own_modules(root: Path = ROOT) -> tuple[str, ...]:
    """Return the dotted names of all our modules, in order."""
    found = []
    for package in PACKAGES:
        for file in (root / package).rglob("*.py"):
            steps = file.relative_to(root).with_suffix("").parts
            found.append(".".join(steps[:-1] if steps[-1] == "__init__" else steps))
    return tuple(sorted(found))


def data_files(root: Path = ROOT) -> tuple[tuple[str, str], ...]:
    """Return the files that the program reads beside its code: path in the checkout, folder in
    the tree."""
    beside = [
        *(root / "digitizer/storage/schema").glob("*.sql"),
        root / "digitizer/pages/syllables.bin",
        *(root / "digitizer/signing/font").iterdir(),
        *(one for one in (root / "ui/assets").iterdir() if one.is_file()),
    ]
    found = [(file.relative_to(root).as_posix(), file.parent.relative_to(root)) for file in beside]
    guide = root / GUIDE
    pictures = dict.fromkeys(_PICTURE.findall(guide.read_text("utf-8")))
    for name in (guide.name, *pictures):
        file = guide.parent / name
        into = Path("ui/assets/guide") / PurePosixPath(name).parent
        found.append((file.relative_to(root).as_posix(), into))
    return tuple(sorted((file, into.as_posix()) for file, into in found))


def is_unneeded(inside: str) -> bool:
    """Tell whether a file of the tree, by its path there, is left out."""
    return _UNNEEDED.match(inside.replace("\\", "/")) is not None


def stays_with_the_system(inside: str, source: str) -> bool:
    """Tell whether a library that PyInstaller found is left to a Linux system, which mends it.

    Taken along are what came in Python packages, Python itself, and the one library whose name
    differs between the releases that are served.

    Args:
        inside: Its path in the tree.
        source: Its path on the building machine.
    """
    name = PurePosixPath(inside)
    if len(name.parts) > 1 or name.name.startswith(("libpython", "libmpdec")):
        return False
    return source.startswith(("/lib/", "/lib64/", "/usr/lib/")) and ".so" in name.name

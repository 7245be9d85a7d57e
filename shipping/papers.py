"""Puts licences and the bill of materials into a tree: ``python -m shipping.papers TREE``.

Run by the Python of the frozen environment, which alone knows what is in it.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from digitizer import __version__
from shipping import licences, sbom
from shipping.licences import Licensed

LICENCES, BILL = "licences.txt", "sbom.cdx.json"
FREEZER = "pyinstaller"
"""Its start program, which may go along with any program, is in the tree."""


def main() -> None:
    """Write both; ends with words where a licence is not allowed."""
    tree = Path(sys.argv[1])
    found = licences.of_lock()
    bad = [f"{one.name}: {one.trouble}" for one in found if one.trouble]
    if bad:
        raise SystemExit("; ".join(bad))
    (tree / LICENCES).write_text(licences.texts([one.name for one in found]), "utf-8")
    start = licences.of_package(FREEZER)
    others = (
        Licensed("cpython", platform.python_version(), "PSF-2.0", ""),
        Licensed(start.name, start.version, "GPL-2.0-or-later WITH Bootloader-exception", ""),
    )
    at = int(os.environ["SOURCE_DATE_EPOCH"])
    (tree / BILL).write_text(sbom.made(__version__, found, others=others, at=at), "utf-8")


if __name__ == "__main__":
    main()

"""The check program: ``python -m digitizer.bundle.check FILE`` tells whether it is PDF/A-2b,
whatever signatures it bears."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from digitizer import programs
from digitizer.confinement import Rights
from digitizer.errors import FileMissing
from digitizer.signing import archival


def main(argv: list[str]) -> Any:
    """Run the program."""
    (name,) = argv
    if not Path(name).is_file():
        raise FileMissing(name)
    fault = archival.fault(Path(name))
    return {"pdfa": not fault, "findings": [fault] if fault else []}


if __name__ == "__main__":
    programs.serve(main, lambda argv: Rights(reads=tuple(argv)))

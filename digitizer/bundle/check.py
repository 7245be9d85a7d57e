"""The check program: ``python -m digitizer.bundle.check FILE`` tells whether it is PDF/A-2b."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pikepdf import pdfa

from digitizer import programs
from digitizer.confinement import Rights
from digitizer.errors import FileMissing


def main(argv: list[str]) -> Any:
    """Run the program."""
    (name,) = argv
    if not Path(name).is_file():
        raise FileMissing(name)
    report = pdfa.validate_written(Path(name), "2b")
    return {"pdfa": report.passed, "findings": [str(finding) for finding in report.findings[:20]]}


if __name__ == "__main__":
    programs.serve(main, lambda argv: Rights(reads=tuple(argv)))

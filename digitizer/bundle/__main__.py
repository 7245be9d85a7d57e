"""The bundle program: ``python -m digitizer.bundle REQUEST.json`` prints what it made as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from digitizer import programs
from digitizer.bundle import making
from digitizer.bundle.request import BundleRequest
from digitizer.confinement import Rights


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: the files that its request names, and the bundle's folder."""
    request = _request(argv)
    files = [file for page in request.pages for file in (page.image, page.text_pdf) if file]
    return Rights(reads=(*argv, *files), writes=(request.out.parent,))


def _request(argv: list[str]) -> BundleRequest:
    (file,) = argv
    return BundleRequest.from_json(json.loads(Path(file).read_text(encoding="utf-8")))


def main(argv: list[str]) -> Any:
    """Run the program."""
    return making.make(_request(argv)).to_json()


if __name__ == "__main__":
    programs.serve(main, rights)

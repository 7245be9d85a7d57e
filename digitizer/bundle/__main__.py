"""The bundle program: ``python -m digitizer.bundle REQUEST.json`` prints what it made as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from digitizer import programs
from digitizer.bundle import making
from digitizer.bundle.request import BundleRequest


def main(argv: list[str]) -> Any:
    """Run the program."""
    (file,) = argv
    request = BundleRequest.from_json(json.loads(Path(file).read_text(encoding="utf-8")))
    return making.make(request).to_json()


if __name__ == "__main__":
    programs.serve(main)

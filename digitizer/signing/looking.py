"""Looks at files before and after they are signed: without key, PIN or network.

A program (``python -m digitizer.signing.looking``) that a ``Session`` keeps. ``place FILE STAMP``
answers where and how the stamp goes; ``judge SOURCE SIGNED SHA256`` what the signature that was
added is worth. What it reads may be hostile, so it is not the program that holds the key.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from digitizer import programs
from digitizer.pages import raster
from digitizer.signing import ground, lines, placing, verdict
from digitizer.signing.face import Face
from digitizer.signing.model import Stamp


class Looker:
    """The program: what it reads once, it keeps."""

    def __init__(self) -> None:
        self._face = Face()

    def main(self, argv: list[str]) -> Any:
        """Answer one question."""
        match argv:
            case ["place", file, stamp]:
                return self._place(Path(file), Stamp.from_json(json.loads(stamp)))
            case ["judge", source, signed, sha256]:
                done = verdict.judge(Path(source), Path(signed), sha256)
                return {
                    "certificate": done.certificate.to_json(),
                    "timestamped": done.timestamped,
                    "long_term": done.long_term,
                    "page": done.page,
                    "box": done.box,
                }
        raise ValueError(argv[:1])

    def _place(self, file: Path, stamp: Stamp) -> dict[str, Any]:
        raster.check_present(file)
        frame, covered = ground.look(file)
        said = tuple(self._face.settable(part) for part in lines.words(stamp))
        shapes = lines.shapes(said, self._face.width, frame.size[0])
        found = placing.place(covered, shapes, stamp.look)
        return {
            "box": frame.counted(found.box),
            "white": found.white,
            "lines": found.shape.lines,
            "size": found.shape.size,
            "width": found.shape.width,
            "height": found.shape.height,
            "turn": frame.turn,
            "unit": frame.unit,
        }


if __name__ == "__main__":
    for library in ("pyhanko", "pyhanko_certvalidator"):  # they name the signers, at length
        logging.getLogger(library).setLevel(logging.CRITICAL)
    programs.serve(Looker().main)

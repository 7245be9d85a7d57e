"""Skew: is a page made level to a tenth of a degree?

Rendered pages lie askew by what is known. A scanned page of the folder lies askew by itself, which
nobody knows: measured is the difference between it as it is and rotated by a known angle.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from PIL import Image

from digitizer.pages import reading
from tests.bench.table import Figure
from tests.eval import _scene, turn

_LIMIT, _LEVEL = 14.0, 15.0
_WANTED, _FAR = 0.1, 0.3


def measure(data: Path) -> list[Figure]:
    """Measure skew."""
    chance = random.Random(5)
    figures = []
    for told, pages in (
        ("the folder's pages", _scene.real_pages(data)),
        ("rendered", turn.rendered()),
    ):
        errors = dict(_errors(pages, chance))
        if not errors:
            continue
        middle = median(errors.values())
        far = sorted(name for name, error in errors.items() if error > _FAR)
        within = sum(error <= _WANTED for error in errors.values()) / len(errors)
        figures.append(
            Figure(
                f"{told}, rotated {len(errors)} times: median error of the skew (degrees)",
                f"{middle:.3f}; {within:.0%} within {_WANTED}, off by more than {_FAR}: "
                f"{', '.join(far) or 'none'}",
                target=f"≤ {_WANTED}",
                met=middle <= _WANTED,
            )
        )
    return figures


def _errors(
    pages: Iterator[tuple[str, Image.Image, float]], chance: random.Random
) -> Iterator[tuple[str, float]]:
    for name, image, dpi in pages:
        base = _skew(image, dpi)
        for angle in (chance.uniform(-_LIMIT, _LIMIT), chance.uniform(-3.0, 3.0)):
            if abs(angle) + abs(base) >= _LEVEL:
                continue
            fill = 1 if image.mode == "1" else (250, 250, 250) if image.mode == "RGB" else 250
            askew = image.convert("L").rotate(
                -angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255 if fill == 1 else 250
            )
            if image.mode == "1":
                askew = askew.point(lambda level: 255 * (level > 128))
            error = abs(_skew(askew, dpi) - base + angle)
            yield f"{name} by {angle:.1f}", error


def _skew(image: Image.Image, dpi: float) -> float:
    return reading.measure(_scene.scan_of(image, dpi)).skew

"""Page size: is the paper found inside a scan that is larger, and nothing of a page cut off?

Rendered: sheets of several sizes on dark, grey and white lids, askew, at 150 and 300 dpi. Of the
folder's pages nothing light may be cropped off: that would be paper.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from digitizer.model import Reading
from digitizer.pages import reading
from tests.bench.table import Figure
from tests.eval import _scene
from tests.eval._scene import A4, A5, CARD, Scene

_LIDS = {"dark": 28, "grey": 150, "light grey": 222, "white": 253}
_PAPER_CUT_MM = 1.0
_LONG = (216.0, 356.0)
_LIGHT, _LIGHT_SHARE = 160, 0.03


@dataclass(frozen=True, slots=True)
class _Result:
    lid: str
    found: bool
    sure: bool
    error_mm: float
    cut_mm: float


def measure(data: Path) -> list[Figure]:
    """Measure page sizes."""
    results = [_judged(lid, scene) for lid, scene in scenes()]
    figures = []
    for lid in _LIDS:
        mine = [result for result in results if result.lid == lid]
        sure = [result for result in mine if result.sure]
        errors = [result.error_mm for result in sure]
        figures.append(
            Figure(
                f"rendered, {lid} lid: sheets cropped by themselves, median edge error (mm)",
                f"{len(sure)} of {len(mine)} ({sum(r.found for r in mine)} found), "
                f"{median(errors) if errors else math.nan:.2f}",
            )
        )
    wrong = [result for result in results if result.sure and result.cut_mm > _PAPER_CUT_MM]
    errors = [result.error_mm for result in results if result.sure]
    figures.append(
        Figure(
            "rendered: median edge error of crops (mm)",
            f"{median(errors):.2f}",
            target="≤ 1",
            met=median(errors) <= 1,
        )
    )
    figures.append(
        Figure(
            f"rendered: crops that cut more than {_PAPER_CUT_MM:g} mm off a sheet",
            f"{len(wrong)} of {len(errors)}",
            target="0",
            met=not wrong,
        )
    )
    off = [_light_cut_off(image, dpi) for _, image, dpi in _scene.real_pages(data)]
    if off:
        cropped = [share for share in off if share is not None]
        figures.append(
            Figure(
                f"the folder's pages: cropped, and paper with it, of {len(off)}",
                f"{len(cropped)}, {sum(share > _LIGHT_SHARE for share in cropped)}",
                target="no paper",
                met=all(share <= _LIGHT_SHARE for share in cropped),
            )
        )
    return figures


def _light_cut_off(image: Image.Image, dpi: float) -> float | None:
    """Return how much of what a crop takes off a page is light; None where it takes nothing."""
    found = reading.measure(_scene.scan_of(image, dpi))
    if found.own_box is None:
        return None
    level = image.convert("L").rotate(-found.skew, Image.Resampling.BILINEAR, fillcolor=0)
    outside = Image.new("1", image.size, 1)
    outside.paste(0, tuple(found.own_box.to_json()))
    taken = np.asarray(level)[np.asarray(outside)]
    return float((taken > _LIGHT).mean()) if taken.size else None


def scenes() -> list[tuple[str, Scene]]:
    """Return the rendered scans with the name of their lid."""
    sheets = {
        "A4": (_scene.stack_page("cong-van"), A4, _LONG),
        "form": (_scene.stack_page("to-khai"), A4, (216.0, 330.0)),
        "A5": (_scene.stack_page("giay-cam-doan"), A5, A4),
        "blank A5": (_scene.stack_page("mat-sau-trang"), A5, A4),
        "receipt": (_scene.receipt_roll(170.0), (80.0, 170.0), A4),
        "card": (_scene.card(1), CARD, A4),
    }
    made = []
    grid = itertools.product(_LIDS.items(), sheets.items(), (150.0, 300.0))
    for seed, ((lid, level), (name, (image, size, canvas)), dpi) in enumerate(grid):
        askew = (0.0, 0.7, -1.8, 3.4, -4.6)[seed % 5]
        at = ((0.0, 0.0), (0.5, 0.5), (0.3, 0.1))[seed % 3]
        tall = size[1] > 290
        scene = _scene.laid(
            image,
            size,
            (canvas[0] + (24 if tall and abs(askew) > 1 else 0), canvas[1]),
            level,
            dpi=dpi,
            askew=askew,
            at=at,
            seed=seed,
            shadow=25.0 if level > 200 and seed % 2 else 0.0,
        )
        made.append((lid, Scene(f"{name} {dpi:g} {askew:g}", scene.image, dpi, scene.corners)))
    return made


def _judged(lid: str, scene: Scene) -> _Result:
    found = reading.measure(_scene.scan_of(scene.image, scene.dpi))
    error, cut = _errors(found, scene)
    return _Result(lid, found.crop is not None, found.crop_sure, error, cut)


def _errors(found: Reading, scene: Scene) -> tuple[float, float]:
    """Return the mean distance of the box's sides from the sheet's, and the most it cuts off."""
    if found.crop is None:
        return math.nan, 0.0
    radians = math.radians(found.skew)
    middle_x, middle_y = found.width / 2, found.height / 2
    level = [
        (
            (x - middle_x) * math.cos(radians) - (y - middle_y) * math.sin(radians) + middle_x,
            (x - middle_x) * math.sin(radians) + (y - middle_y) * math.cos(radians) + middle_y,
        )
        for x, y in scene.corners
    ]
    xs, ys = [x for x, _ in level], [y for _, y in level]
    mm = 25.4 / scene.dpi
    inward = (
        (found.crop.left - min(xs)) * mm,
        (found.crop.top - min(ys)) * mm,
        (max(xs) - found.crop.right) * mm,
        (max(ys) - found.crop.bottom) * mm,
    )
    return sum(abs(side) for side in inward) / 4, max(inward)


def looked_at(scene: Scene) -> Image.Image:
    """Return a scene as it is cropped, to look at."""
    scan = _scene.scan_of(scene.image, scene.dpi)
    found = reading.measure(scan)
    return reading.levelled(scan, found.turn, found.skew, found.own_box, 60.0)

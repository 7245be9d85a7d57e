"""Where an image lies on its page: turn, skew and crop as a transform; no pixel is touched.

PURE. Called by the container writer.
"""

from __future__ import annotations

import math

from digitizer.bundle.request import BundlePage

_EXACT = {0: (1.0, 0.0), 90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}


def image_matrix(page: BundlePage) -> tuple[float, float, float, float, float, float]:
    """Return the PDF matrix that puts the unit square of the image upright and level.

    The image turns about its centre. That lies on the centre of the page, or, where only a box
    of the image is the page, as far from it as the image's centre is from the box's: what is
    outside the box falls outside the page.
    """
    across = page.width * 72.0 / page.dpi_x
    down = page.height * 72.0 / page.dpi_y
    page_across, page_down = page.points
    if page.skew:
        angle = math.radians(page.turn + page.skew)
        cos, sin = math.cos(angle), math.sin(angle)
    else:
        cos, sin = _EXACT[page.turn]
    # Clockwise on a page whose y axis points up.
    a, b = across * cos, -across * sin
    c, d = down * sin, down * cos
    off_right, off_down = _off_centre(page)
    return a, b, c, d, (page_across - a - c) / 2 + off_right, (page_down - b - d) / 2 - off_down


def _off_centre(page: BundlePage) -> tuple[float, float]:
    """Return how far, in points to the right and down on the upright page, the centre of the
    image is from the centre of the page."""
    if page.box is None:
        return 0.0, 0.0
    across = (page.width - page.box.left - page.box.right) / 2 * 72.0 / page.dpi_x
    down = (page.height - page.box.top - page.box.bottom) / 2 * 72.0 / page.dpi_y
    cos, sin = _EXACT[page.turn]
    return across * cos - down * sin, across * sin + down * cos


def numbers(*values: float) -> str:
    """Write numbers as a content stream wants them."""
    return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") or "0" for value in values).replace(
        "-0 ", "0 "
    )

"""Coloured seals and signatures, faded in the raster that OCR sees.

Called by OCR alone: the page image keeps them. Ink of a seal is light in its own colour's channel
and black print is dark in all three, so the lightest channel shows the print below the seal. Only
large coloured shapes are faded: coloured print stays as dark as it is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import Image

from digitizer.pages import clusters, raster, reading
from digitizer.pages.clusters import Patch
from digitizer.pages.ink import Mask

_LOOK_DPI, _FADE_DPI = 75.0, 150.0
Colours = NDArray[np.uint8]
"""Indexed [row, column, channel]."""
_COLOURED, _CELL_MM, _INKED_CELL = 60, 1.5, 0.12
_LEAST_MM, _MOST_MM = 11.0, 75.0
_FLATTEST = 4.0
_MARGIN_MM = 1.5
_LIFT = 1.5


def faded(scan: reading.Scan, image: Path) -> reading.Scan:
    """Return ``scan`` with the seals and signatures of ``image`` faded; itself where it has none.

    Raises what ``raster.opened`` raises.
    """
    coarse = colours(image, scan, _LOOK_DPI)
    if coarse is None:
        return scan
    vivid = _vivid(coarse)
    patches = clusters.find(vivid, max(2, round(_CELL_MM / 25.4 * _LOOK_DPI)), _INKED_CELL)
    seals = [patch for patch in patches if _seal(patch)]
    fine = colours(image, scan, _FADE_DPI) if seals else None
    if fine is None:
        return scan
    page = scan.page.copy()
    for patch in seals:
        _fade(page, fine, patch, vivid.shape)
    return replace(scan, page=page)


def colours(image: Path, scan: reading.Scan, dpi: float) -> Colours | None:
    """Return the image's colours at about ``dpi`` or finer as [row, column, channel], or None for
    one without."""
    with raster.opened(image) as opened:
        if opened.mode not in ("RGB", "YCbCr", "P", "RGBA"):
            return None
        size = (
            max(8, round(scan.width * dpi / scan.resolution.x)),
            max(8, round(scan.height * dpi / scan.resolution.y)),
        )
        opened.draft("RGB", size)
        page = raster.plain(opened)
        if page.mode != "RGB":
            return None
        return np.asarray(page.resize(size, Image.Resampling.BOX, reducing_gap=2.0))


def _vivid(colours: Colours) -> Mask:
    red, green, blue = (colours[:, :, channel] for channel in range(3))
    darkest = np.minimum(np.minimum(red, green), blue)
    out: Mask = _lightest(colours) - darkest >= _COLOURED
    return out


def _lightest(colours: Colours) -> NDArray[np.uint8]:
    """Return the lightest channel of each pixel."""
    red, green, blue = (colours[:, :, channel] for channel in range(3))
    return np.maximum(np.maximum(red, green), blue)


def _seal(patch: Patch) -> bool:
    """Tell whether a coloured patch has the size and shape of a seal or a signature."""
    across, down = (side / _LOOK_DPI * 25.4 for side in (patch.width, patch.height))
    return (
        min(across, down) >= _LEAST_MM
        and max(across, down) <= _MOST_MM
        and across <= _FLATTEST * down
    )


def _fade(page: Image.Image, colours: Colours, patch: Patch, seen: tuple[int, ...]) -> None:
    """Put the lightest channel in place of the grey of a patch, lifted where it is coloured.

    Args:
        page: Changed in place.
        colours: Of the whole page.
        patch: What to fade, in pixels of the page as ``seen`` (rows, columns).
        seen: How large it was looked at.
    """
    margin = _MARGIN_MM / 25.4 * _LOOK_DPI
    top, bottom = ((y / seen[0]) for y in (patch.top - margin, patch.top + patch.height + margin))
    left, right = ((x / seen[1]) for x in (patch.left - margin, patch.left + patch.width + margin))
    rows, columns = colours.shape[:2]
    cut = colours[
        max(0, round(top * rows)) : max(0, round(bottom * rows)),
        max(0, round(left * columns)) : max(0, round(right * columns)),
    ]
    lightest = _lightest(cut)
    lifted = np.minimum(lightest * np.float32(_LIFT), 255).astype(np.uint8)
    grey = Image.fromarray(np.where(_vivid(cut), lifted, lightest))
    place = (max(0, round(left * page.width)), max(0, round(top * page.height)))
    size = (
        round(cut.shape[1] / columns * page.width),
        round(cut.shape[0] / rows * page.height),
    )
    page.paste(grey.resize(size, Image.Resampling.BICUBIC), place)

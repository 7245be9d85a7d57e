"""Ink: which pixels of a page differ from its paper. The ground that blank, turn and skew stand on.

PURE. Called by the measures of this package. Arrays are indexed [row, column] from the top left.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Mask = NDArray[np.bool_]
Levels = NDArray[np.float32]

_PAPER_CELL = 12


def contrast(page: Image.Image) -> Levels:
    """Return how much darker than the paper around it each pixel is, 0 to 1.

    The paper is followed over the page, so that colour, shadows and yellowing do not count.

    Args:
        page: 8-bit grey, at 75 to 150 dpi.
    """
    width, height = page.size
    cells = (max(1, width // _PAPER_CELL), max(1, height // _PAPER_CELL))
    # The lightest neighbourhood of a cell is paper unless the cell lies in a large dark area.
    paper = page.resize(cells, Image.Resampling.BOX).filter(ImageFilter.MaxFilter(5))
    paper = paper.filter(ImageFilter.GaussianBlur(2)).resize(page.size, Image.Resampling.BILINEAR)
    light = np.asarray(paper, dtype=np.float32)
    out: Levels = light - np.asarray(page)
    np.maximum(out, 0.0, out=out)
    out /= np.maximum(light, 32.0)
    return out


def without_rules(ink: Mask, longest: int) -> Mask:
    """Return ``ink`` without its runs longer than ``longest`` pixels, across or down.

    Form rules, page edges and dark borders go; letters stay.
    """
    return ink & ~runs(ink.T, longest + 1).T & ~runs(ink, longest + 1)


def runs(mask: Mask, least: int) -> Mask:
    """Mark the pixels of every run of ``least`` set pixels or more down ``mask``.

    A run is where ``least`` copies of the mask, each moved by one, are all set; it is grown back
    the same way. Copies are taken twice as many at each step.
    """
    kept = mask
    for step in _doubling(least):
        if step >= kept.shape[0]:
            return np.zeros_like(mask)
        kept = kept[:-step] & kept[step:]
    for step in _doubling(least):
        grown = np.zeros_like(kept, shape=(kept.shape[0] + step, kept.shape[1]))
        grown[:-step] = kept
        grown[step:] |= kept
        kept = grown
    return kept


def _doubling(length: int) -> Iterator[int]:
    """Yield by how much to move each time until ``length`` pixels are covered."""
    done = 1
    while done < length:
        step = min(done, length - done)
        yield step
        done += step

"""How a page looks from afar: a coarse grid of inked cells, see ``digitizer.looks``.

PURE. Called by ``pages.reading``.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from digitizer.looks import COLUMNS, ROWS
from digitizer.pages import ink

_INKED = 0.06


def of(page: Image.Image) -> str:
    """Return the look of a page as hexadecimal digits.

    Args:
        page: 8-bit grey, upright and level, at about 100 dpi.
    """
    levels = Image.fromarray(ink.contrast(page))
    cells = np.asarray(levels.resize((COLUMNS, ROWS), Image.Resampling.BOX), dtype=np.float32)
    return np.packbits(cells >= _INKED).tobytes().hex()

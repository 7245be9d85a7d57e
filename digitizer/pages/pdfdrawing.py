"""The single image that a page of a PDF draws, and how it lies there.

PURE over a page that qpdf has parsed; called by ``pages.pdfimage``. Anything on the page that could
be seen, or that could hide a part of the image, ends in None. Knows nothing of pixels.
"""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf
from msgspec import Struct
from msgspec.structs import replace

_MOST_CONTENT = 1 << 20
_WHOLE_PAGE = 0.97
_STRAIGHT = 0.01
_INVISIBLE = 3
_HARMLESS_NAMES = """
    q Q cm gs w J j M d i ri W W* n re  BT ET Tf Tr Td TD Tm T* Tj TJ Tz Tc Tw TL Ts ' "
    BMC BDC EMC MP DP  g G rg RG k K cs CS sc SC scn SCN
"""
_HARMLESS = frozenset(_HARMLESS_NAMES.split())
_SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_PAINTS = frozenset(("g", "rg", "k", "cs", "sc", "scn"))
_BLACK = frozenset(("g", "rg"))


Span = tuple[float, float]


class Drawn(Struct, frozen=True):
    """An image drawn on a page.

    Attributes:
        name: Its name among the page's resources.
        matrix: Maps its unit square to points.
        black: Whether a stencil drawn so is painted black.
    """

    name: str
    matrix: pikepdf.Matrix
    black: bool


class Placed(Struct, frozen=True):
    """How the image of a whole page lies on it.

    Attributes:
        turn: Degrees clockwise that its pixels are turned to be upright, after ``mirrored``.
        mirrored: Whether left and right are to be exchanged.
        dpi: Dots per inch across and down, along the image as stored.
    """

    turn: int
    mirrored: bool
    dpi: tuple[float, float]


class _State(Struct, frozen=True):
    """What ``q`` saves: text mode, and whether what is filled is filled black."""

    matrix: pikepdf.Matrix
    mode: int
    black: bool


def only_image(page: pikepdf.Page) -> Drawn | None:
    """Return the single image of a page that shows nothing else, or None."""
    if len(page.obj.get("/Annots", ())):
        return None
    contents = page.obj.Contents
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if sum(len(part.read_bytes()) for part in parts) > _MOST_CONTENT:
        return None  # a scan says what it shows in a line; nobody parses a flood
    stack: list[_State] = []
    state = _State(pikepdf.Matrix(), 0, True)
    path: list[pikepdf.Rectangle] = []
    drawn: list[Drawn] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = list(instruction.operands), str(instruction.operator)
        if name == "Do":
            drawn.append(Drawn(str(operands[0]), state.matrix, state.black))
        elif name not in _HARMLESS or _hides(page, name, operands, path):
            return None
        elif name == "q":
            stack.append(state)
        elif name == "Q" and stack:
            state = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*(float(value) for value in operands))
            state = replace(state, matrix=matrix @ state.matrix)
        elif name == "re":
            path.append(_rectangle(operands, state.matrix))
        elif name == "n":
            path.clear()
        elif name == "Tr":
            state = replace(state, mode=int(operands[0]))
        elif name in _PAINTS:
            black = name in _BLACK and not any(float(value) for value in operands)
            state = replace(state, black=black)
        elif name in _SHOWS_TEXT and state.mode != _INVISIBLE:
            return None
    return drawn[0] if len(drawn) == 1 else None


def _hides(
    page: pikepdf.Page,
    name: str,
    operands: Sequence[pikepdf.Object],
    path: list[pikepdf.Rectangle],
) -> bool:
    """Tell whether an operator may keep a part of what is drawn after it from being seen."""
    if name == "BDC":
        return str(operands[0]) == "/OC"  # a layer, which may be switched off
    if name == "gs":
        return not _is_plain(page.resources.ExtGState[str(operands[0])])
    if name in ("W", "W*"):
        across, up = _page_spans(page)
        return len(path) != 1 or not all(
            _alike((max(low, side[0]), min(high, side[1])), side)
            for (low, high), side in (
                ((path[0].llx, path[0].urx), across),
                ((path[0].lly, path[0].ury), up),
            )
        )
    return False


def _is_plain(state: pikepdf.Object) -> bool:
    """Tell whether a graphics state paints images just as they are."""
    return (
        state.get("/SMask", "/None") == "/None"
        and float(state.get("/ca", 1)) == 1.0
        and state.get("/BM", "/Normal") in ("/Normal", "/Compatible")
        and not {"/TR", "/TR2"} & set(state.keys())
    )


def _rectangle(operands: Sequence[pikepdf.Object], matrix: pikepdf.Matrix) -> pikepdf.Rectangle:
    x, y, width, height = (float(value) for value in operands)
    (left, right), (bottom, top) = _spans(x, width, y, height)
    return matrix.transform(pikepdf.Rectangle(left, bottom, right, top))


def place(page: pikepdf.Page, image: pikepdf.Object, matrix: pikepdf.Matrix) -> Placed | None:
    """Return how ``image`` lies on ``page``; None where it is not all of it, or is askew."""
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    if abs(b) + abs(c) < _STRAIGHT:
        turn, size = 0 if a > 0 else 180, (abs(a), abs(d))
    elif abs(a) + abs(d) < _STRAIGHT:
        turn, size = 90 if b < 0 else 270, (abs(b), abs(c))
    else:
        return None
    across, up = _page_spans(page)
    lies = _spans(matrix.e, matrix.a + matrix.c, matrix.f, matrix.b + matrix.d)
    if not _alike(lies[0], across) or not _alike(lies[1], up):
        return None  # a part of the page, or the page shows a part of it
    unit = float(page.obj.get("/UserUnit", 1))
    dpi = tuple(
        pixels * 72.0 / (points * unit)
        for pixels, points in zip((int(image.Width), int(image.Height)), size, strict=True)
    )
    turned = turn + int(page.rotation)
    return None if turned % 90 else Placed(turned % 360, mirrored, (dpi[0], dpi[1]))


def _page_spans(page: pikepdf.Page) -> tuple[Span, Span]:
    """Return the ends of what is seen of a page, in points across and up."""
    box = [float(side) for side in page.cropbox.as_list()]
    return _spans(box[0], box[2] - box[0], box[1], box[3] - box[1])


def _spans(x: float, across: float, y: float, up: float) -> tuple[Span, Span]:
    """Return the lower and the upper end of a box, across and up."""
    return (min(x, x + across), max(x, x + across)), (min(y, y + up), max(y, y + up))


def _alike(span: Span, page: Span) -> bool:
    """Tell whether ``span`` is as good as all of ``page``."""
    slack = (1 - _WHOLE_PAGE) * (page[1] - page[0])
    return abs(span[0] - page[0]) <= slack and abs(span[1] - page[1]) <= slack

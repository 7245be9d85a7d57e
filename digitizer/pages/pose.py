"""How a page lies: turn and skew, and how sure the turn is.

Called by reading. Asks the shape of the text lines first (``level``, ``upright``), and Tesseract
only in doubt.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from msgspec import Struct
from PIL import Image

from digitizer.errors import ProgramCrashed, ProgramTimeout, ToolMissing
from digitizer.pages import ink, level, marks, raster, tesseract, upright

INK = 0.25
RULE_INCHES = 0.5
SURE = 0.5
"""The confidence from which a page is turned."""

_FULL, _SQUARE_DEGREES, _LETTER_MM, _FEWEST_IN_LINES = 0.01, 0.3, (1.2, 11.0), 6
_BALANCE_DPI = (100.0, 150.0)
_LINES_EITHER_WAY = 1.6
_SHARP = 3.0
_UPRIGHT_CERTAINTY, _TURNED_CERTAINTY, _SOME_CERTAINTY = 2.5, 3.5, 1.0
_LEAN_THAT_MATTERS = 0.4
_OSD_DPI = 300.0
_OSD_CONFIDENCE, _OSD_CONFIDENCE_AGREEING = 3.0, 1.0
_OSD_SECONDS = 30.0
_PLAIN_DPI, _LEGIBLE_PIXELS, _LEGIBLE_SECONDS = 150.0, 2_200_000, 12.0
_FEWEST_LETTERS, _TIMES_AS_MANY = 12, 2.5
_UNSURE = 0.49
_SPARSE, _AROUND_MM = 0.002, 8.0
"""The share of ink below which Tesseract is not asked: a line of text has as much."""

At = Callable[[float], Image.Image]
"""Dots per inch → the page as stored, 8-bit grey, at that resolution both ways."""


class Pose(Struct, frozen=True):
    """How a page lies.

    Attributes:
        turn: 0, 90, 180 or 270 degrees clockwise to be upright.
        skew: Further degrees clockwise to be level.
        confidence: How sure ``turn`` is, 0 to 1; below ``SURE`` it is not the page's own word.
        hurried: True where a time limit cut the asking short.
    """

    turn: int
    skew: float
    confidence: float
    hurried: bool = False


class _Turn(Struct, frozen=True):
    turn: int
    confidence: float
    hurried: bool = False


def find(at: At, exif_turn: int, inked: ink.Mask, dpi: float, edges: float = 0.0) -> Pose:
    """Return how a page lies that is not blank.

    Args:
        at: The page at any resolution.
        exif_turn: What its file's EXIF says, believed where nothing else tells.
        inked: Its ink, as stored.
        dpi: The resolution of ``inked``.
        edges: The skew of the paper's edges, gone by where there are no lines to tell.
    """
    text = ink.without_rules(inked, round(RULE_INCHES * dpi))
    across, down = level.lean(text), level.lean(text.T)
    best = max(across, down, key=lambda lean: lean.strength)
    # Lines that run down the stored image run across the image turned by 90 degrees, and lean
    # the other way, because transposing mirrors.
    back = -down.angle + 0.0  # no minus before a zero
    leans = {0: across.angle, 180: across.angle, 90: back, 270: back}
    if best.sharpness < _SHARP or not _lined(text, across, down, dpi):
        leans = dict.fromkeys(leans, edges)
        if text.mean() < _SPARSE:
            return _posed(_read_each_way(at, exif_turn, leans, _part(inked, dpi)), leans)
        return _posed(_asked(at, exif_turn, leans), leans)
    if best.strength < _LINES_EITHER_WAY * min(across.strength, down.strength):
        return _posed(_asked(at, exif_turn, leans), leans)
    ways = ((90, 270), (0, 180)) if best is down else ((0, 180), (90, 270))
    leaning, certainty = _leaning(at, ways[0], leans)
    if leaning.confidence >= SURE:
        return _posed(leaning, leans)
    other = across if best is down else down
    if other.sharpness >= _SHARP:
        # The same words below each other make lines both ways, as in a list or a table.
        second, other_certainty = _leaning(at, ways[1], leans)
        if second.confidence >= SURE:
            return _posed(second, leans)
        if abs(other_certainty) > abs(certainty):
            leaning, certainty = second, other_certainty
    else:
        leans = {turn: leans[turn] for turn in ways[0]}
    hint = leaning.turn if abs(certainty) >= _SOME_CERTAINTY else None
    return _posed(_asked(at, exif_turn, leans, hint), leans)


def _lined(text: ink.Mask, across: level.Lean, down: level.Lean, dpi: float) -> bool:
    """Tell whether a page has lines to be level by: many letters, or rules that cross squarely.
    One stroke of a pen leans as it was drawn, and a signature has few."""
    if text.mean() >= _FULL:
        return True
    both = min(across.sharpness, down.sharpness) >= _SHARP
    if both and abs(across.angle + down.angle) <= _SQUARE_DEGREES:
        return True
    shortest, longest = (mm / 25.4 * dpi for mm in _LETTER_MM)
    levels = text.astype(np.float32)
    sides = (max(mark.height, mark.width) for mark in marks.found(text, levels, levels))
    return sum(shortest <= side <= longest for side in sides) >= _FEWEST_IN_LINES


def _leaning(at: At, choices: tuple[int, int], leans: dict[int, float]) -> tuple[_Turn, float]:
    """Return which of two opposite turns the lines say, and how certain they are of it."""
    certainty = _certainty(at, choices[0], leans[choices[0]])
    upright = certainty > 0 and choices[0] == 0
    sure = _confidence(abs(certainty), _UPRIGHT_CERTAINTY if upright else _TURNED_CERTAINTY)
    return _Turn(choices[0] if certainty > 0 else choices[1], sure), certainty


def _posed(found: _Turn, leans: dict[int, float]) -> Pose:
    # A turn that none of the choices is was believed without them.
    skew = leans.get(found.turn, next(iter(leans.values())))
    return Pose(found.turn, skew, found.confidence, found.hurried)


def _confidence(measured: float, enough: float) -> float:
    """Return a confidence that is ``SURE`` where ``measured`` is ``enough``."""
    return round(min(1.0, SURE * max(measured, 0.0) / enough), 3)


def _certainty(at: At, turn: int, skew: float) -> float:
    """Return how surely the page is upright after ``turn``, in standard errors."""
    # Short pieces of lines are weighed, so that a small lean does not matter.
    lean = skew if abs(skew) >= _LEAN_THAT_MATTERS else 0.0
    found = []
    for dpi in _BALANCE_DPI:
        inked = ink.contrast(raster.levelled(at(dpi), turn, lean)) >= INK
        text = ink.without_rules(inked, round(RULE_INCHES * dpi))
        found.append(upright.balance(text, dpi).certainty)
    return sum(found) / len(found)


def _asked(at: At, exif_turn: int, leans: dict[int, float], leaning: int | None = None) -> _Turn:
    """Ask Tesseract; below its confidence believe the file's EXIF, which mostly says 0.

    Args:
        at: The page at any resolution.
        exif_turn: What the file's EXIF says.
        leans: What may be answered, and the skew that goes with it.
        leaning: What the lines themselves say, not surely enough: two weak voices that agree
            are enough.
    """
    try:
        said = tesseract.orientation(at(_OSD_DPI), _OSD_DPI, _OSD_SECONDS)
        enough = _OSD_CONFIDENCE_AGREEING if said.turn == leaning else _OSD_CONFIDENCE
        confidence = _confidence(said.confidence, enough)
        if confidence >= SURE and said.turn in leans:
            return _Turn(said.turn, confidence)
        return _legible(at, leans) or _Turn(exif_turn, min(confidence, _UNSURE))
    except ToolMissing:
        return _Turn(exif_turn, 0.0)
    except ProgramTimeout:
        return _Turn(exif_turn, 0.0, hurried=True)


def _read_each_way(at: At, exif_turn: int, leans: dict[int, float], part: _Part) -> _Turn:
    """Tell the turn of a page with too little on it for Tesseract to judge, which it takes its
    time over: a page number, a stamp."""
    try:
        return _legible(lambda dpi: part.of(at(dpi)), leans) or _Turn(exif_turn, 0.0)
    except ToolMissing:
        return _Turn(exif_turn, 0.0)
    except ProgramTimeout:
        return _Turn(exif_turn, 0.0, hurried=True)


class _Part(Struct, frozen=True):
    """A part of a page, as shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def of(self, page: Image.Image) -> Image.Image:
        """Cut it out of a page."""
        across, down = page.size
        return page.crop((
            round(self.left * across), round(self.top * down),
            round(self.right * across), round(self.bottom * down),
        ))  # fmt: skip


def _part(inked: ink.Mask, dpi: float) -> _Part:
    """Return the part of a page that holds all its ink, with some paper around it."""
    margin = round(_AROUND_MM / 25.4 * dpi)
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    if not rows.size:
        return _Part(0.0, 0.0, 1.0, 1.0)
    height, width = inked.shape
    return _Part(
        max(0, int(columns[0]) - margin) / width,
        max(0, int(rows[0]) - margin) / height,
        min(width, int(columns[-1]) + 1 + margin) / width,
        min(height, int(rows[-1]) + 1 + margin) / height,
    )


def _legible(at: At, leans: dict[int, float]) -> _Turn | None:
    """Read the page each way: the way that gives words is up. Slow, and the last resort.

    Raises:
        ToolMissing: as it says.
        ProgramTimeout: one way took too long: so would the others.
    """
    plain = at(_PLAIN_DPI)
    # Small sheets have small letters, and time for more of their pixels.
    finer = math.sqrt(_LEGIBLE_PIXELS / (plain.width * plain.height))
    dpi = min(max(_PLAIN_DPI, _PLAIN_DPI * finer), _OSD_DPI)
    letters = {}
    clean = raster.whitened(at(dpi))
    for turn, lean in leans.items():
        page = raster.levelled(clean, turn, lean)
        try:
            letters[turn] = tesseract.legible_letters(page, dpi, _LEGIBLE_SECONDS)
        except ProgramCrashed:
            letters[turn] = 0
    best, second = sorted(letters, key=lambda turn: letters[turn], reverse=True)[:2]
    if letters[best] < _FEWEST_LETTERS or letters[best] < _TIMES_AS_MANY * letters[second]:
        return None
    return _Turn(best, round(1.0 - SURE * _TIMES_AS_MANY * letters[second] / letters[best], 3))

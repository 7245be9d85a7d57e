"""How a page lies: turn and skew, and how sure the turn is.

Called by reading. Asks the shape of the text lines first (``level``, ``upright``), and Tesseract
only in doubt.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from digitizer.errors import ProgramCrashed, ProgramTimeout, ToolMissing
from digitizer.pages import ink, level, raster, tesseract, upright

INK = 0.25
RULE_INCHES = 0.5
SURE = 0.5
"""The confidence from which a page is turned."""

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

At = Callable[[float], Image.Image]
"""Dots per inch → the page as stored, 8-bit grey, at that resolution both ways."""


@dataclass(frozen=True, slots=True)
class Pose:
    """How a page lies.

    Attributes:
        turn: 0, 90, 180 or 270 degrees clockwise to be upright.
        skew: Further degrees clockwise to be level.
        confidence: How sure ``turn`` is, 0 to 1; below ``SURE`` it is not the page's own word.
    """

    turn: int
    skew: float
    confidence: float


@dataclass(frozen=True, slots=True)
class _Turn:
    turn: int
    confidence: float


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
    leans = {0: across.angle, 180: across.angle, 90: -down.angle, 270: -down.angle}
    if best.sharpness < _SHARP:
        leans = dict.fromkeys(leans, edges)
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


def _leaning(at: At, choices: tuple[int, int], leans: dict[int, float]) -> tuple[_Turn, float]:
    """Return which of two opposite turns the lines say, and how certain they are of it."""
    certainty = _certainty(at, choices[0], leans[choices[0]])
    upright = certainty > 0 and choices[0] == 0
    sure = _confidence(abs(certainty), _UPRIGHT_CERTAINTY if upright else _TURNED_CERTAINTY)
    return _Turn(choices[0] if certainty > 0 else choices[1], sure), certainty


def _posed(found: _Turn, leans: dict[int, float]) -> Pose:
    # A turn that none of the choices is was believed without them.
    return Pose(found.turn, leans.get(found.turn, next(iter(leans.values()))), found.confidence)


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


def _legible(at: At, leans: dict[int, float]) -> _Turn | None:
    """Read the page each way: the way that gives words is up. Slow, and the last resort."""
    plain = at(_PLAIN_DPI)
    # Small sheets have small letters, and time for more of their pixels.
    finer = math.sqrt(_LEGIBLE_PIXELS / (plain.width * plain.height))
    dpi = min(max(_PLAIN_DPI, _PLAIN_DPI * finer), _OSD_DPI)
    letters = {}
    for turn, lean in leans.items():
        page = raster.levelled(at(dpi), turn, lean)
        try:
            letters[turn] = tesseract.legible_letters(page, dpi, _LEGIBLE_SECONDS)
        except (ProgramTimeout, ProgramCrashed):
            letters[turn] = 0
    best, second = sorted(letters, key=lambda turn: letters[turn], reverse=True)[:2]
    if letters[best] < _FEWEST_LETTERS or letters[best] < _TIMES_AS_MANY * letters[second]:
        return None
    return _Turn(best, round(1.0 - SURE * _TIMES_AS_MANY * letters[second] / letters[best], 3))

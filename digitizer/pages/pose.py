"""How a page lies: turn and skew, and how sure the turn is.

Called by reading. Asks the shape of the text lines first (``level``, ``upright``), and Tesseract
only in doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from digitizer.errors import ToolMissing
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
    if best.sharpness < _SHARP:
        asked = _asked(at, exif_turn, (0, 90, 180, 270))
        return Pose(asked.turn, edges, asked.confidence)
    clear = best.strength >= _LINES_EITHER_WAY * min(across.strength, down.strength)
    # Lines that run down the stored image run across the image turned by 90 degrees, and lean
    # the other way, because transposing mirrors.
    sideways = best is down
    skew = -down.angle if sideways else across.angle
    if not clear:
        asked = _asked(at, exif_turn, (0, 90, 180, 270))
        skew = -down.angle if asked.turn in (90, 270) else across.angle
        return Pose(asked.turn, skew, asked.confidence)
    choices = (90, 270) if sideways else (0, 180)
    certainty = _certainty(at, choices[0], skew)
    leaning = _Turn(
        choices[0] if certainty > 0 else choices[1],
        _confidence(
            abs(certainty),
            _UPRIGHT_CERTAINTY if certainty > 0 and not sideways else _TURNED_CERTAINTY,
        ),
    )
    if leaning.confidence >= SURE:
        return Pose(leaning.turn, skew, leaning.confidence)
    hint = leaning.turn if abs(certainty) >= _SOME_CERTAINTY else None
    asked = _asked(at, exif_turn, choices, hint)
    return Pose(asked.turn, skew, asked.confidence)


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


def _asked(at: At, exif_turn: int, choices: tuple[int, ...], leaning: int | None = None) -> _Turn:
    """Ask Tesseract; below its confidence believe the file's EXIF, which mostly says 0.

    Args:
        at: The page at any resolution.
        exif_turn: What the file's EXIF says.
        choices: What may be answered.
        leaning: What the lines themselves say, not surely enough: two weak voices that agree
            are enough.
    """
    try:
        said = tesseract.orientation(at(_OSD_DPI), _OSD_DPI, _OSD_SECONDS)
    except ToolMissing:
        return _Turn(exif_turn, 0.0)
    enough = _OSD_CONFIDENCE_AGREEING if said.turn == leaning else _OSD_CONFIDENCE
    confidence = _confidence(said.confidence, enough)
    if confidence >= SURE and said.turn in choices:
        return _Turn(said.turn, confidence)
    return _Turn(exif_turn, min(confidence, 0.49))

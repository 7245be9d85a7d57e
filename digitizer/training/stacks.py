"""PURE data: which sample sheets there are, and in which stacks they come into the feeder."""

from __future__ import annotations

from enum import Enum


class Side(Enum):
    """One side of a sheet. The value is its file's name."""

    FORM = "to-khai"
    BIRTH = "giay-chung-sinh"
    MOTHER = "can-cuoc-me"
    MOTHER_BACK = "can-cuoc-me-sau"
    FATHER = "can-cuoc-cha"
    FATHER_BACK = "can-cuoc-cha-sau"
    BLANK = "mat-sau-trang"


class Stack(Enum):
    """What can lie in the feeder: sides in the order they are fed."""

    FORM = (Side.FORM, Side.BLANK)
    BIRTH = (Side.BIRTH, Side.BLANK)
    CARDS = (Side.MOTHER, Side.MOTHER_BACK, Side.FATHER, Side.FATHER_BACK)
    LAST_CARD = (Side.FATHER, Side.FATHER_BACK)


JAMS = {Stack.CARDS: Side.FATHER}
"""The sheet of a stack that gets stuck."""

"""PURE: the two palettes by the names of what colours are for."""

from __future__ import annotations

from msgspec import Struct


class Tokens(Struct, frozen=True):
    """One palette. ``*_soft`` is the ground under text of that colour."""

    ground: str
    paper: str
    line: str
    ink: str
    ink_soft: str
    accent: str
    on_accent: str
    accent_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    table: str  # what a page lies on
    training: str  # the strip over a window whose papers are samples
    on_training: str


LIGHT = Tokens(
    ground="#f7f6f3",
    paper="#ffffff",
    line="#dcd9d2",
    ink="#1c232d",
    ink_soft="#566170",
    accent="#0b5cad",
    on_accent="#ffffff",
    accent_soft="#e8f1fa",
    good="#1d6b3a",
    good_soft="#e9f4ec",
    warn="#855600",
    warn_soft="#fcf3df",
    bad="#a2231f",
    bad_soft="#fcebe9",
    table="#e7e5df",
    training="#5a3b8f",
    on_training="#ffffff",
)
DARK = Tokens(
    ground="#171a1f",
    paper="#1f2329",
    line="#373d47",
    ink="#e9ebee",
    ink_soft="#a8b1bd",
    accent="#78b6f3",
    on_accent="#0b1a2a",
    accent_soft="#22364c",
    good="#82cf9b",
    good_soft="#1e3327",
    warn="#e7bb66",
    warn_soft="#392f1a",
    bad="#f4998f",
    bad_soft="#412422",
    table="#101317",
    training="#44306b",
    on_training="#e6dbfb",
)

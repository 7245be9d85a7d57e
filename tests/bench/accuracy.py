"""Character error rate of a searchable PDF against the truth. PURE but for ``pdf_texts``."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

import numpy as np


def pdf_texts(pdf: Path, pages: int) -> list[str]:
    """Return the text of every page as a reader finds it in the PDF."""
    found = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout.split("\f")
    return (found + [""] * pages)[:pages]


def error_rate(truths: list[str], founds: list[str]) -> float:
    """Return edits per character of truth, white space folded, NFC."""
    pairs = [(_folded(truth), _folded(found)) for truth, found in zip(truths, founds, strict=True)]
    edits = sum(distance(truth, found) for truth, found in pairs)
    return edits / max(1, sum(len(truth) for truth, _ in pairs))


def distance(one: str, other: str) -> int:
    """Return the Levenshtein distance, a row at a time."""
    if not one or not other:
        return len(one) + len(other)
    letters = np.array([ord(letter) for letter in other], dtype=np.int64)
    steps = np.arange(letters.size + 1)
    row = steps.copy()
    for index, letter in enumerate(one, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))
        # An insertion carries a value along the row, one dearer with each step.
        carried = np.concatenate(([index], best)) - steps
        row = np.minimum.accumulate(carried) + steps
    return int(row[-1])


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())

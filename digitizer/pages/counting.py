"""Counts syllables and pairs of neighbours in text files: makes the post-check's table.

A tool for whoever renews the table (``python -m digitizer.pages.counting FOLDER OUT``), not run by
the program. The table in the repository was counted in Vietnamese laws, decrees and decisions
(465,000 syllables with the noise of web pages), which nobody holds rights in (Luật Sở hữu trí tuệ,
điều 15: legal documents are not protected). It holds figures, from which no text can be read.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from digitizer.pages.syllables import (
    EDGE,
    NUMBER,
    OTHER,
    Syllables,
    bare,
    is_syllable,
    normal,
)

_TOKEN = re.compile(r"[^\W\d_]+|\d[\d.,/]*\d|\d|[^\w\s]|\n")
_RUN = re.compile(r"(?<=[^\W\d_A-ZĐÀ-Ỵ])(?=[A-ZĐ])")
_FEWEST = 2
_WEIGHT = 5
_LONG, _OFTEN = 7, 5
"""A long clause that comes back so often is the frame of a web page."""


def clauses(text: str) -> Iterator[list[str]]:
    """Yield the clauses of ``text``: syllables in their normal form, or what stands for others.

    Words that a web page ran together (``cáckhu``, ``địnhNghị``) are taken apart where there is
    one way to.
    """
    clause: list[str] = []
    for token in _TOKEN.findall(_RUN.sub(" ", unicodedata.normalize("NFC", text))):
        if token[0].isdigit():
            clause.append(NUMBER)
        elif token.isalpha():
            clause.extend(_apart(normal(token)))
        elif not token.isspace() and clause:
            yield clause
            clause = []
    if clause:
        yield clause


def _apart(word: str) -> list[str]:
    if is_syllable(word):
        return [word]
    halves = [
        [word[:cut], word[cut:]]
        for cut in range(2, len(word) - 1)
        if is_syllable(word[:cut]) and is_syllable(word[cut:])
    ]
    return halves[0] if len(halves) == 1 else [OTHER]


def count(texts: Iterable[str], fewest: int = _FEWEST) -> Syllables:
    """Count the texts; syllables met less than ``fewest`` times are left out as noise."""
    single: Counter[str] = Counter()
    double: Counter[tuple[str, str]] = Counter()
    seen: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        for clause in clauses(text):
            seen[tuple(clause)] += 1
            if len(clause) >= _LONG and seen[tuple(clause)] > _OFTEN:
                continue
            single.update(clause)
            double.update(pairwise([EDGE, *clause, EDGE]))
            single[EDGE] += 1
    known = {word for word, met in single.items() if met >= fewest} - {EDGE, NUMBER, OTHER}
    words = (EDGE, NUMBER, OTHER, *sorted(known, key=lambda word: (bare(word), word)))
    ids = {word: index for index, word in enumerate(words)}
    kept = sorted(
        (ids[left] * len(words) + ids[right], met)
        for (left, right), met in double.items()
        if left in ids and right in ids and OTHER not in (left, right)
    )
    return Syllables(
        words,
        np.array([single[word] for word in words], dtype=np.int64),
        np.array([key for key, _ in kept], dtype=np.int64),
        np.array([met for _, met in kept], dtype=np.int64),
    )


def main() -> int:
    """Run the tool."""
    parser = argparse.ArgumentParser(prog="python -m digitizer.pages.counting")
    parser.add_argument("folder", type=Path, help="text files, UTF-8")
    parser.add_argument("out", type=Path, help="the table to write")
    parser.add_argument("--phrases", type=Path, help=f"a file of phrases, counted {_WEIGHT} times")
    chosen = parser.parse_args()
    files = sorted(chosen.folder.rglob("*.txt"))
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    if chosen.phrases:
        texts += chosen.phrases.read_text("utf-8").splitlines() * _WEIGHT
    table = count(texts)
    packed = table.to_bytes()
    chosen.out.write_bytes(packed)
    sys.stdout.write(
        f"{len(files)} files, {int(table.single[1:].sum())} words, {len(table.words)} syllables, "
        f"{table.pairs.size} pairs, {len(packed)} bytes\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

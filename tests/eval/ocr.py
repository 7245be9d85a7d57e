"""OCR: word recall and character error rate, and what the Vietnamese post-check does.

``<data>/vn-pages`` holds page images with their text beside them (``name.png``, ``name.txt``);
names that begin with ``real_`` are documents somebody issued, the others were generated. The same
is measured on pages rendered here.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from digitizer.pages import stream
from digitizer.pagetext import FieldName, PageText
from tests.bench import accuracy, pages
from tests.bench.table import Figure
from tests.eval import _words

_RENDERED = 8
_TARGET_REAL, _MOST_HARM = 0.955, 0.01
_IMAGES = ("*.png", "*.jpg", "*.tif")


@dataclass(frozen=True, slots=True)
class _Set:
    """Pages of one kind and what is written on them; ``target``: the recall wanted, or None."""

    name: str
    files: list[Path]
    texts: list[str]
    target: float | None = None


def measure(data: Path) -> list[Figure]:
    """Read every page twice: by plain Tesseract, and as the product does."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="digitizer-eval-") as folder:
        drawn = pages.mixed(Path(folder, "drawn"), _RENDERED)
        sets = [*_given(data / "vn-pages"), _Set("rendered", drawn.files, drawn.texts)]
        for number, one in enumerate(sets):
            if one.files:
                scratch = Path(folder, str(number))
                scratch.mkdir()
                figures += _measured(one, scratch)
    return figures


def _given(folder: Path) -> list[_Set]:
    found = sorted(file for kind in _IMAGES for file in folder.glob(kind))
    found = [file for file in found if file.with_suffix(".txt").exists()]

    def of(name: str, files: list[Path], target: float | None) -> _Set:
        texts = [file.with_suffix(".txt").read_text(encoding="utf-8") for file in files]
        return _Set(name, files, texts, target)

    real = [file for file in found if file.name.startswith("real_")]
    return [
        of("real", real, _TARGET_REAL),
        of("synthetic", [file for file in found if file not in real], None),
    ]


def _measured(one: _Set, scratch: Path) -> list[Figure]:
    plain = _plain(one.files, scratch)
    with closing(stream.worked(one.files, scratch)) as found:  # type: ignore[type-var]
        worked = list(found)
    said = [page.whole.words.said if page.whole.words else PageText() for page in worked]
    raw, mended = [one.raw for one in said], [one.text for one in said]
    before, unmended, after = (_words.recall(one.texts, found) for found in (plain, raw, mended))
    verdicts = [
        _words.verdict(truth, page.raw.split(), page.text.split())
        for truth, page in zip(one.texts, said, strict=True)
    ]
    changed, harmed = sum(map(_words.changed, verdicts)), sum(v.harmed for v in verdicts)
    of = f"{len(one.files)} pages, {before.all} words"
    return [
        Figure(
            f"{one.name}: word recall, mended against plain Tesseract ({of})",
            f"{after.rate:.3f}",
            f"{before.rate:.3f}",
            target=f"≥ {one.target}" if one.target else "no worse",
            met=after.rate >= (one.target or before.rate),
        ),
        Figure(
            f"{one.name}: word recall, mended against as read",
            f"{after.rate:.3f}",
            f"{unmended.rate:.3f}",
            target="no worse",
            met=after.rate >= unmended.rate,
        ),
        Figure(
            f"{one.name}: character error rate, mended against plain Tesseract",
            f"{accuracy.error_rate(one.texts, mended):.2%}",
            f"{accuracy.error_rate(one.texts, plain):.2%}",
        ),
        Figure(
            f"{one.name}: character error rate, as read",
            f"{accuracy.error_rate(one.texts, raw):.2%}",
        ),
        Figure(
            f"{one.name}: words changed (mended, harmed)",
            f"{changed} ({sum(v.mended for v in verdicts)}, {harmed})",
            target="harmed < 1 %",
            met=harmed < max(1, _MOST_HARM * changed),
        ),
        *_fields(one, said),
    ]


def _fields(one: _Set, said: Sequence[PageText]) -> list[Figure]:
    """Return how many of the fields that stand plainly in the truth were found, none wrong."""
    wanted = [
        (page, name, value)
        for page, text in enumerate(one.texts)
        for name, value in _plain_fields(text)
    ]
    if not wanted:
        return []
    told = {
        (page, field.name, field.value) for page, text in enumerate(said) for field in text.fields
    }
    found = sum(field in told for field in wanted)
    names = {(page, name) for page, name, _ in wanted}
    wrong = sum(
        (page, name) in names and (page, name, value) not in wanted for page, name, value in told
    )
    return [
        Figure(
            f"{one.name}: key fields that are plain in the text, found (told otherwise)",
            f"{found} of {len(wanted)} ({wrong})",
        )
    ]


def _plain_fields(text: str) -> list[tuple[FieldName, str]]:
    text = unicodedata.normalize("NFC", text)
    number = re.search(r"^\s*Số: ?([0-9]+/[\w/-]+)", text, re.MULTILINE)
    day = re.search(r", ngày ([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})", text)
    found = [(FieldName.NUMBER, number[1])] if number else []
    if day:
        found.append((FieldName.DATE, f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"))
    found += [(FieldName.PERSON_NUMBER, one) for one in re.findall(r"\b[0-9]{12}\b", text)]
    labels = r"(?:Họ và tên|Họ tên người mua|Tôi tên là|tên người yêu cầu|tên người mẹ): ([^\n,;]+)"
    found += [(FieldName.PERSON, one.strip()) for one in re.findall(labels, text)]
    return list(dict.fromkeys(found))


def _plain(files: Sequence[Path], scratch: Path) -> list[str]:
    """Return what Tesseract reads by itself, in its own way."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def read(file: Path) -> str:
        out = scratch / f"plain-{file.stem}"
        command = ["tesseract", str(file), str(out), "-l", "vie"]
        subprocess.run(command, check=True, capture_output=True, env=environment)
        return out.with_suffix(".txt").read_text(encoding="utf-8")

    with ThreadPoolExecutor(stream.cores()) as pool:
        return list(pool.map(read, files))

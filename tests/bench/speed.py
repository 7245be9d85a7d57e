"""Pages per second, peak memory, bytes per page and error rate: ``bundle`` against OCRmyPDF."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.bench import accuracy, commands, pages, process
from tests.bench.table import Figure

COUNT, QUICK_COUNT = 20, 6
_ROUNDS = 3
_TARGET_SPEED, _TARGET_DUPLEX_SPEED = 2.5, 4.0
SHEETS, QUICK_SHEETS = 10, 5
_CER_SLACK = 0.0005
_MB = 1e6


def measure(folder: Path, *, count: int = COUNT) -> list[Figure]:
    """Run both over the same pages in turn: for their memory, then for their speed, of which the
    medians count."""
    sample = pages.mixed(folder / "pages", count)
    ours, theirs = folder / "ours.pdf", folder / "theirs.pdf"
    wrapped = folder / "wrapped.pdf"
    commands.wrap(sample.files, wrapped)
    our_command, their_command = (
        commands.bundle(sample.files, ours),
        commands.ocrmypdf(wrapped, theirs),
    )
    we, they = process.run(our_command), process.run(their_command)
    our_seconds, their_seconds = _raced(our_command, their_command)
    our_rate = accuracy.error_rate(sample.texts, accuracy.pdf_texts(ours, count))
    their_rate = accuracy.error_rate(sample.texts, accuracy.pdf_texts(theirs, count))
    our_bytes, their_bytes = (file.stat().st_size / count for file in (ours, theirs))
    return [
        _speed(f"pages per second ({count} pages)", count, our_seconds, their_seconds),
        Figure(
            "character error rate",
            f"{our_rate:.2%}",
            f"{their_rate:.2%}",
            f"{our_rate / max(their_rate, 1e-6):.2f}",
            "no worse",
            our_rate <= their_rate + _CER_SLACK,
        ),
        Figure(
            "peak memory, MB",
            f"{we.peak_bytes / _MB:.0f}",
            f"{they.peak_bytes / _MB:.0f}",
            f"{we.peak_bytes / they.peak_bytes:.2f}",
        ),
        Figure(
            "kilobytes per page",
            f"{our_bytes / 1e3:.0f}",
            f"{their_bytes / 1e3:.0f}",
            f"{our_bytes / their_bytes:.2f}",
        ),
    ]


def measure_duplex(folder: Path, *, sheets: int = SHEETS) -> list[Figure]:
    """Race both over a stack of which half the sides are blank and a fifth holds codes alone."""
    files = pages.duplex(folder / "pages", sheets)
    wrapped = folder / "wrapped.pdf"
    commands.wrap(files, wrapped)
    ours, theirs = _raced(
        commands.bundle(files, folder / "ours.pdf"),
        commands.ocrmypdf(wrapped, folder / "theirs.pdf"),
    )
    name = f"pages per second, stack with blank backs and code sheets ({len(files)} sides)"
    return [_speed(name, len(files), ours, theirs, _TARGET_DUPLEX_SPEED)]


def _raced(ours: list[str], theirs: list[str]) -> tuple[float, float]:
    """Run both commands in turn; return their median seconds."""
    rounds = [
        (process.run(ours, memory=False).seconds, process.run(theirs, memory=False).seconds)
        for _ in range(_ROUNDS)
    ]
    return median(our for our, _ in rounds), median(their for _, their in rounds)


def _speed(
    name: str, count: int, ours: float, theirs: float, target: float = _TARGET_SPEED
) -> Figure:
    speed = theirs / ours
    return Figure(
        name,
        f"{count / ours:.2f}",
        f"{count / theirs:.2f}",
        f"{speed:.2f}",
        f"≥ {target:g}",
        speed >= target,
    )

"""Pages per second, peak memory, bytes per page and error rate: ``bundle`` against OCRmyPDF."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.bench import accuracy, commands, pages, process
from tests.bench.table import Figure

COUNT, QUICK_COUNT = 20, 6
_ROUNDS = 3
_TARGET_SPEED = 2.0
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
    rounds = [
        (process.run(our_command, memory=False), process.run(their_command, memory=False))
        for _ in range(_ROUNDS)
    ]
    our_seconds, their_seconds = (
        median(run.seconds for run in runs) for runs in zip(*rounds, strict=True)
    )
    our_rate = accuracy.error_rate(sample.texts, accuracy.pdf_texts(ours, count))
    their_rate = accuracy.error_rate(sample.texts, accuracy.pdf_texts(theirs, count))
    speed = their_seconds / our_seconds
    our_bytes, their_bytes = (file.stat().st_size / count for file in (ours, theirs))
    return [
        Figure(
            f"pages per second ({count} pages)",
            f"{count / our_seconds:.2f}",
            f"{count / their_seconds:.2f}",
            f"{speed:.2f}",
            f"≥ {_TARGET_SPEED:g}",
            speed >= _TARGET_SPEED,
        ),
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

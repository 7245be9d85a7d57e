"""The pages that are measured: rendered once per run, with their truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digitizer.sandbox import stack

_CODE = "000.00.20.H02-261122-0007"
_HOLDER = "Nguyễn Thị Hạnh Dung"


@dataclass(frozen=True, slots=True)
class Sample:
    """Page files in order and what is written on each."""

    files: list[Path]
    texts: list[str]


def mixed(folder: Path, count: int) -> Sample:
    """Render the counter's stack, then pages of running text."""
    folder.mkdir()
    pages = [page for page in stack.demo_stack(_CODE, _HOLDER) if page.text]
    pages += [stack.text_page(number) for number in range(1, count - len(pages) + 1)]
    return Sample([stack.save(page, folder) for page in pages], [page.text for page in pages])


def short(folder: Path, count: int) -> list[Path]:
    """Render ``count`` pages with little text: as many bytes as others, less to OCR.

    Every tenth is rendered; the others are links to it.
    """
    folder.mkdir()
    files: list[Path] = []
    for number in range(1, count + 1):
        file = folder / f"{number:04d}.jpg"
        if len(files) < 10:
            stack.save(stack.text_page(number, 1), folder).rename(file)
        else:
            file.hardlink_to(files[number % 10])
        files.append(file)
    return files

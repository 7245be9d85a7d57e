"""The pages that are measured: rendered once per run, with their truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from msgspec.structs import replace

from digitizer.sandbox import stack
from digitizer.sandbox.sheet import Sheet

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


def duplex(folder: Path, sheets: int) -> list[Path]:
    """Render a stack fed from both sides: of each five sheets the first holds a code alone on both
    its faces, the others text in front and nothing on the back."""
    folder.mkdir()
    sides: list[stack.StackPage] = []
    for number in range(1, sheets + 1):
        code_sheet = number % 5 == 1
        for side, face in ((1, "a"), (2, "b")):
            name = f"{number:03d}{face}"
            if code_sheet:
                sheet = Sheet(5000 + 2 * number + side)
                sheet.code(zxingcpp.BarcodeFormat.QRCode, _CODE, 85, 120, 1.5)
                sides.append(stack.StackPage(name, sheet.scanned(), ""))
            elif face == "a":
                sides.append(replace(stack.text_page(number), name=name))
            else:
                sides.append(stack.StackPage(name, Sheet(5000 + 2 * number).scanned(), ""))
    return [stack.save(side, folder) for side in sides]


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

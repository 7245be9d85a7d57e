"""PDFs from elsewhere: are their words and pixels kept, is what only looks like words seen through.

All synthetic but the last line, which takes every PDF of the folder. Written pages come from a
word processor's PDF writer, images from ``tests.pages.imagepdf``, hostile files from the tests.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

from digitizer import programs
from digitizer.errors import DigitizerError
from digitizer.pages import intake, ownwords, whole
from tests.bench.table import Figure
from tests.pages import imagepdf, test_hostile_pdf, test_intake
from tests.pages import test_own_words as written
from tests.signed import making as signing

_FONTS = ("Noto Serif", "DejaVu Sans", "Liberation Sans", "Liberation Serif")
_TURNS = (0, 90, 180, 270)
_LAYERS = (written.HIDDEN, written.STAMPED, written.HIDDEN + b" " + written.STAMPED)
_UNBELIEVABLE = (
    ("/.VnTime", written.PLAIN),
    ("/ABCDEF+.VnTimeH", written.PLAIN),
    ("/VNI-Times", written.PLAIN),
    ("/Helvetica", written.TCVN3),
    ("/Helvetica", written.VNI),
    ("/Helvetica", b"Frqj krd {d krl fkx qjkld Ylhw Qdp"),
)
_IMAGES: tuple[imagepdf.Make, ...] = (
    imagepdf.fax, imagepdf.fax_of_black_ones, imagepdf.stencil, imagepdf.bilevel_jbig2,
    imagepdf.bits, imagepdf.inverted_bits, imagepdf.two_level_palette, imagepdf.flate,
    imagepdf.colour, imagepdf.palette, imagepdf.four_bits, imagepdf.predicted,
    imagepdf.tiff_predicted, imagepdf.runs, imagepdf.lzw, imagepdf.hexadecimal,
    imagepdf.calibrated,
)  # fmt: skip
_SECONDS = 60.0


def measure(data: Path) -> list[Figure]:
    """Return the lines of the table."""
    tasks: dict[str, Callable[[Path], Iterator[bool]]] = {
        "written pages, words to the letter (4 fonts, 4 turns; synthetic)": _written,
        "scans under a stranger's words, read by OCR (synthetic)": _scans,
        "legacy fonts and garbage, not believed (synthetic)": _unbelieved,
        "pages that are one image, pixel for pixel (synthetic)": _images,
        "signed PDFs, byte for byte (synthetic)": _signed,
        "hostile files, one clear error, nothing left (synthetic)": _hostile,
        "PDFs of the folder, every page taken": lambda folder: _taken(data, folder),
    }
    figures = []
    for name, task in tasks.items():
        with tempfile.TemporaryDirectory() as folder:
            found = list(task(Path(folder)))
        if found:
            good = sum(found)
            figures.append(
                Figure(name, f"{good} of {len(found)}", target="all", met=good == len(found))
            )
    return figures


def _into(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def _written(folder: Path) -> Iterator[bool]:
    for font in _FONTS:
        path = written.written_in(font, folder / "born.pdf")
        for turn in _TURNS:
            with pikepdf.open(path, allow_overwriting_input=True) as pdf:
                pdf.pages[0].Rotate = turn
                pdf.save()
            (page,) = intake.take(path, _into(folder))
            yield written.text_of(ownwords.of(page)) == written.TEXT


def _scans(folder: Path) -> Iterator[bool]:
    """A page counts where its words are not the stranger's and OCR finds the scan's own."""
    for operators in _LAYERS:
        path = written.scanned_with(operators, folder / "scan.pdf", written.helvetica())
        (page,) = intake.take(path, _into(folder))
        words = whole.work(page, folder / "words").words
        said = words.said.text if words else ""
        yield ownwords.of(page) is None and bool(said) and "some other program" not in said


def _unbelieved(folder: Path) -> Iterator[bool]:
    for font, line in _UNBELIEVABLE:
        pdf = written.lettered(folder / "odd.pdf", written.helvetica(font), [line] * 6)
        (page,) = intake.take(pdf, _into(folder))
        yield ownwords.of(page) is None


def _images(folder: Path) -> Iterator[bool]:
    for make in _IMAGES:
        shown = make()
        (file,) = intake.take(imagepdf.write(folder / "page.pdf", shown), _into(folder))
        with Image.open(file) as page:
            yield page.mode == shown.pixels.mode and np.array_equal(
                np.asarray(page), np.asarray(shown.pixels)
            )


def _signed(folder: Path) -> Iterator[bool]:
    by = signing.authority(_into(folder))
    for pages in (1, 2, 5):
        data = signing.signed(signing.document(pages), by)
        (folder / "signed.pdf").write_bytes(data)
        landed = intake.landed(folder / "signed.pdf", _into(folder))
        yield landed.original is not None and landed.original.read_bytes() == data


def _hostile(folder: Path) -> Iterator[bool]:
    kinds = dict(test_intake.hostile(folder))
    for make, kind in test_hostile_pdf.REFUSED:
        (folder / make.__name__).write_bytes(make())
        kinds[make.__name__] = kind
    for name, kind in kinds.items():
        into = _into(folder)
        try:
            _program(folder / name, into)
        except DigitizerError as error:
            yield isinstance(error, kind) and not any(into.iterdir())
        else:
            yield False


def _taken(data: Path, folder: Path) -> Iterator[bool]:
    for path in sorted(data.rglob("*.pdf")):
        into = _into(folder)
        try:
            files = _program(path, into)
        except DigitizerError:
            yield False
            continue
        with pikepdf.open(path) as pdf:
            yield len(files) == len(pdf.pages)


def _program(path: Path, into: Path) -> list[str]:
    answer = programs.run_module("digitizer.pages.intake", str(path), str(into), timeout=_SECONDS)
    return list(answer["files"])

"""Broken and hostile files: every decoder gives pages or one known error, whatever the bytes.

Real files of every kind are damaged at random; how many, ``tests.fuzz`` says.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from digitizer.bundle import making, textlayer
from digitizer.bundle.request import BundlePage, BundleRequest, Style
from digitizer.errors import DigitizerError
from digitizer.pages import codes, glyphless, intake, jpeg, ownwords, raster, reading
from tests.fuzz import EXAMPLES, fuzzed


def picture(mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(7).integers(0, 255, (14, 10, 3), dtype=np.uint8)
    page = Image.fromarray(pixels).resize((200, 280), Image.Resampling.NEAREST)
    return page.convert(mode)


def saved(mode: str, kind: str, **options: object) -> bytes:
    made = io.BytesIO()
    picture(mode).save(made, kind, **options)
    return made.getvalue()


def tiff_stack() -> bytes:
    made = io.BytesIO()
    picture("1").save(made, "TIFF", save_all=True, append_images=[picture("L")], dpi=(200, 200))
    return made.getvalue()


def with_words() -> bytes:
    words = [ownwords.OwnWord("Tờ", 0.1, 0.1, 0.3, 0.2, 1, 1)] * 40
    return ownwords.embedded(saved("RGB", "JPEG", dpi=(100, 100)), words)


def pdf(*, text: bool) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(144, 200))
    page = document.pages[0]
    stream = pikepdf.Stream(
        document,
        saved("RGB", "JPEG"),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=200,
        Height=280,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB,
        Filter=pikepdf.Name.DCTDecode,
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im0=stream), Font=pikepdf.Dictionary(F1=font)
    )
    words = b"BT /F1 9 Tf 10 90 Td (Uy ban nhan dan xa Tan Lap) Tj ET" if text else b""
    scale = b"40 0 0 56 0 0" if text else b"144 0 0 200 0 0"
    page.Contents = document.make_stream(b"q " + scale + b" cm /Im0 Do Q " + words)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def text_pdf() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "t.pdf")
        word = glyphless.Placed("Tờ", 10, 10, 40, 20)
        glyphless.write(file, [[word, word]], (200, 280), 100)
        return file.read_bytes()


IMAGES = {
    "jpeg": saved("RGB", "JPEG", quality=70, dpi=(100, 100)),
    "progressive": saved("L", "JPEG", progressive=True),
    "cmyk": saved("CMYK", "JPEG"),
    "words": with_words(),
    "png": saved("RGBA", "PNG"),
    "palette": saved("P", "PNG"),
    "two levels": saved("1", "PNG"),
    "group4": saved("1", "TIFF", compression="group4"),
    "lzw": saved("RGB", "TIFF", compression="tiff_lzw"),
    "jpeg in tiff": saved("RGB", "TIFF", compression="jpeg"),
    "stack": tiff_stack(),
    "webp": saved("RGB", "WEBP"),
    "bmp": saved("RGB", "BMP"),
    "ppm": saved("RGB", "PPM"),
}
PDFS = {"scan": pdf(text=False), "text": pdf(text=True), "layer": text_pdf()}


class Damaged(bytes):
    """Bytes that are not printed."""

    def __repr__(self) -> str:
        return f"{len(self)} bytes"


@st.composite
def damaged(draw: st.DrawFn, seeds: dict[str, bytes]) -> bytes:
    """One of the files with a few bytes changed, a piece gone, doubled, or its end missing."""
    data = bytearray(seeds[draw(st.sampled_from(sorted(seeds)))])
    for _ in range(draw(st.integers(0, 6))):
        where = draw(st.integers(0, max(0, len(data) - 1)))
        # Headers are where it hurts: half of the changes go there.
        where = where % 400 if draw(st.booleans()) else where
        how = draw(st.integers(0, 4))
        if how == 0:
            data[where : where + 4] = draw(st.binary(min_size=1, max_size=4))
        elif how == 1:
            data[where : where + 4] = draw(
                st.sampled_from(
                    [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xd9"]
                )
            )
        elif how == 2:
            del data[where : where + draw(st.integers(1, 200))]
        elif how == 3:
            data[where:where] = data[where : where + draw(st.integers(1, 200))]
        else:
            del data[where:]
    return Damaged(data)


@contextlib.contextmanager
def laid(data: bytes) -> Iterator[Path]:
    """A folder with those bytes as ``file``; known errors are an answer."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "file")
        file.write_bytes(data)
        with contextlib.suppress(DigitizerError):
            yield file


@fuzzed
@given(damaged(IMAGES))
def test_images_are_opened_or_refused(data: bytes) -> None:
    with laid(data) as file, raster.opened(file) as image:
        assert raster.plain(image).mode in ("L", "RGB")
        raster.exif_turn(image)


@fuzzed
@given(damaged(IMAGES | PDFS))
def test_intake_takes_whole_pages_or_nothing(data: bytes) -> None:
    with laid(data) as file:
        into = file.parent / "into"
        into.mkdir()
        try:
            pages = intake.take(file, into)
        except DigitizerError:
            assert not list(into.iterdir())
            raise
        assert pages
        for page in pages:
            with raster.opened(page) as image:
                image.load()


@fuzzed
@given(damaged(IMAGES))
def test_jpeg_markers_never_trouble(data: bytes) -> None:
    file = io.BytesIO(data)
    jpeg.frame(file)
    jpeg.ends(file)
    assert jpeg.with_facts(data, (300, 300), 90)


@fuzzed
@given(damaged(PDFS))
def test_text_layers_are_read_or_refused(data: bytes) -> None:
    with laid(data) as file:
        textlayer.layer(file)


@fuzzed
@given(damaged({"words": with_words()}) | st.binary(max_size=300))
def test_embedded_words_make_sense_or_are_none(data: bytes) -> None:
    with laid(data) as file:
        found = ownwords.of(file)
        if found is not None:
            ownwords.write(found, ownwords.Place((200, 280), (100, 90), 90, 1.5), file)


@settings(fuzzed, max_examples=max(5, EXAMPLES // 5))
@given(damaged(IMAGES))
def test_pages_are_read_or_refused(data: bytes) -> None:
    with laid(data) as file:
        found = reading.read(file)
        assert found.width > 0


@fuzzed
@given(st.binary(min_size=0, max_size=4000), st.integers(1, 64))
def test_codes_are_found_or_not(data: bytes, width: int) -> None:
    rows = max(1, len(data) // width)
    page = Image.frombytes("L", (width, rows), data.ljust(width * rows, b"\0")[: width * rows])
    assert isinstance(codes.find(page.resize((width * 4, rows * 4))), tuple)


@settings(fuzzed, max_examples=max(5, EXAMPLES // 5))
@given(damaged(IMAGES), st.sampled_from(Style), st.floats(50, 1200), st.floats(-15, 15))
def test_bundles_are_made_valid_or_not_at_all(
    data: bytes, style: Style, dpi: float, skew: float
) -> None:
    with laid(data) as file:
        with raster.opened(file) as image:
            width, height = image.size
        out = file.parent / "out.pdf"
        page = BundlePage(file, 0, skew, width, height, dpi, dpi)
        assert making.make(BundleRequest(out, (page,), "Tờ khai", style=style)).pdfa


BOMBS = {
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x9c\x40\0\0\x9c\x40\x08\x06\0\0\0",
    "webp": b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\x0f",
    "ppm": b"P6 39999 39999 255\n",
    "bmp": b"BM"
    + bytes(8)
    + b"\x36\0\0\0\x28\0\0\0\x3f\x9c\0\0\x3f\x9c\0\0\x01\0\x18\0"
    + bytes(24),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_unfolds_to_more_than_any_page_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "bomb"
    file.write_bytes(BOMBS[name])
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(DigitizerError):
        intake.take(file, into)
    assert not list(into.iterdir())

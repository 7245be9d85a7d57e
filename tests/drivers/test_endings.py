"""Files cut short, padded and odd: which look as if they had been written to their end."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from drivers.endings import ended

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpeg": ("JPEG", {"quality": 90}),
    "png": ("PNG", {}),
    "bmp": ("BMP", {}),
    "webp": ("WEBP", {"lossless": True}),
    "pdf": ("PDF", {}),
    "tiff in strips": ("TIFF", {}),
    "tiff packed": ("TIFF", {"compression": "tiff_lzw"}),
    "tiff of a big machine": ("TIFF", {}),
}


def written(kind: str) -> bytes:
    """A page of noise as a file of one kind, large enough to be cut anywhere."""
    form, options = KINDS[kind]
    out = io.BytesIO()
    page = Image.effect_noise((300, 420), 80)
    if kind == "tiff of a big machine":
        page = page.convert("I").convert("I;16B")
    page.save(out, form, **options)
    return out.getvalue()


def looks_ended(data: bytes) -> bool:
    return ended(io.BytesIO(data), len(data))


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_has_an_end_and_one_cut_short_has_none(kind: str) -> None:
    data = written(kind)
    assert looks_ended(data)
    for share in (0.1, 0.5, 0.9):
        assert not looks_ended(data[: int(len(data) * share)]), share


@pytest.mark.parametrize("kind", ["jpeg", "png", "pdf"])
@pytest.mark.parametrize("padding", [1, 4096, 300_000])
def test_an_end_is_seen_before_padding(kind: str, padding: int) -> None:
    data = written(kind)
    assert looks_ended(data + bytes(padding))
    half = data[: len(data) // 2]
    assert not looks_ended(half + bytes(len(data) - len(half))), "space kept for what is to come"


def test_every_page_of_a_tiff_must_be_there() -> None:
    out = io.BytesIO()
    pages = [Image.effect_noise((200, 280), 40 + number) for number in range(3)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    data = out.getvalue()
    assert looks_ended(data)
    assert not looks_ended(data[: len(data) - 2000])


@pytest.mark.parametrize(
    "data",
    [
        b"II*\0" + b"\x08\0\0\0",  # points at its own end
        b"MM\0*" + b"\xff" * 12,
        b"II*\0\x08\0\0\0" + b"\xff\xff" + bytes(40),
    ],
)
def test_a_broken_tiff_has_no_end(data: bytes) -> None:
    assert not looks_ended(data)


def test_a_tiff_that_points_at_itself_is_left_to_the_intake() -> None:
    loop = b"II*\0\x08\0\0\0" + b"\0\0" + b"\x08\0\0\0"
    assert looks_ended(loop)


def test_what_is_of_no_known_kind_is_left_to_the_intake() -> None:
    assert looks_ended(b"hello")

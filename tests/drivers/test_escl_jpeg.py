"""Whole or not, and at which resolution: JPEGs as scanners write them, and worse."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from drivers import escl_jpeg

WIDTH = 827  # of A4 at 100 dpi


def jpeg(dpi: tuple[int, int] | None = (100, 100), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    image = Image.effect_noise((WIDTH, 300), 60).convert(mode)
    image.save(out, "JPEG", **({} if dpi is None else {"dpi": dpi}))
    return out.getvalue()


def without_jfif(content: bytes) -> bytes:
    return content[:2] + content[20:]


def patched(content: bytes, dpi: int) -> bytes:
    head = escl_jpeg.read_head(content)
    assert head is not None
    instead_of, new = escl_jpeg.corrected(content, head, (dpi, dpi))
    return new + content[instead_of:]


def seen(content: bytes) -> tuple[object, bytes]:
    with Image.open(io.BytesIO(content)) as image:
        return image.info.get("dpi"), image.tobytes()


def test_a_true_resolution_changes_no_byte() -> None:
    content = jpeg((300, 300))
    assert patched(content, 300) == content


@pytest.mark.parametrize("told", [None, (72, 72), (300, 150)])
def test_a_wrong_or_missing_resolution_is_put_right_and_no_pixel_changes(
    told: tuple[int, int] | None,
) -> None:
    content = jpeg(told)
    mended = patched(content, 300)
    assert seen(mended) == ((300, 300), seen(content)[1])
    assert len(mended) == len(content)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_without_jfif_gets_it(mode: str) -> None:
    content = without_jfif(jpeg(mode=mode))
    mended = patched(content, 200)
    assert seen(mended) == ((200, 200), seen(content)[1])
    assert len(mended) == len(content) + 18


def test_colours_that_jfif_would_change_are_left_alone() -> None:
    out = io.BytesIO()
    Image.effect_noise((99, 99), 50).convert("RGB").save(out, "JPEG", keep_rgb=True)
    content = without_jfif(out.getvalue()) if b"JFIF" in out.getvalue()[:20] else out.getvalue()
    assert patched(content, 300) == content
    out = io.BytesIO()
    Image.effect_noise((99, 99), 50).convert("CMYK").save(out, "JPEG")
    assert patched(out.getvalue(), 300) == out.getvalue()


@pytest.mark.parametrize(
    ("told", "asked", "true"),
    [
        ((100, 100), 100, (100, 100)),
        ((72, 72), 100, (100, 100)),  # a default that nobody thought about
        ((100, 100), 300, (100, 100)),  # the device did not do as it was told
        (None, 100, (100, 100)),
        ((1, 1), 100, (100, 100)),  # an aspect, called inches
    ],
)
def test_the_pixels_decide_which_resolution_is_true(
    told: tuple[int, int] | None, asked: int, true: tuple[int, int]
) -> None:
    head = escl_jpeg.read_head(jpeg(told))
    assert head is not None
    assert (head.width, head.height, head.channels) == (WIDTH, 300, 3)
    assert escl_jpeg.true_dpi(head, asked, 8.27) == true


def test_an_end_may_be_padded_but_not_missing() -> None:
    whole = jpeg()
    assert escl_jpeg.ends(whole)
    assert escl_jpeg.ends(whole + b"\0\0\r\n")
    assert not escl_jpeg.ends(whole[:-1])
    assert not escl_jpeg.ends(whole[: len(whole) // 2])
    assert not escl_jpeg.ends(b"")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe0\0\0", b"\xff\xd8\xff\xda\0\4ab", b"%PDF-1.4"]
)
def test_nonsense_has_no_head(content: bytes) -> None:
    assert escl_jpeg.read_head(content) is None


def test_any_cut_of_a_head_is_nonsense_or_read() -> None:
    content = jpeg()
    whole = escl_jpeg.read_head(content)
    for length in range(700):
        assert escl_jpeg.read_head(content[:length]) in (None, whole)

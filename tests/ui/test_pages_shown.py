"""Pages in the list and their pictures: rows that stay do not move, memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from digitizer.boxes import Box
from digitizer.errors import FileUnreadable
from digitizer.model import Page, PlacedBy, Reading
from digitizer.pages import raster
from tests.ui.conftest import PATIENCE_MS
from ui import pictures
from ui.bridge import Bridge
from ui.models.pages import PageList
from ui.pictures import Pictures, Wanted, decode, wanted

READING = Reading(1000, 1400, 120, 120, False, 0.1, 90, 0.0)


def page(number: int, **changes: object) -> Page:
    made = Page(
        id=f"page-{number}",
        batch_id="batch",
        batch_seq=number,
        batch_open=False,
        batch_read=True,
        paper_id="paper",
        sha256=f"{number:064x}",
        turn=0,
        placed_by=PlacedBy.BATCH,
        deleted=False,
        reading=None,
        words=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class Watcher:
    """What a view is told."""

    def __init__(self, model: PageList) -> None:
        self.told: list[tuple[str, int, int]] = []
        model.rowsInserted.connect(lambda _p, a, b: self.told.append(("in", a, b)))
        model.rowsRemoved.connect(lambda _p, a, b: self.told.append(("out", a, b)))
        model.dataChanged.connect(lambda a, b, _r: self.told.append(("changed", a.row(), b.row())))
        model.layoutChanged.connect(lambda: self.told.append(("order", 0, 0)))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([1, 2], [1, 2, 3, 4], [("in", 2, 3)]),
        ([1, 2, 3], [1, 3], [("out", 1, 1)]),
        ([1, 2, 3], [1, 3, 4], [("out", 1, 1), ("in", 2, 2)]),
        ([1, 2, 3, 4, 5, 6], [3, 7], [("out", 3, 5), ("out", 0, 1), ("in", 1, 1)]),
        ([1, 2], [2, 1], [("order", 0, 0)]),
        ([1, 2], [1, 2], []),
        ([1, 3], [1, 2, 3, 4, 5], [("in", 1, 1), ("in", 3, 4)]),
        ([1, 2, 3], [4, 1, 3], [("out", 1, 1), ("in", 0, 0)]),
        ([], [1], [("in", 0, 0)]),
        ([1], [], [("out", 0, 0)]),
    ],
)
def test_only_what_changed_is_told(
    qapp: object, before: list[int], after: list[int], told: list[tuple[str, int, int]]
) -> None:
    model = PageList()
    model.show_pages([page(n) for n in before])
    watcher = Watcher(model)
    model.show_pages([page(n) for n in after])
    assert watcher.told == told
    assert [p.id for p in model.pages] == [f"page-{n}" for n in after]


def test_a_page_that_was_read_changes_its_row_alone(qapp: object) -> None:
    model = PageList()
    model.show_pages([page(1), page(2), page(3)])
    watcher = Watcher(model)
    model.show_pages([page(1), page(2, reading=READING), page(3)])
    assert watcher.told == [("changed", 1, 1)]
    assert model.index(0).data() == "1 · đang đọc"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A blob: 800 × 1200, a red square at its top left, no suffix."""
    drawn = Image.new("RGB", (800, 1200), "white")
    drawn.paste((255, 0, 0), (0, 0, 200, 200))
    drawn.save(tmp_path / "page.png")
    return (tmp_path / "page.png").rename(tmp_path / "blob")


@pytest.mark.parametrize(
    ("turn", "size", "red"),
    [
        (0, (200, 300), (10, 10)),
        (90, (300, 200), (290, 10)),
        (180, (200, 300), (190, 290)),
        (270, (300, 200), (10, 190)),
    ],
)
def test_a_picture_is_small_and_upright(
    image: Path, turn: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    got = decode(image, Wanted("x" * 64, turn, 300, 300))
    assert (got.width(), got.height()) == size
    assert got.pixelColor(*red).getRgb()[:3] == (255, 0, 0)


def test_the_clerks_turn_comes_on_top_of_what_was_read() -> None:
    assert wanted(page(1, turn=90), QSize(9, 9)).turn == 90
    assert wanted(page(1, turn=90, reading=READING), QSize(9, 9)).turn == 180


def test_bytes_that_are_no_image_are_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"not an image")
    with pytest.raises(FileUnreadable):
        decode(tmp_path / "blob", Wanted("x" * 64, 0, 10, 10))


@pytest.fixture
def bridge(qapp: object) -> Iterator[Bridge]:
    bridge = Bridge()
    yield bridge
    bridge.close()


def test_thumbnails_are_decoded_once_and_few_are_kept(
    image: Path, bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[Wanted] = []

    def counting(file: Path, what: Wanted) -> QImage:
        decoded.append(what)
        return decode(file, what)

    monkeypatch.setattr(pictures, "decode", counting)
    shown = Pictures(bridge, lambda _sha256: image)
    arrived: list[str] = []
    shown.arrived.connect(arrived.append)
    everything = [Wanted(f"{n:064x}", 0, 24, 32) for n in range(pictures.THUMBNAILS_KEPT + 20)]
    for what in everything:
        assert shown.thumbnail(what) is None
        assert shown.thumbnail(what) is None
    qtbot.waitUntil(lambda: len(arrived) == len(everything), timeout=PATIENCE_MS)
    assert len(decoded) == len(everything)
    assert shown.thumbnail(everything[-1]) is not None
    assert shown.thumbnail(everything[0]) is None


def test_a_thumbnail_that_cannot_be_read_is_not_asked_for_again(
    tmp_path: Path, bridge: Bridge, qtbot: QtBot
) -> None:
    shown = Pictures(bridge, lambda _sha256: tmp_path / "gone")
    what = Wanted("0" * 64, 0, 24, 32)
    with qtbot.waitSignal(shown.arrived, timeout=PATIENCE_MS):
        assert shown.thumbnail(what) is None
    picture = shown.thumbnail(what)
    assert picture is not None
    assert picture.isNull()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_cropped_page_is_shown_as_it_is_bundled(tmp_path: Path, turn: int) -> None:
    box, skew = Box(100, 150, 700, 1150), 5.0
    stored = Image.radial_gradient("L").resize((1000, 1400)).rotate(20)
    stored.save(tmp_path / "page.png")
    reading = replace(READING, turn=turn, skew=skew, crop=box, crop_sure=True)
    what = wanted(page(1, reading=reading), QSize(300, 300))
    shown = decode(tmp_path / "page.png", what)
    expected = raster.cropped(stored, turn, skew, box, (1.0, 1.0)).resize(
        (shown.width(), shown.height())
    )
    assert max(shown.width(), shown.height()) == pytest.approx(300, abs=2)
    for x, y in ((0.1, 0.1), (0.9, 0.2), (0.5, 0.5), (0.2, 0.9)):
        at = int(x * shown.width()), int(y * shown.height())
        assert shown.pixelColor(*at).red() == pytest.approx(expected.getpixel(at), abs=6)

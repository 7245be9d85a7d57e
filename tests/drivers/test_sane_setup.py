"""Setting up scanners that no test back end plays: sheets, feeders, options that wake late."""

from __future__ import annotations

import pytest
from optiondumps import Replayed

from digitizer.errors import ProfileUnsupported
from digitizer.scanning import A4, Mode, Profile, Size, Source
from drivers import sane_setup

A5 = Size(148.0, 210.0)
A3 = Size(297.0, 420.0)
AREA = ("tl-x", "tl-y", "br-x", "br-y")


def prepared(dump: str, source: Source, **wish: object) -> Replayed:
    table = Replayed(dump)
    sane_setup.prepare(table, Profile(table.device, source, **wish))  # type: ignore[arg-type]
    return table


def area(table: Replayed) -> list[float]:
    return [float(table.value(name)) for name in AREA if name in table.values]


def test_the_paper_size_is_set_before_the_area_it_limits() -> None:
    table = prepared("fujitsu-fi", Source.ADF)
    assert table.order.index("page-height") < table.order.index("br-y")
    assert area(table) == pytest.approx([0.0, 0.0, 224.846, 355.6], abs=0.05)


@pytest.mark.parametrize(
    ("dump", "source", "size", "expected"),
    [
        ("fujitsu-fi", Source.ADF, A4, [0, 0, 210, 297]),  # the back end centres the sheet
        ("fujitsu-fi", Source.ADF_DUPLEX, A5, [0, 0, 148, 210]),
        ("fujitsu-fi", Source.FLATBED, A3, [0, 0, 215.872, 296.972]),
        ("canon-dr", Source.ADF, Size(100.0, 5000.0), [0, 0, 100, 1000.06]),
        ("brother-ads", Source.ADF, A5, [33.95, 0, 181.95, 210]),  # the middle of 215.9
        ("brother-ads", Source.ADF, None, [0, 0, 215.9, 355.6]),
        ("epson-ds", Source.ADF, None, [0, 0, 215.9, 355.6]),
        ("epson-ds", Source.FLATBED, None, [0, 0, 215.9, 297.18]),
        ("hp-officejet", Source.FLATBED, None, [0, 0, 215.9, 381]),
        ("airscan", Source.ADF, A3, [0, 0, 215.9, 297.011]),
        ("avision", Source.ADF, A4, [0, 0, 2480.3, 3507.9]),  # counts in pixels
        ("epjitsu", Source.ADF, A4, [0, 297]),
    ],
)
def test_the_area_of_a_sheet(
    dump: str, source: Source, size: Size | None, expected: list[float]
) -> None:
    assert area(prepared(dump, source, size=size)) == pytest.approx(expected, abs=0.6)


def test_both_resolutions_and_eight_bits_are_set() -> None:
    table = prepared("epson-gt", Source.FLATBED, dpi=200)
    assert [table.value(name) for name in ("x-resolution", "y-resolution", "depth")] == [
        200,
        200,
        8,
    ]
    assert table.value("mode") == "Color"


def test_a_switch_that_wakes_with_its_source() -> None:
    assert prepared("hp-officejet", Source.ADF_DUPLEX).value("duplex") is True
    assert prepared("hp-officejet", Source.ADF).value("duplex") is False
    assert prepared("hp-officejet", Source.FLATBED).value("source") == "Flatbed"


@pytest.mark.parametrize("dump", ["plustek-lide", "snapscan-usb"])
@pytest.mark.parametrize("source", [Source.FLATBED, None])
def test_a_glass_whose_source_cannot_be_chosen_scans_all_the_same(
    dump: str, source: Source | None
) -> None:
    table = Replayed(dump)
    ready = sane_setup.prepare(table, Profile(table.device, source, size=A4))
    assert ready.source is Source.FLATBED
    assert "source" not in table.order
    assert table.value("br-y") == pytest.approx(297.0, abs=0.2)


@pytest.mark.parametrize("dump", ["epkowa-photo", "hp-laserjet-one-side"])
def test_an_option_for_both_sides_that_never_wakes_leaves_the_front(dump: str) -> None:
    assert prepared(dump, Source.ADF).value("mode") == "Color"
    table = Replayed(dump)
    office = Profile(table.device, both_sides=True)
    assert sane_setup.prepare(table, office).source is Source.ADF
    with pytest.raises(ProfileUnsupported):
        prepared(dump, Source.ADF_DUPLEX)


def test_both_sides_are_taken_where_their_option_wakes_with_the_feeder() -> None:
    table = Replayed("hp-officejet")
    office = Profile(table.device, both_sides=True)
    assert sane_setup.prepare(table, office).source is Source.ADF_DUPLEX


def test_black_and_white_is_made_from_grey() -> None:
    assert prepared("fujitsu-fi", Source.ADF, mode=Mode.LINEART).value("mode") == "Gray"
    assert prepared("avision", Source.ADF, mode=Mode.GRAY).value("mode") == "256 Gray"


def test_a_resolution_in_words() -> None:
    assert prepared("panasonic", Source.ADF).value("resolution") == "300dpi"


@pytest.mark.parametrize(
    ("dump", "source", "wish"),
    [
        ("escl", Source.ADF_DUPLEX, {}),
        ("epjitsu", Source.FLATBED, {}),
        ("airscan", Source.ADF, {"dpi": 400}),
        ("fujitsu-fi", Source.ADF, {"dpi": 1200}),
        ("fujitsu-fi", Source.FLATBED, {"options": (("page-width", "210"),)}),  # inactive there
        ("fujitsu-fi", Source.ADF, {"options": (("swskip", "few"),)}),
        ("epson-gt", Source.ADF, {"options": (("eject", "1"),)}),
    ],
)
def test_what_the_device_lacks_is_refused(
    dump: str, source: Source, wish: dict[str, object]
) -> None:
    with pytest.raises(ProfileUnsupported):
        prepared(dump, source, **wish)


@pytest.mark.parametrize(
    ("dump", "sources", "sizes", "double_feed", "can_wait"),
    [
        (
            "fujitsu-fi",
            ("flatbed", "adf", "adf-duplex"),
            [(215.872, 296.972), (224.846, 355.6), (224.846, 355.6)],
            True,
            True,
        ),
        ("epjitsu", ("adf",), [(219.428, 317.5)], False, True),
        ("avision", ("flatbed", "adf", "adf-duplex"), [(215.9, 355.6)] * 3, True, True),
        ("hp-officejet", ("flatbed", "adf", "adf-duplex"), None, False, True),
        ("plain", ("flatbed",), [(0.0, 0.0)], False, False),
        ("plustek-lide", ("flatbed",), [(216.0, 297.0)], False, False),
        ("epkowa-photo", ("flatbed", "adf"), None, False, True),
        ("hp-laserjet-one-side", ("flatbed", "adf"), [(228.6, 381.0), (228.6, 355.6)], False, True),
    ],
)
def test_what_a_device_can_do(
    dump: str,
    sources: tuple[str, ...],
    sizes: list[tuple[float, float]] | None,
    double_feed: bool,
    can_wait: bool,
) -> None:
    able = sane_setup.capabilities(Replayed(dump))
    assert able.sources == sources
    assert (able.double_feed, able.can_wait) == (double_feed, can_wait)
    assert len(able.sizes) == len(able.sources)
    for size, expected in zip(able.sizes, sizes or able.sizes, strict=True):
        wanted = expected if isinstance(expected, tuple) else (expected.width, expected.height)
        assert (size.width, size.height) == pytest.approx(wanted, abs=0.1)

"""SANE's words for trouble, and its binding's options, as ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digitizer.errors import (
    FeederEmpty,
    FeederJam,
    ProfileUnsupported,
    ScannerError,
    ScannerLost,
)
from drivers.sane_options import Kind, Unit
from drivers.sane_table import OpenTable, converted

sane = pytest.importorskip("sane")


@pytest.mark.parametrize(
    ("says", "ends", "row"),
    [
        ("Error during device I/O", (), ScannerLost),
        ("Error during device I/O", ("IO_ERROR",), FeederEmpty),
        ("Error during device I/O", ("INVAL",), ScannerLost),
        ("Invalid argument", ("INVAL", "IO_ERROR"), FeederEmpty),
        ("Document feeder jammed", ("INVAL", "IO_ERROR"), FeederJam),
        ("Invalid argument", (), ProfileUnsupported),
        ("Something new", (), ScannerLost),
    ],
)
def test_what_a_status_means(says: str, ends: tuple[str, ...], row: type[ScannerError]) -> None:
    with pytest.raises(ScannerError) as told, converted(sane, "x", ends):
        raise sane._sane.error(says)
    assert type(told.value) is row


@pytest.fixture
def table(sane_home: Path) -> Iterator[OpenTable]:
    """SANE's test device, with all its kinds of options switched on."""
    sane.init()
    opened: Any = sane.open("test:0")
    opened.enable_test_options = True
    yield OpenTable(sane, opened)
    opened.close()
    sane.exit()


def test_every_kind_of_option_is_described(table: OpenTable) -> None:
    offers = table.offers()
    assert offers["source"].words == ("Flatbed", "Automatic Document Feeder")
    assert (offers["br-x"].unit, offers["br-x"].range) == (Unit.MM, (0.0, 200.0, 1.0))
    assert (offers["hand-scanner"].kind, table.value("hand-scanner")) == (Kind.BOOL, False)
    assert offers["depth"].numbers == (1.0, 8.0, 16.0)
    assert not offers["three-pass-order"].active
    assert not offers["bool-soft-detect"].settable
    assert offers["int-constraint-range"].unit is Unit.PIXEL
    assert offers["fixed-constraint-word-list"].numbers == pytest.approx(
        (-32.7, 12.1, 42.0, 129.5), abs=0.01
    )
    for name in ("red-gamma-table", "int-constraint-array", "button", "print-options"):
        assert offers[name].kind is Kind.OTHER


def test_values_are_taken_as_the_option_holds_them(table: OpenTable) -> None:
    table.put("depth", 8.0)
    table.put("br-x", 120)
    table.put("bool-soft-detect", True)  # told by the device: left as it is
    assert (table.value("depth"), table.value("br-x")) == (8, 120.0)
    table.put("hand-scanner", True)
    assert table.value("hand-scanner") is True
    with pytest.raises(ProfileUnsupported):
        table.value("br-x")  # a hand scanner has no area
    table.put("fixed-constraint-range", 3.3)
    assert table.value("fixed-constraint-range") == pytest.approx(3.83, abs=0.01)  # in steps of 2
    for name, value in (("three-pass", True), ("no-such-option", 1), ("mode", "Sepia")):
        with pytest.raises(ProfileUnsupported):
            table.put(name, value)

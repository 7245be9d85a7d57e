"""Every row of SANE's oddity table, replayed on the option list of a scanner that has it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from optiondumps import DUMPS, Replayed, parse

from digitizer.errors import DoubleFeed, FeederEndless, FeederJam
from digitizer.scanning import A4, Mode, Profile, Source, unheard
from drivers import sane_oddities, sane_setup
from drivers.sane_feed import Feed, Halt
from drivers.sane_options import Kind

FLATBED, ADF, BOTH = Source.FLATBED, Source.ADF, Source.ADF_DUPLEX


@dataclass(frozen=True, slots=True)
class Case:
    """A row, a scanner, a wish, and what its options hold after it."""

    row: str
    dump: str
    holds: dict[str, Any]
    source: Source = ADF
    wish: dict[str, Any] = field(default_factory=dict)


CASES = (
    Case("no-paper-source", "fujitsu-fi", {"source": "ADF Duplex"}, BOTH),
    Case("no-paper-source", "epson-gt", {"source": "Flatbed"}, FLATBED),
    Case("duplex-source", "samsung", {"source": "ADF Duplex - Long-Edge Binding"}, BOTH),
    Case("duplex-source", "airscan", {"source": "ADF Duplex"}, BOTH),
    Case("back-source", "fujitsu-old", {"source": "ADF Front"}),
    Case("feeder-source", "canon-pixma", {"source": "Automatic Document Feeder"}),
    Case("feeder-source", "samsung", {"source": "ADF Simplex"}),
    Case("glass-source", "epson-ds", {"source": "Document Table"}, FLATBED),
    Case("glass-source", "avision", {"source": "Normal"}, FLATBED),
    Case("glass-source", "panasonic", {"source": "fb"}, FLATBED),
    Case("adf-mode", "epson-gt", {"adf_mode": "Duplex"}, BOTH),
    Case("adf-mode", "epson-gt", {"adf_mode": "Simplex"}),
    Case("duplex-switch", "hp-officejet", {"source": "ADF", "duplex": True}, BOTH),
    Case("duplex-switch", "hp-officejet", {"source": "ADF", "duplex": False}),
    Case("duplex-switch", "panasonic", {"source": "adf", "duplex": True}, BOTH),
    Case("blank-skip", "brother-ads", {"SkipBlankPage": False}),
    Case("blank-skip-share", "fujitsu-fi", {"swskip": 0.0}),
    Case("blank-skip-share", "epson-ds", {"blank-threshold": 0.0}),
    Case("crop", "fujitsu-fi", {"swcrop": False, "hwdeskewcrop": False}),
    Case("crop", "panasonic", {"crop": False}),
    Case("deskew", "fujitsu-fi", {"swdeskew": False}),
    Case("deskew", "brother-ads", {"AutoDeskew": False}),
    Case("despeck", "fujitsu-fi", {"swdespeck": 0.0}),
    Case("dropout", "canon-dr", {"dropout-front": "None"}),
    Case("dropout", "fujitsu-fi", {"dropoutcolor": "Default"}),
    Case("overscan", "fujitsu-old", {"overscan": "Off"}),
    Case("overscan", "avision", {"overscan": False}),
    Case("compression", "fujitsu-fi", {"compression": "None"}),
    Case("compression", "hp-officejet", {"compression": "JPEG"}),  # its own affair there
    Case("batch-scan", "hp-officejet", {"batch-scan": True}),
    Case("batch-scan", "hp-officejet", {"batch-scan": False}, FLATBED),
    Case("feeder-mode", "panasonic", {"feeder-mode": "continuous"}),
    Case("prefeed", "avision", {"prefeed": False}, wish={"pages": 3}),
    Case("prefeed", "avision", {"prefeed": True}),
    Case("prefeed", "fujitsu-fi", {"prepick": "Off"}, BOTH, {"pages": 3}),
    Case("buffer", "fujitsu-fi", {"buffermode": "Off"}),
    Case("buffer", "canon-dr", {"buffermode": False}),
    Case("staples", "canon-dr", {"stapledetect": True}),
    Case("staples", "fujitsu-fi", {"staple-detect": "On"}),
    Case("paper-protection", "fujitsu-fi", {"paper-protect": "On"}),
    Case("button", "epson-gt", {"wait-for-button": False}, FLATBED),
    Case("button", "canon-pixma", {"button-controlled": False, "adf-wait": 0.0}),
    Case("preview", "epson-gt", {"preview": False}, FLATBED),
    Case("sleep", "fujitsu-fi", {"sleeptimer": 60.0}, wish={"wait": True}),
    Case("sleep", "fujitsu-fi", {"sleeptimer": 0.0}),
    Case("power-off", "fujitsu-fi", {"offtimer": 0.0}, wish={"wait": True}),
    Case("df-action", "fujitsu-fi", {"df-action": "Stop"}, BOTH),
    Case("df-action", "fujitsu-fi", {"df-action": "Continue"}, wish={"double_feed": False}),
    Case("df-thickness", "fujitsu-fi", {"df-thickness": True}),
    Case("df-thickness", "canon-dr", {"df-thickness": True}),
    Case("df-thickness", "canon-dr", {"df-thickness": False}, wish={"double_feed": False}),
    Case("df-length", "fujitsu-fi", {"df-length": False}),
    Case("df-skew", "fujitsu-fi", {"df-skew": False}),
    Case("dfdetect", "fujitsu-old", {"dfdetect": "Thickness"}),
    Case("dfdetect", "fujitsu-old", {"dfdetect": "None"}, wish={"double_feed": False}),
    Case("multi-feed", "avision", {"multi-feed": True}),
    Case("multi-feed", "avision", {"multi-feed": False}, FLATBED),
    Case("multi-feed", "brother-ads", {"MultifeedDetection": True}, BOTH),
    Case("doublefeed", "epson-ds", {"double-feed-detection": "Normal"}),
    Case("doublefeed", "epson-ds", {"double-feed-detection": "Off"}, wish={"double_feed": False}),
    Case("doublefeed", "panasonic", {"dfeed": True}),
    Case("dfd-sensitivity", "epson-gt", {"double-feed-detection-sensitivity": "Low"}),
    Case("dfd-sensitivity", "panasonic", {"dblfeed-sence": "Normal"}),
    Case("dfstop", "panasonic", {"dfstop": True}),
    Case("page-size", "fujitsu-fi", {"page-width": 224.846, "br-x": 224.846, "br-y": 355.6}),
    Case("page-size", "fujitsu-old", {"pageheight": 355.6, "br-y": 355.6}),
    Case("named-size", "panasonic", {"paper-size": "user_def", "br-y": 355.6}),
    Case("named-size", "epson-ds", {"scan-area": "Manual"}),
    Case("named-size", "epson-gt", {"quick-format": "Max"}, FLATBED),
    Case("size-detection", "brother-ads", {"AutoDocumentSize": False}),
    Case("size-detection", "epson-gt", {"detect-doc-size": False}, FLATBED),
    Case("central", "brother-ads", {"tl-x": 2.95, "br-x": 212.95}, wish={"size": A4}),
)


def wished(case: Case, table: Replayed) -> Profile:
    """The case's profile, at 300 dpi, in colour."""
    return Profile(table.device, case.source, **case.wish)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.row}-{case.dump}")
def test_what_a_row_sets(case: Case) -> None:
    table = Replayed(case.dump)
    ready = sane_setup.prepare(table, wished(case, table))
    assert (ready.source, ready.dpi) == (case.source, 300)
    for option, expected in case.holds.items():
        if isinstance(expected, float):
            expected = pytest.approx(expected, abs=0.1)
        assert table.value(option) == expected, option


def test_double_feed_told_by_a_sensor() -> None:
    jam = FeederJam("x")
    fujitsu = Replayed("fujitsu-fi")
    assert isinstance(sane_setup.jam_or_double(fujitsu, jam), DoubleFeed)
    fujitsu.values["double-feed"] = False
    assert sane_setup.jam_or_double(fujitsu, jam) is jam
    assert sane_setup.jam_or_double(Replayed("hp-officejet"), jam) is jam


class Endless:
    """A device that gives sheet after sheet, and the binding that opened it."""

    class _sane:  # noqa: N801 - the binding's own name
        error = OSError

    devname = "hpaio:/usb/one"

    def start(self) -> None:
        """Feed."""

    def snap(self, *, no_cancel: bool, progress: Callable[[int, int], None]) -> str:
        progress(1, 1)
        return "a sheet" if no_cancel else ""


@pytest.mark.parametrize(("pages", "ends"), [(None, True), (3, False)])
def test_a_feeder_that_never_tells_its_end_is_not_told_as_empty(
    pages: int | None, ends: bool
) -> None:
    table = Replayed("hp-officejet")
    profile = Profile(table.device, Source.ADF, pages=pages)
    ready = sane_setup.prepare(table, profile)
    halt = Halt(threading.Event(), threading.Event())
    feed = Feed(Endless(), Endless(), ready, profile, halt, unheard)
    came = []
    with pytest.raises(FeederEndless) if ends else contextlib.nullcontext():
        for seq, _ in feed.images():
            came.append(seq)
    assert came == list(range(1, (pages or 200) + 1))


def test_paper_told_by_a_sensor() -> None:
    told = {
        name: sane_setup.paper_there(Replayed(name))
        for name in ("fujitsu-fi", "canon-dr", "avision", "epjitsu", "airscan")
    }
    assert told == {
        "fujitsu-fi": False,
        "canon-dr": True,
        "avision": False,
        "epjitsu": True,
        "airscan": None,
    }


@pytest.mark.parametrize(
    ("dump", "source", "asked", "pages"),
    [
        ("airscan", FLATBED, None, 1),
        ("airscan", FLATBED, 7, 1),
        ("airscan", ADF, None, None),
        ("airscan", BOTH, 7, 7),
        ("hp-officejet", ADF, None, 200),
        ("hp-officejet", ADF, 300, 300),
        ("hp-officejet", FLATBED, None, 1),
        ("plain", FLATBED, None, 1),
    ],
)
def test_how_many_pages_come(
    dump: str, source: Source, asked: int | None, pages: int | None
) -> None:
    table = Replayed(dump)
    ready = sane_setup.prepare(table, Profile(table.device, source, pages=asked))
    assert ready.pages == pages


@pytest.mark.parametrize(
    ("dump", "source", "ends", "again"),
    [
        ("brother-ads", ADF, ("IO_ERROR", "INVAL"), 0),
        ("escl", ADF, ("IO_ERROR", "INVAL"), 0),
        ("escl", FLATBED, (), 2),
        ("samsung", BOTH, ("IO_ERROR",), 0),
        ("airscan", ADF, (), 0),
        ("airscan", FLATBED, (), 2),
        ("fujitsu-fi", ADF, (), 0),
    ],
)
def test_what_an_end_means(dump: str, source: Source, ends: tuple[str, ...], again: int) -> None:
    table = Replayed(dump)
    ready = sane_setup.prepare(table, Profile(table.device, source))
    assert (ready.ends, ready.again) == (ends, again)


def test_who_fills_up_what_never_came() -> None:
    def padding(name: str) -> int | None:
        table = Replayed(name)
        return sane_setup.prepare(table, Profile(table.device, ADF)).padding

    assert padding("airscan") == 128
    assert padding("fujitsu-fi") is None


ELSEWHERE = {
    "missing-rows-are-grey": test_who_fills_up_what_never_came,
    "double-feed-told": test_double_feed_told_by_a_sensor,
    "paper-loaded": test_paper_told_by_a_sensor,
    "endless-glass": test_how_many_pages_come,
    "endless-feeder": test_how_many_pages_come,
    "end-is-io-error": test_what_an_end_means,
    "end-is-inval": test_what_an_end_means,
    "glass-without-paper": test_what_an_end_means,
}


def test_every_row_has_a_test() -> None:
    rows = [row.name for row in sane_oddities.TABLE]
    assert len(rows) == len(set(rows))
    assert {case.row for case in CASES} | set(ELSEWHERE) == set(rows)


def test_every_dump_is_read_whole_and_can_scan() -> None:
    for dump in DUMPS.glob("*.txt"):
        lines = dump.read_text(encoding="utf-8").splitlines()
        options = [line for line in lines if line.startswith("    -")]
        assert [line for line in options if parse(line) is None] == []
        table = Replayed(dump.stem)
        able = sane_setup.capabilities(table)
        assert able.sources
        for source in able.sources:
            for mode in able.modes:
                profile = Profile(table.device, source, mode=mode)
                assert sane_setup.prepare(Replayed(dump.stem), profile).dpi == 300


def test_an_option_of_the_profile_has_the_last_word() -> None:
    table = Replayed("fujitsu-fi")
    options = (("swskip", "9"), ("page-height", "297"), ("br-y", "148.5"))
    sane_setup.prepare(table, Profile(table.device, ADF, options=options))
    assert table.value("swskip") == pytest.approx(9.0, abs=0.1)
    assert table.value("page-height") == pytest.approx(297.0, abs=0.1)
    assert table.value("br-y") == pytest.approx(148.5, abs=0.1)


def test_rows_belong_to_back_ends_also_behind_saned() -> None:
    def names(device: str) -> set[str]:
        return {row.name for row in sane_oddities.of(device)}

    assert "compression" in names("fujitsu:fi-9260:1")
    assert "compression" in names("net:192.0.2.1:fujitsu:fi-9260:1")
    assert "compression" in names("net:[fd00::7]:canon_dr:libusb:001:009")
    assert "compression" not in names("hpaio:/usb/fujitsu:x")
    assert "crop" in names("anything at all")


def test_a_read_only_mode_or_kind_of_the_dump_is_understood() -> None:
    table = Replayed("epjitsu")
    offers = table.offers()
    assert (offers["source"].kind, offers["source"].settable) == (Kind.TEXT, False)
    assert sane_setup.capabilities(table).sources == (ADF,)
    assert sane_setup.prepare(table, Profile(table.device, mode=Mode.GRAY)).source is ADF

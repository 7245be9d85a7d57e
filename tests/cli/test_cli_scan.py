"""``scan`` through SANE's own back ends and through sane-airscan from a virtual scanner."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import CODE, CommandLine
from PIL import Image

AIRSCAN = ("scan", "--device", "airscan:e0:Virtual", "--dossier", CODE, "--dpi", "100")
TEST = ("scan", "--device", "test:0", "--dossier", CODE, "--dpi", "75")
Start = Callable[..., CommandLine]


def stored(command: CommandLine, sha256: str) -> Path:
    return command.home / "vault" / sha256[:2] / sha256


def test_every_source_and_mode(command: CommandLine) -> None:
    seen = []
    for source, mode in itertools.product(("flatbed", "adf"), ("color", "gray", "lineart")):
        pages = ("--pages", "2") if source == "adf" else ()
        done = command.ok(*TEST, "--source", source, "--mode", mode, *pages)
        *landed, end = done.lines
        assert [page["seq"] for page in landed] == list(range(1, 3 if pages else 2))
        for page in landed:
            assert set(page) == {"event", "batch", "seq", "sha256", "file"}
            assert Path(page["file"]) == stored(command, page["sha256"])
            with Image.open(page["file"]) as image:
                seen.append((source, image.format, image.mode))
        assert (end["event"], end["pages"]) == ("end", len(landed))
        assert end["reason"] == ("count" if pages else "empty")
    kinds = [("JPEG", "RGB"), ("JPEG", "L"), ("TIFF", "1")]
    assert seen == [("flatbed", *kind) for kind in kinds] + [
        ("adf", *kind) for kind in kinds for _ in range(2)
    ]
    assert len(command.hashes()) == len(seen)


def test_a_feeder_that_has_no_back_says_so(command: CommandLine) -> None:
    office = "A4 màu 300 hai mặt"
    done = command.run(*TEST, "--profile", office, "--pages", "1")
    assert (done.code, done.lines[-1]["source"]) == (0, "adf")
    assert "only the fronts" in done.trouble
    assert command.ok(*TEST, "--source", "adf", "--pages", "1").err == ""


def test_a_profile_for_any_scanner_takes_one_that_has_a_feeder(command: CommandLine) -> None:
    office = ("scan", "--profile", "A4 màu 300 hai mặt", "--dossier", CODE, "--dpi", "75")
    done = command.run(*office, "--pages", "1")  # SANE lists pnm:0, a glass, first
    assert (done.code, done.lines[-1]["source"]) == (0, "adf")
    lacking = command.run(*office, "--source", "adf-duplex")
    assert (lacking.code, lacking.pages) == (3, [])
    assert "source adf-duplex" in lacking.trouble
    refused = command.run("scan", "--device", "pnm:0", "--dossier", CODE, "--dpi", "75")
    assert (refused.code, refused.pages) == (3, [])
    assert "pnm:0: " in refused.trouble


def test_page_by_page_is_from_the_glass_until_the_input_ends(command: CommandLine) -> None:
    done = command.run(*TEST, "--page-by-page", said="\n\n")
    assert (done.code, done.lines[-1]["reason"]) == (0, "empty")
    assert (len(done.pages), done.lines[-1]["source"]) == (3, "flatbed")
    counted = command.ok(*TEST, "--page-by-page", "--source", "adf", "--pages", "1")
    assert (counted.lines[-1]["reason"], counted.lines[-1]["source"]) == ("count", "adf")


def test_pnm_and_a_paper_by_name(command: CommandLine, paper: Path, tmp_path: Path) -> None:
    with Image.open(paper / "1.jpg") as page:
        page.save(tmp_path / "page.ppm")
    option = ("--option", f"filename={tmp_path / 'page.ppm'}")
    done = command.ok(
        "scan", "--device", "pnm:0", "--dossier", CODE, "--paper", "TP02", "--dpi", "75", *option
    )
    assert command.hashes("TP02") == [page["sha256"] for page in done.pages]


@pytest.mark.parametrize(
    ("args", "code", "reason", "words"),
    [
        (("--device", "nosuch:0"), 3, "failed", "digitizer devices"),
        (("--device", "folder:x"), 3, "failed", "no such scanner"),
        (("--source", "adf-duplex"), 3, "failed", "adf-duplex"),
        (("--option", "read-return-value=SANE_STATUS_JAMMED"), 3, "jam", "jam"),
        (("--option", "read-return-value=SANE_STATUS_COVER_OPEN"), 3, "cover", "cover"),
        (("--option", "read-return-value=SANE_STATUS_NO_DOCS"), 0, "empty", "feeder"),
        (("--option", "read-return-value=SANE_STATUS_IO_ERROR"), 3, "lost", "cable"),
        (("--option", "read-return-value=SANE_STATUS_DEVICE_BUSY"), 3, "jam", "feeder stopped"),
        (("--option", "read-return-value=SANE_STATUS_ACCESS_DENIED"), 3, "failed", "group"),
    ],
)
def test_what_a_scanner_says_is_told_with_its_remedy(
    command: CommandLine, args: tuple[str, ...], code: int, reason: str, words: str
) -> None:
    done = command.run(*TEST, *args)
    assert done.lines[-1]["reason"] == reason
    assert (done.code, done.pages) == (code, [])
    assert words in done.trouble
    assert command.hashes() == []


def test_an_unknown_dossier_feeds_nothing(command: CommandLine) -> None:
    done = command.run("scan", "--device", "test:0", "--dossier", "L-000777")
    assert (done.code, done.out) == (3, "")
    assert "no such dossier" in done.trouble


def test_a_page_is_told_when_another_process_sees_it(
    command: CommandLine, paper: Path, virtual: Start
) -> None:
    command = virtual(paper, "slow:0.8")
    scan = command.start(*AIRSCAN)
    hashes = []
    for seq in range(1, 5):
        page = scan.event()
        hashes.append(page["sha256"])
        assert (page["event"], page["seq"]) == ("page", seq)
        assert command.hashes()[:seq] == hashes
    assert scan.event()["reason"] == "empty"
    assert scan.end().code == 0
    assert len(set(hashes)) == 4
    assert command.hashes() == hashes


@pytest.mark.parametrize(
    ("fault", "pages", "code", "reason"),
    [
        ("jam:2", 2, 3, "jam"),
        ("cover:1", 1, 3, "cover"),
        ("empty", 0, 0, "empty"),
        ("cut:3", 2, 3, "lost"),
    ],
)
def test_pages_before_a_fault_are_kept(
    command: CommandLine,
    paper: Path,
    virtual: Start,
    fault: str,
    pages: int,
    code: int,
    reason: str,
) -> None:
    command = virtual(paper, fault)
    done = command.run(*AIRSCAN)
    assert (done.code, len(done.pages)) == (code, pages)
    assert done.lines[-1] == {
        "event": "end",
        "batch": done.lines[-1]["batch"],
        "pages": pages,
        "reason": reason,
        **({"source": "adf"} if pages else {}),
    }
    assert command.hashes() == [page["sha256"] for page in done.pages]
    command.sound()


def test_a_scanner_that_vanishes_between_two_pages(
    command: CommandLine, paper: Path, virtual: Start
) -> None:
    command = virtual(paper, "slow:1")
    scan = command.start(*AIRSCAN)
    first = scan.event()
    virtual.scanner.process.kill()  # type: ignore[attr-defined]
    done = scan.end()
    assert done.code == 3
    assert done.lines[-1]["reason"] == "lost"
    assert "earlier pages are safe" in done.trouble
    assert command.hashes() == [first["sha256"]]
    assert scan.left() == []
    command.sound()


def test_both_sides_in_grey(command: CommandLine, paper: Path, virtual: Start) -> None:
    command = virtual(paper)
    done = command.ok(*AIRSCAN, "--source", "adf-duplex", "--mode", "gray", "--pages", "3")
    assert (len(done.pages), done.lines[-1]["reason"]) == (3, "count")
    for page in done.pages:
        with Image.open(page["file"]) as image:
            assert image.mode == "L"


def test_killed_in_the_middle_of_a_stack(command: CommandLine, paper: Path, virtual: Start) -> None:
    command = virtual(paper, "slow:0.4")
    scan = command.start(*AIRSCAN)
    told = [scan.event()["sha256"], scan.event()["sha256"]]
    done = scan.end(signal.SIGKILL)
    told = [page["sha256"] for page in done.pages]
    assert scan.left() == []
    shown = command.hashes()  # before anything recovers
    assert shown[: len(told)] == told
    command.ok("dossier", "close", CODE)  # the next start
    command.sound()
    after = command.hashes()
    assert after[: len(told)] == told
    assert len(set(after)) == len(after)

"""``bundle FILE…`` and ``inspect FILE…`` as library calls, through their child programs."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pikepdf
import pytest

from digitizer.bundle.files import bundle_files
from digitizer.errors import FileUnreadable, OutputIsInput, OutputUnwritable, Stopped
from digitizer.pages.inspection import inspect
from digitizer.sandbox import stack

CODE = "000.00.20.H02-261122-0007"


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("scans")
    pages = (stack.receipt(CODE, "Trần Văn Quyết"), stack.blank_back(), stack.text_page(3, 2))
    return [stack.save(page, folder) for page in pages]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders go, to see that none stays."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def test_files_become_one_searchable_bundle(
    tmp_path: Path, scratch: Path, scans: list[Path]
) -> None:
    out, told = tmp_path / "out.pdf", list[int]()
    made = bundle_files(scans, out, progress=told.append)
    assert (made.pages, made.pdfa, made.bytes) == (3, True, out.stat().st_size)
    assert told == [1, 2, 3]
    text = subprocess.run(
        ["pdftotext", str(out), "-"], capture_output=True, text=True, check=True
    ).stdout
    receipt, back, last, _ = text.split("\f")
    assert CODE in receipt
    assert back.strip() == ""
    assert "Điều 3" in last
    with pikepdf.open(out) as pdf:
        for page, scan in zip(pdf.pages, scans, strict=True):
            assert page.obj.Resources.XObject["/Image"].read_raw_bytes() == scan.read_bytes()
    assert not list(scratch.iterdir())


def test_no_file_is_replaced_by_the_bundle_made_of_it(tmp_path: Path, scans: list[Path]) -> None:
    page, alias = tmp_path / "page.jpg", tmp_path / "alias.jpg"
    shutil.copy(scans[0], page)
    alias.symlink_to(page)
    before = page.read_bytes()
    for out in (page, alias, tmp_path / "nowhere" / ".." / "page.jpg"):
        with pytest.raises((OutputIsInput, OutputUnwritable)):
            bundle_files([scans[1], page], out)
    with pytest.raises(OutputIsInput):
        bundle_files([alias], page)
    assert page.read_bytes() == before


def test_a_pdf_of_ours_comes_apart_into_the_same_images(tmp_path: Path, scans: list[Path]) -> None:
    one, other = tmp_path / "one.pdf", tmp_path / "other.pdf"
    bundle_files(scans[:2], one)
    bundle_files([one], other)
    with pikepdf.open(other) as pdf:
        assert len(pdf.pages) == 2
        image = pdf.pages[0].obj.Resources.XObject["/Image"]
        assert image.read_raw_bytes() == scans[0].read_bytes()


def test_inspect_tells_every_page_in_order(scratch: Path, scans: list[Path]) -> None:
    first, second, third = inspect(scans)
    assert [page.file for page in (first, second, third)] == scans
    assert {code.text for code in first.codes} == {CODE}
    assert CODE in first.said.text
    assert first.confidence > 80
    assert (second.blank, second.said.text, second.confidence) == (True, "", 0.0)
    assert third.to_json()["page"] == 1
    assert not list(scratch.iterdir())


def test_a_bad_file_leaves_nothing(tmp_path: Path, scratch: Path, scans: list[Path]) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(scans[0].read_bytes()[:100_000])
    out = tmp_path / "out.pdf"
    with pytest.raises(FileUnreadable):
        bundle_files([scans[0], bad], out)
    assert not out.exists()
    assert not list(scratch.iterdir())


def test_stop_ends_it_within_two_seconds(tmp_path: Path, scratch: Path, scans: list[Path]) -> None:
    stop, out = threading.Event(), tmp_path / "out.pdf"
    copies = [Path(shutil.copy(scans[2], tmp_path / f"{number}.jpg")) for number in range(6)]
    stopped_at: list[float] = []

    def stop_after_one(_done: int) -> None:
        stopped_at.append(time.monotonic())
        stop.set()

    with pytest.raises(Stopped):
        bundle_files(copies, out, stop=stop, progress=stop_after_one)
    assert time.monotonic() - stopped_at[0] < 2
    assert not out.exists()
    assert not list(scratch.iterdir())


def test_an_output_without_a_place_is_refused_before_any_work(
    tmp_path: Path, scans: list[Path]
) -> None:
    began = time.monotonic()
    with pytest.raises(OutputUnwritable):
        bundle_files(scans, tmp_path / "nowhere" / "out.pdf")
    assert time.monotonic() - began < 0.5

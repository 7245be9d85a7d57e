"""The demonstration from end to end: what it says must be so, and trouble must show."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import pdfa

from tests.demo.demonstrating import Run, left_of, run, started, working_on

OURS, OTHER = "000.00.20.H02-261122-0001", "000.00.20.H02-261122-0007"
A4_POINTS = (595, 842)
PAGES = {f"{OURS}.01.pdf": 1, f"{OURS}.02.pdf": 2, f"{OURS}.03.pdf": 1, f"{OTHER}.06.pdf": 2}


def received(through: Run) -> list[Path]:
    return sorted((through.root / "received").iterdir())


def text_of(file: Path) -> str:
    told = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True)
    return " ".join(told.stdout.decode().split())


def test_ends_well_and_every_step_has_its_tick(through: Run) -> None:
    assert through.code == 0, through.said
    assert "✗" not in through.said
    assert len(re.findall(r"^ ✓ +[0-9]+\.[0-9] s  \S", through.said, re.M)) >= 12
    assert "6 pages in 4 PDF files" in through.said
    assert "Everything was received and verified." in through.said
    assert "The window was not opened: DEMO_WINDOW=0." in through.said


def test_the_summary_tells_what_went_where(through: Run) -> None:
    _, _, summary = through.said.partition("What went where")
    ours, _, other = summary.partition(OTHER)
    assert "Nguyễn Thị Hạnh Dung · Đăng ký khai sinh" in ours
    assert re.search(r"TP01  Tờ khai đăng ký khai sinh +1 page ", ours)
    assert re.search(r"TP02  Giấy chứng sinh +2 pages ", ours)
    assert "page 2 is blank" in ours
    assert "askew: levelled" in ours
    assert re.search(r"TP99  Giấy tờ khác +2 pages ", other)
    for file in received(through):
        assert str(file) in summary


def test_the_files_are_what_it_says_they_are(through: Run) -> None:
    counted = {}
    for file in received(through):
        assert pdfa.validate_written(file, "2b").passed
        with pikepdf.open(file) as pdf:
            counted[file.name] = len(pdf.pages)
            for page in pdf.pages:
                left, bottom, right, top = (float(edge) for edge in page.mediabox)
                assert (right - left, top - bottom) == pytest.approx(A4_POINTS, abs=3)
    assert counted == PAGES


def test_another_viewer_finds_the_text(through: Run) -> None:
    form, letter, _, other = received(through)
    assert "Nguyễn Thị Hạnh Dung" in text_of(form)
    assert "Ủy ban nhân dân xã Tân Lập" in text_of(letter)
    assert OTHER in text_of(other)
    assert "Hoàng Thị Bích Ngọc" in text_of(other)


def test_nobody_else_can_look_and_nothing_is_left_running(through: Run) -> None:
    for folder, _, files in os.walk(through.root):
        assert stat.S_IMODE(Path(folder).stat().st_mode) & 0o077 == 0, folder
        for name in files:
            assert stat.S_IMODE((Path(folder) / name).stat().st_mode) & 0o077 == 0, name
    assert left_of(through.root) == []


def test_a_jammed_scanner_ends_it_with_what_the_scanner_said(place: Path) -> None:
    ended = run(place, DEMO_SCANNER_FAULT="jam:1")
    assert ended.code == 1
    assert "paper jam" in ended.said
    assert "Traceback" not in ended.said
    assert "What went where" not in ended.said
    assert left_of(place) == []


def test_asked_to_end_it_takes_its_children_along(place: Path) -> None:
    with started(place) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "started on this machine" in line:
                break
        assert len(working_on(place)) >= 2
        second = run(place)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
    assert process.returncode == 128 + signal.SIGINT
    assert "Traceback" not in said
    assert left_of(place) == []
    assert second.code == 1
    assert "another demonstration is running" in second.said


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("ten years")
    ended = run(tmp_path)
    assert ended.code == 1
    assert "holds something else" in ended.said
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.odt"]

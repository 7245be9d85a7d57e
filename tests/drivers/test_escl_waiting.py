"""Our eSCL driver waits for paper: beside devices that notice it, never do, or refuse meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from test_escl import assert_job_deleted, scan_all

from digitizer.scanning import Profile, Progress
from drivers import escl_job, virtual
from drivers.virtual import Quirks


def test_waits_for_paper_and_starts_when_it_is_in(stack: Path, into: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    for file in sorted(stack.iterdir()):
        file.rename(aside / file.name)
    waited = []

    def load(progress: Progress) -> None:
        if progress.waiting:
            waited.append(progress.seq)
            for file in sorted(aside.iterdir(), reverse=True):
                file.rename(stack / file.name)

    with virtual.running(stack) as url:
        pages, trouble = scan_all(Profile(url, dpi=100, wait=True), into, load)
    assert (len(pages), trouble) == (4, None)
    assert waited[0] == 1


@pytest.mark.parametrize("state", ["ScannerAdfEmpty", "Nonsense"])
def test_paper_is_noticed_by_a_device_whose_status_never_does(
    stack: Path, into: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr(escl_job, "_PAPER_SECONDS", 0.05)
    aside = stack.rename(tmp_path / "aside")
    stack.mkdir()
    heard: list[str] = []

    def load(progress: Progress) -> None:
        looks = heard.count("GET /eSCL/ScannerStatus")
        if progress.waiting and looks >= 8 and not any(stack.iterdir()):
            stack.rmdir()
            aside.rename(stack)

    quirks = Quirks(adf_state=state, heard=heard.append)
    with virtual.running(stack, quirks=quirks) as url:
        stop = threading.Event()
        patience = threading.Timer(10.0, stop.set)
        patience.start()
        pages, trouble = scan_all(Profile(url, dpi=100, wait=True), into, load, stop)
        patience.cancel()
    assert (len(pages), trouble) == (4, None)
    assert heard.count("POST /eSCL/ScanJobs") > 1
    assert_job_deleted(heard)


def test_jobs_refused_for_want_of_paper_do_not_end_the_wait(stack: Path, into: Path) -> None:
    quirks = Quirks(refusals=9, adf_state="ScannerAdfEmpty")
    with virtual.running(stack, quirks=quirks) as url:
        pages, trouble = scan_all(Profile(url, dpi=100, wait=True), into)
        assert (len(pages), trouble) == (4, None)

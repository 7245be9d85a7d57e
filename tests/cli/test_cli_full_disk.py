"""A desk that never opens the window, on a disk that gets full: it has its reserve all the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import CODE, CommandLine
from smalldisk import fill, small_disk

from digitizer import ballast
from digitizer.config import Home

_DISK = 224 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 224 MB of its own: plenty, while nothing is on it."""
    with small_disk(tmp_path / "disk", _DISK) as place:
        yield place


@pytest.fixture
def desk(bare: CommandLine, disk: Path) -> CommandLine:
    """The command on a home on that disk, with one dossier."""
    command = bare.at(disk / "home")
    command.ok("dossier", "new", "--code", CODE)
    assert not Home(command.home).ballast.exists(), "nothing was scanned yet"
    return command


def has_reserve(desk: CommandLine) -> bool:
    file = Home(desk.home).ballast
    return file.exists() and file.stat().st_blocks * 512 >= ballast.BYTES


@pytest.mark.parametrize("way", ["import", "scan", "work"])
def test_what_was_scanned_stays_and_is_closed_on_a_disk_that_others_filled(
    desk: CommandLine, disk: Path, paper: Path, way: str
) -> None:
    take = {
        "import": ("import", paper / "1.jpg", "--dossier", CODE, "--paper", "TP01"),
        "scan": ("scan", "--device", "test:0", "--dossier", CODE, "--pages", "1"),
        "work": ("work", "--until-idle"),
    }
    desk.ok(*take[way])
    assert has_reserve(desk)
    fill(disk)
    refused = desk.run(*take["import"])
    assert (refused.code, "disk is full" in refused.err) == (3, True), refused
    assert desk.ok("dossier", "close", CODE).value
    assert desk.ok("dossier", "show", CODE).value["closed"]
    assert not has_reserve(desk), "this is what it was for"
    os.truncate(disk / "others", 0)
    desk.ok(*take["import"])
    assert has_reserve(desk), "and it is taken in again"
    desk.sound()

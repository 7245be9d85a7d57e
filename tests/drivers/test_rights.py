"""What drivers may do in their worker: nothing with the dossiers, whatever a back end tries."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from digitizer import landlock, syscalls
from digitizer.scanning import Profile
from digitizer.storage import scratch
from drivers import rights
from drivers.wire import Request, Verb
from tests.captive import DONE, all_tried, tried

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or landlock.version() < landlock.OLDEST or not syscalls.offered(),
    reason="this system holds no program back",
)
REFUSED = {"EACCES", "EPERM", "EXDEV"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home as workers meet it: a database, a page in the vault, a batch that is scanned into."""
    home = tmp_path / "home"
    for folder in ("scanners", "incoming/one", "incoming/other", "vault/a8"):
        (home / folder).mkdir(parents=True)
    for file in ("digitizer.db", "vault/a8/a8d8", "incoming/other/0001.jpg"):
        (home / file).write_text("ours")
    return home


def asked(home: Path, driver: str, *files: Path) -> Request:
    profile = Profile("device", files=files)
    return Request(Verb.SCAN, driver, "", profile, home / "incoming/one", home / "scanners")


NAMES = ("digitizer.db", "vault/a8/a8d8", "incoming/other/0001.jpg")
HARM = ("read", "append", "remove", "empty through reading")


@pytest.mark.parametrize("driver", ["sane", "escl", "folder"])
def test_a_driver_lands_its_pages_and_never_reaches_the_dossiers(home: Path, driver: str) -> None:
    into = home / "incoming/one"
    *landed, listed, made = all_tried(
        [
            ("write", into / "0001.part"),
            ("rename", into / "0001.part", into / "0001.jpg"),
            ("write", home / "scanners" / "known.json"),
            ("list", home / "vault"),
            ("write", home / "new"),
        ],
        rights.of(asked(home, driver)),
    )
    assert landed == [DONE] * 3
    assert {listed, made} <= REFUSED
    harm = [(deed, home / name) for name in NAMES for deed in HARM]
    ended = all_tried(harm, rights.of(asked(home, driver)))
    assert set(ended) <= REFUSED, dict(zip(harm, ended, strict=True))
    assert all((home / name).read_text() == "ours" for name in NAMES)


def test_scanners_are_reached_by_device_and_network(home: Path) -> None:
    shell = ("run", "/bin/sh", "-c", "true")
    with socket.create_server(("127.0.0.1", 0)) as scanner:
        connect = ("connect", "127.0.0.1", str(scanner.getsockname()[1]))
        back_end = all_tried(
            [connect, ("list", "/sys/bus"), ("read", "/bin/sh"), shell],
            rights.of(asked(home, "sane")),
        )
        assert back_end == [DONE] * 4, "back ends have helpers"
        line, other = all_tried([connect, shell], rights.of(asked(home, "escl")))
        assert line == DONE
        assert other in REFUSED
        assert tried(*connect, rights=rights.of(asked(home, "folder"))) in REFUSED


def test_copies_of_pages_in_memory_are_out_of_reach(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(scratch.MEMORY_VARIABLE, str(tmp_path / "run"))
    lent, beside = tmp_path / "run" / scratch.IN_MEMORY / "page", tmp_path / "run" / "bus"
    lent.parent.mkdir(parents=True)
    for file in (lent, beside):
        file.write_text("ours")
    for driver in ("sane", "escl", "folder"):
        read, around = all_tried([("read", lent), ("read", beside)], rights.of(asked(home, driver)))
        assert read in REFUSED
        assert (around == DONE) == (driver == "sane"), "back ends have what lies about, not that"


def test_the_folder_driver_reads_what_it_was_told_of(home: Path, tmp_path: Path) -> None:
    told, other = tmp_path / "told.pdf", tmp_path / "other.pdf"
    for file in (told, other):
        file.write_text("theirs")
    read, *refused = all_tried(
        [("read", told), ("append", told), ("read", other)],
        rights.of(asked(home, "folder", told)),
    )
    assert read == DONE
    assert set(refused) <= REFUSED

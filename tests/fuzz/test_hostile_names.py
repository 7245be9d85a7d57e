"""Folders whose names, links and files are made to do harm: pages or a known error, no more."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitizer.errors import DigitizerError, FileNotPlain
from digitizer.log import log_to, stop_logging
from digitizer.procedure.folder_reading import parcels
from digitizer.rules import read_rules
from digitizer.scanning import Profile
from drivers.host import HostedScanner
from drivers.listing import natural, papers
from tests.fuzz import fuzzed

posix = pytest.mark.skipif(os.name != "posix", reason="names, links and pipes of POSIX")
NAMES = st.binary(min_size=1, max_size=200).map(
    lambda name: name.replace(b"/", b"_").replace(b"\0", b"_") + b".png"
)
ODD = (
    "page\n2.png", "trang \u202egnp.exe.png", "-rf.png", "a" * 251 + ".png", "%s%n.png",
    "\x1b[2J.png", os.fsdecode(b"\xff\xfe.png"),
)  # fmt: skip


@posix
@fuzzed
@given(st.lists(NAMES, max_size=6, unique=True))
def test_files_of_any_name_are_listed_in_order(names: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            with contextlib.suppress(OSError):  # too long for this file system
                Path(folder, os.fsdecode(name)).touch()
        found = papers(Path(folder))
        assert found == sorted(found, key=natural)
        assert all(path.parent == Path(folder) for path in found)
        with contextlib.suppress(DigitizerError):
            list(parcels(Path(folder)))


@posix
def test_pages_come_in_whatever_their_files_are_called(tmp_path: Path) -> None:
    """Also beside a pipe, links to devices and out of the folder, and links in a circle: those are
    told in the end."""
    folder, into = tmp_path / "stick", tmp_path / "into"
    folder.mkdir()
    into.mkdir()
    page = Image.new("L", (200, 280), 255)
    for name in ODD:
        page.save(folder / name, "PNG")
    os.mkfifo(folder / "pipe.png")
    (folder / "zero.png").symlink_to("/dev/zero")
    (folder / "me.png").symlink_to("/proc/self/environ")
    (folder / "loop").symlink_to(folder)
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (tmp_path / "outside.png").write_bytes((folder / ODD[0]).read_bytes())
    (folder / "outside.png").symlink_to(tmp_path / "outside.png")
    scan = HostedScanner("folder").scan(Profile("folder", files=(folder,)), into, threading.Event())
    came: list[str] = []
    with pytest.raises(FileNotPlain) as met:
        came.extend(one.origin.name for one in scan if one.origin)
    assert sorted(came) == sorted(ODD)
    for name in ("loop.png", "me.png", "outside.png", "pipe.png", "zero.png"):
        assert name in met.value.detail


@posix
@pytest.mark.parametrize("name", ["/dev/zero", "/proc/self/mem", "/dev/stdin"])
def test_what_is_no_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    profile = Profile("folder", files=(Path(name),))
    with pytest.raises(DigitizerError):
        list(HostedScanner("folder").scan(profile, tmp_path, threading.Event()))


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder for folders that nothing in Python can remove."""
    yield tmp_path
    subprocess.run(["rm", "-rf", *tmp_path.iterdir()], check=True)


def nested(top: Path, name: str, depth: int) -> int:
    """Nest folders; return a descriptor of the innermost."""
    here = os.open(top, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    return here


@posix
def test_folders_deeper_than_python_counts_are_looked_through(deep: Path) -> None:
    innermost = nested(deep, "d", 1300)
    os.close(os.open("page.png", os.O_CREAT | os.O_WRONLY, dir_fd=innermost))
    os.close(innermost)
    assert [path.name for path in papers(deep)] == ["page.png"]


@posix
def test_folders_deeper_than_a_path_are_passed_by(deep: Path) -> None:
    (deep / "page.png").touch()
    os.close(nested(deep, "d" * 250, 20))
    assert [path.name for path in papers(deep)] == ["page.png"]


@posix
def test_rules_that_are_a_pipe_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rules.toml")
    with pytest.raises(DigitizerError):
        read_rules(tmp_path / "rules.toml")


def test_rules_larger_than_any_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(DigitizerError, match="larger"):
        read_rules(tmp_path / "rules.toml")


def test_a_name_cannot_forge_a_line_of_the_log(tmp_path: Path) -> None:
    handler = log_to(tmp_path / "log")
    try:
        logging.getLogger("fuzz").warning("refused: %s", "x\n2026-01-01 ERROR forged\u202e")
    finally:
        stop_logging(handler)
    first, second = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert first.endswith("refused: x")
    assert second == "    2026-01-01 ERROR forged\\u202e"

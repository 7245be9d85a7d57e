"""Copies in clear lie in memory where the account has some, and go whatever ends a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitizer.storage.scratch import Scratch, in_memory
from digitizer.storage.vault import Vault
from tests.storage.sealing import new_seal

MEMORY = Path("/dev/shm")
HOLDER = """
import sys
from pathlib import Path
from digitizer.storage.scratch import Scratch
place = Scratch(Path(sys.argv[1]), hidden=True).place()
(place / "page").write_bytes(b"page")
print(place, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in memory that is the account's alone."""
    if not os.access(MEMORY, os.W_OK):
        pytest.skip("no memory to keep files in")
    folder = Path(tempfile.mkdtemp(dir=MEMORY))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


def test_a_plain_home_works_in_its_own_folder(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / "work").mkdir()
    scratch = Vault(tmp_path / "vault").scratch
    assert scratch.place() == tmp_path / "work"
    with scratch.folder() as folder:
        assert folder.parent == tmp_path / "work"
    assert not list(runtime.iterdir())
    assert not list((tmp_path / "work").iterdir())


def test_a_sealed_home_s_copies_lie_in_memory_and_of_two_homes_apart(
    tmp_path: Path, runtime: Path
) -> None:
    vaults = [Vault(tmp_path / name / "vault", new_seal()) for name in ("one", "two")]
    page = tmp_path / "page"
    page.write_bytes(b"page" * 999)
    for vault in vaults:
        with vault.lent(vault.adopt(page).sha256) as lent:
            assert lent.read_bytes() == b"page" * 999
            assert lent.is_relative_to(runtime / "digitizer")
            inside = [lent, *lent.parents]
            own = inside[1 : inside.index(runtime)]
            assert {one.stat().st_mode & 0o777 for one in own} == {0o700}
    places = [vault.scratch.place() for vault in vaults]
    assert len({one.parent for one in places}) == 2
    for vault in vaults:
        vault.close()
    assert not [one for one in runtime.rglob("*") if one.is_file()]
    assert not [one for name in ("one", "two") for one in (tmp_path / name / "work").glob("*")]


def test_what_memory_has_no_room_for_goes_to_the_disk(tmp_path: Path, runtime: Path) -> None:
    scratch = Scratch(tmp_path / "work", in_memory(tmp_path), hidden=True)
    room = shutil.disk_usage(runtime).free
    with scratch.folder(room) as folder:
        assert folder.is_relative_to(tmp_path / "work")
    with scratch.folder(0) as folder:
        assert folder.is_relative_to(runtime)
    scratch.close()
    assert not list((tmp_path / "work").iterdir())


def test_a_session_that_ended_took_its_memory_along(tmp_path: Path, runtime: Path) -> None:
    scratch = Scratch(tmp_path / "work", in_memory(tmp_path), hidden=True)
    first = scratch.place()
    shutil.rmtree(runtime / "digitizer")
    assert scratch.place() != first
    assert scratch.place().is_dir()
    runtime.rename(runtime.with_name(f"{runtime.name}-gone"))
    runtime.write_text("in its place")
    try:
        assert scratch.place().parent == tmp_path / "work"
    finally:
        runtime.unlink()
        runtime.with_name(f"{runtime.name}-gone").rename(runtime)
        scratch.close()


@pytest.mark.parametrize("named", ["", "relative", "/nowhere", "{shared}", "{disk}"])
def test_nothing_is_put_where_others_may_look_or_onto_a_disk(
    tmp_path: Path, runtime: Path, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (runtime / "shared").mkdir(mode=0o755)
    disk = Path(tempfile.mkdtemp(dir="/proc/self/cwd"))  # where the tests are started: no memory
    try:
        value = named.format(shared=runtime / "shared", disk=disk.resolve())
        monkeypatch.setenv("XDG_RUNTIME_DIR", value)
        assert in_memory(tmp_path) is None
    finally:
        disk.rmdir()


def test_what_a_killed_process_left_is_cleared_and_what_a_living_one_has_is_not(
    tmp_path: Path,
) -> None:
    work = tmp_path / "work"
    (work / "of an older version").mkdir(parents=True)
    (work / "file").write_bytes(b"left")
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(work)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        places = []
        for holder in holders:
            assert holder.stdout is not None
            places.append(Path(holder.stdout.readline().strip()))
        holders[0].kill()
        holders[0].wait()
        own = Scratch(work, hidden=True)
        mine = own.place()
        own.clear()
        assert sorted(work.iterdir()) == sorted([places[1], mine])
        assert (places[1] / "page").read_bytes() == b"page"
        own.close()
        assert list(work.iterdir()) == [places[1]]
    finally:
        for holder in holders:
            holder.kill()
            holder.communicate()
    Scratch(work).clear()
    assert list(work.iterdir()) == []

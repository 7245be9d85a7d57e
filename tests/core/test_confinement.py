"""What a child program cannot do, each tried by one; and that what it may do, it can."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitizer import confinement, landlock, programs, syscalls
from digitizer.confinement import Rights
from tests.captive import DONE, ROOT, all_tried, tried

HELD = sys.platform == "linux" and landlock.version() >= landlock.OLDEST and syscalls.offered()
confined = pytest.mark.skipif(not HELD, reason="this system holds no program back")
REFUSED = {"EACCES", "EPERM"}
DEBIAN_12 = 2
"""The version of Landlock that its kernel has."""
kernels = pytest.mark.parametrize("kernel", [0, DEBIAN_12])

PROGRAMS = (
    "digitizer.bundle.__main__", "digitizer.bundle.check", "digitizer.bundle.sheets",
    "digitizer.pages.intake", "digitizer.pages.ocr", "digitizer.pages.reading",
    "digitizer.pages.secretlook", "digitizer.pages.sight", "digitizer.pages.signatures",
    "digitizer.pages.whole", "digitizer.signing.__main__", "digitizer.signing.looking",
    "digitizer.training.paper", "drivers.worker", "drivers.escl", "drivers.folder", "drivers.sane",
)  # fmt: skip


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that no program was told of, as a database, a key or another dossier's page is."""
    file = tmp_path / "person" / ".ssh" / "id_ed25519"
    file.parent.mkdir(parents=True)
    file.write_text("secret")
    return file


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        ear.setblocking(False)
        yield ear


@confined
@kernels
def test_a_file_it_was_not_told_of_is_out_of_reach(secret: Path, kernel: int) -> None:
    deeds = ("read", "append", "write", "remove", "truncate", "empty through reading", "mode",
             "times")  # fmt: skip
    ended = all_tried([(deed, secret) for deed in deeds], kernel=kernel)
    assert set(ended) <= REFUSED, dict(zip(deeds, ended, strict=True))
    assert secret.read_text() == "secret"


@confined
def test_the_folder_one_is_in_is_none_it_was_told_of(
    secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(secret.parent)
    assert tried("read", secret, rights=Rights(reads=("",), writes=("",))) in REFUSED


@confined
@kernels
def test_folders_it_was_not_told_of_are_neither_listed_nor_filled(
    tmp_path: Path, kernel: int
) -> None:
    ended = all_tried(
        [
            ("list", tmp_path),
            ("list", Path.home()),
            ("write", tmp_path / "file"),
            ("folder", tmp_path / "folder"),
            ("pipe", tmp_path / "pipe"),
        ],
        kernel=kernel,
    )
    assert set(ended) <= REFUSED, ended
    assert list(tmp_path.iterdir()) == []


@confined
@kernels
def test_what_it_may_read_it_cannot_change(tmp_path: Path, kernel: int) -> None:
    """A page of the vault is lent under a second name: writing to it would change the first."""
    lent, made = tmp_path / "lent", tmp_path / "made"
    lent.mkdir()
    made.mkdir()
    page = lent / "page"
    page.write_text("page")
    changes = ("append", "write", "truncate", "empty through reading", "remove", "mode", "times")
    moves = ("link", "rename")  # to where it could change it
    read, *ended = all_tried(
        [
            ("read", page),
            *((deed, page) for deed in changes),
            *((deed, page, made / "page") for deed in moves),
        ],
        Rights(reads=(lent,), writes=(made,)),
        kernel,
    )
    assert read == DONE
    assert set(ended) <= REFUSED | {"EXDEV"}, dict(zip((*changes, *moves), ended, strict=True))
    assert page.read_text() == "page"
    assert list(made.iterdir()) == []


@confined
@kernels
def test_it_works_in_its_folder_and_leads_nobody_out_of_it(
    tmp_path: Path, secret: Path, kernel: int
) -> None:
    made = tmp_path / "made"
    (made / "deep").mkdir(parents=True)
    moved = made / "deep" / "file"
    *worked, symlink, link, rename, pipe = all_tried(
        [
            ("write", made / "file"),
            ("rename", made / "file", moved),
            ("append", moved),
            ("folder", made / "more"),
            ("remove", moved),
            ("symlink", secret, made / "led"),
            ("link", secret, made / "led"),
            ("rename", secret, made / "led"),
            ("pipe", made / "pipe"),
        ],
        Rights(writes=(made,)),
        kernel,
    )
    assert worked == [DONE] * 5
    assert {symlink, link, rename, pipe} <= REFUSED | {"EXDEV"}
    assert not (made / "led").is_symlink()


@confined
@kernels
def test_nothing_is_sent_anywhere(listener: socket.socket, tmp_path: Path, kernel: int) -> None:
    port = str(listener.getsockname()[1])
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))  # as the desktop's, which starts programs
        bus.listen()
        ended = all_tried(
            [
                ("connect", "127.0.0.1", port),
                ("connect", "::1", port),
                ("send", port),
                ("connect unix", tmp_path / "bus"),
            ],
            kernel=kernel,
        )
        assert set(ended) <= REFUSED, ended
    with pytest.raises(BlockingIOError):
        listener.accept()


@confined
def test_a_program_with_the_network_reaches_it(listener: socket.socket) -> None:
    port = str(listener.getsockname()[1])
    assert tried("connect", "127.0.0.1", port, rights=Rights(network=True)) == DONE
    listener.accept()[0].close()


@confined
@kernels
def test_no_other_program_is_started(kernel: int) -> None:
    shell = ("run", "/bin/sh", "-c", "true")
    assert set(all_tried([shell, ("fork",), ("memory",)], kernel=kernel)) <= REFUSED
    own, other = all_tried(
        [("run", "tesseract", "--version"), shell], Rights(runs=("tesseract",)), kernel
    )
    assert own == DONE
    assert other in REFUSED


@confined
@kernels
def test_the_loader_starts_no_shell_either(tmp_path: Path, kernel: int) -> None:
    """The loader may be started, for Tesseract needs it; what it shall load is not readable."""
    proof = tmp_path / "made" / "proof"
    proof.parent.mkdir()
    words = (Path("/bin/sh").resolve(), "-c", f": > {proof}")
    deeds = [("run", loader, *words) for loader in Path("/").glob("lib64/ld-linux*.so*")]
    all_tried(deeds, Rights(writes=(proof.parent,), runs=("tesseract",)), kernel)
    assert not proof.exists()


@confined
@kernels
def test_other_processes_are_left_alone(kernel: int) -> None:
    me = str(os.getpid())
    assert set(all_tried([("signal", me), ("trace", me)], kernel=kernel)) <= REFUSED


@confined
def test_around_some_folders_all_else_may_be_read(tmp_path: Path) -> None:
    closed, other = tmp_path / "closed", tmp_path / "other"
    for folder in (closed, other):
        folder.mkdir()
        (folder / "file").write_text("x")
    read, *refused = all_tried(
        [("read", other / "file"), ("read", closed / "file"), ("write", other / "file")],
        Rights(around=(closed,)),
    )
    assert read == DONE
    assert set(refused) <= REFUSED


def test_what_lies_beside_closed_folders(tmp_path: Path) -> None:
    for name in ("a/x", "a/y", "b/z"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "a" / "x")
    found = list(confinement.beside(tmp_path, [tmp_path / "a" / "x"]))
    assert found == [tmp_path / "a" / "y", tmp_path / "b"]
    assert list(confinement.beside(tmp_path / "a" / "x" / "in", [tmp_path / "a" / "x"])) == []


@confined
@pytest.mark.parametrize("module", PROGRAMS)
def test_each_program_has_one_thread_when_it_gives_up_its_rights(module: str) -> None:
    """A thread that is there before would keep what the others give up."""
    counted = f"import os, {module}; print(len(os.listdir('/proc/self/task')))"
    told = subprocess.run(
        [sys.executable, "-c", counted],
        env=programs.environment(),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert told.stdout.strip() == b"1"


def test_every_program_says_its_rights() -> None:
    """One that is added without having its place in ``PROGRAMS`` is missed above."""
    serving = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in ("digitizer", "drivers")
        for path in (ROOT / package).rglob("*.py")
        if "programs.serve(" in path.read_text() and path.name != "programs.py"
    }
    assert serving - {"digitizer.confined"} <= set(PROGRAMS)


@confined
def test_a_kernel_without_landlock_still_holds_the_network_and_programs(
    listener: socket.socket, secret: Path
) -> None:
    port = str(listener.getsockname()[1])
    connect, run, read = all_tried(
        [("connect", "127.0.0.1", port), ("run", "/bin/sh", "-c", "true"), ("read", secret)],
        kernel=-1,
    )
    assert {connect, run} <= REFUSED
    assert read == DONE, "or the test proves nothing"


def test_no_module_is_taken_from_the_folder_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick may hold a ``json.py``, and be the folder that the program was started in."""
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    (tmp_path / "numpy.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert set(programs.run_module("digitizer.confined", timeout=60)) == {
        "files", "network", "programs",
    }  # fmt: skip


def test_the_doctor_tells_what_holds() -> None:
    from digitizer.doctor import _confined

    check = _confined()
    assert check.ok is (HELD or sys.platform != "linux")
    assert json.dumps(check.detail)

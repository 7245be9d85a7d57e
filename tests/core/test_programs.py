"""Child programs: answers, errors, time limits, kills, and no orphan left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from digitizer import programs
from digitizer.errors import (
    FeederJam,
    FileMissing,
    FileUnreadable,
    ImageTooLarge,
    ProgramCrashed,
    ProgramTimeout,
    Stopped,
)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type:
    """Writes modules that a child can run by name."""
    old = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path.cwd()}{os.pathsep}{old}")

    class Program:
        @staticmethod
        def write(name: str, body: str) -> str:
            text = "from digitizer import programs\n" + textwrap.dedent(body)
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
            return name

    return Program


def test_an_answer_comes_back_as_json_in_vietnamese(program: type) -> None:
    module = program.write("echoing", "programs.serve(lambda argv: {'said': argv})")
    assert programs.run_module(module, "trang một", timeout=20) == {"said": ["trang một"]}


def test_what_lies_in_the_folder_we_were_started_from_is_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout in the home folder is a folder ``digitizer`` there: no module of ours."""
    (tmp_path / "digitizer").mkdir()
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger was run')", encoding="utf-8")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    asked = (str(tmp_path / "none.pdf"), str(tmp_path), "1", "1", "100", "100")
    with pytest.raises(FileMissing):
        programs.run_module("digitizer.pages.sight", *asked, timeout=60)


def test_a_known_error_becomes_the_same_class(program: type) -> None:
    module = program.write(
        "jamming",
        """
        from digitizer.errors import FeederJam
        def main(argv): raise FeederJam("tray 2")
        programs.serve(main)
        """,
    )
    with pytest.raises(FeederJam, match="tray 2"):
        programs.run_module(module, timeout=20)


def test_an_error_of_the_disk_is_converted_in_the_child(program: type) -> None:
    module = program.write(
        "filling",
        """
        import errno
        def main(argv): raise OSError(errno.ENOSPC, "full", "/x")
        programs.serve(main)
        """,
    )
    with pytest.raises(programs.DigitizerError) as caught:
        programs.run_module(module, timeout=20)
    assert caught.value.code == "disk-full"


@pytest.mark.parametrize(
    "body",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "raise ZeroDivisionError",
        "print('not json')",
        "import sys; sys.stdout.write('{}'); sys.stdout.flush(); import os; os._exit(3)",
    ],
)
def test_any_other_end_is_a_crash(program: type, body: str) -> None:
    module = program.write("crashing_program", body)
    with pytest.raises(ProgramCrashed):
        programs.run_module(module, timeout=20)


def test_a_program_that_takes_too_long_is_killed_with_its_children(
    program: type, tmp_path: Path
) -> None:
    module = program.write(
        "hanging",
        f"""
        import pathlib, subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(child.pid))
        time.sleep(600)
        """,
    )
    with pytest.raises(ProgramTimeout):
        programs.run_module(module, timeout=1.5)
    assert gone(int((tmp_path / "pid").read_text()))


def test_what_a_program_leaves_running_ends_with_it(program: type, tmp_path: Path) -> None:
    """The leader answers and is gone before its child: the session is killed all the same."""
    module = program.write(
        "leaving",
        f"""
        import pathlib, subprocess, sys
        def main(argv):
            nowhere = subprocess.DEVNULL
            child = subprocess.Popen(
                ["sleep", "600"], stdout=nowhere, stderr=nowhere
            )
            pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(child.pid))
            return "done"
        from digitizer.confinement import Rights
        programs.serve(main, lambda _: Rights(writes=({str(tmp_path)!r},), runs=("sleep",)))
        """,
    )
    assert programs.run_module(module, timeout=20) == "done"
    assert gone(int((tmp_path / "pid").read_text()))


def test_stopping_ends_it_at_once(program: type) -> None:
    module = program.write("waiting", "import time; time.sleep(600)")
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Stopped):
        programs.run_module(module, timeout=60, stop=stop)


@pytest.mark.skipif(sys.platform != "linux", reason="the parent's death is told on Linux only")
def test_a_killed_parent_takes_the_program_and_its_children_along(
    program: type, tmp_path: Path
) -> None:
    module = program.write(
        "orphaned",
        f"""
        import os, pathlib, subprocess, sys, time
        def main(argv):
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            pids = pathlib.Path({str(tmp_path / "pids.new")!r})
            pids.write_text(f"{{os.getpid()}} {{child.pid}}")
            pids.rename({str(tmp_path / "pids")!r})
            time.sleep(600)
        from digitizer.confinement import Rights
        runs = (sys.executable,)
        programs.serve(main, lambda _: Rights(writes=({str(tmp_path)!r},), runs=runs))
        """,
    )
    code = f"from digitizer import programs; programs.run_module({module!r}, timeout=600)"
    parent = subprocess.Popen([sys.executable, "-c", code])
    wait_for((tmp_path / "pids").exists)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for pid in (tmp_path / "pids").read_text().split():
        assert gone(int(pid))


def wait_for(condition: object, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        threading.Event().wait(0.02)


def gone(pid: int) -> bool:
    """Wait until a process has ended (or is a zombie that only its reaper can remove)."""

    def ended() -> bool:
        try:
            return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
        except FileNotFoundError:
            return True

    wait_for(ended)
    return True


def test_the_error_table_survives_the_way_through_json() -> None:
    for code in ("file-unreadable", "feeder-jam"):
        assert programs.from_code(code).code == code
    assert isinstance(programs.from_code("file-unreadable", "x.jpg"), FileUnreadable)
    assert type(programs.from_code("of another version")) is programs.DigitizerError


@pytest.mark.skipif(os.name != "posix", reason="parents are told of by POSIX alone")
def test_a_program_whose_parent_died_while_it_started_does_nothing(tmp_path: Path) -> None:
    image = tmp_path / "page.jpg"
    image.write_bytes(b"no image")
    words = programs.module_command("digitizer.pages.reading", str(image))
    gone = {**os.environ, "DIGITIZER_PARENT": "999999999"}
    ended = subprocess.run(words, env=gone, start_new_session=True, capture_output=True)
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, b"")
    here = {**os.environ, "DIGITIZER_PARENT": str(os.getpid())}
    ended = subprocess.run(words, env=here, start_new_session=True, capture_output=True)
    assert b"error" in ended.stdout


def test_a_program_that_takes_too_much_memory_says_so(program: type) -> None:
    module = program.write(
        "hoarding",
        """
        def main(argv): return len(bytearray(8 << 30))
        programs.serve(main)
        """,
    )
    with pytest.raises(ImageTooLarge, match="memory"):
        programs.run_module(module, timeout=20)


def test_a_program_that_computes_for_ever_is_ended(program: type) -> None:
    module = program.write(
        "whirling",
        """
        from digitizer import allowance
        allowance.MOST_SECONDS = 1
        def main(argv):
            while True: pass
        programs.serve(main)
        """,
    )
    with pytest.raises(ProgramCrashed):
        programs.run_module(module, timeout=60)


def test_each_answer_of_a_companion_has_its_own_time(program: type, tmp_path: Path) -> None:
    module = program.write(
        "pacing",
        """
        import time
        from digitizer import allowance
        allowance.MOST_SECONDS = 2
        def main(argv):
            end = time.process_time() + 0.8
            while time.process_time() < end: pass
            return "done"
        programs.serve(main)
        """,
    )
    companion = programs.Companion(module, tmp_path)
    try:
        assert [companion.ask(timeout=30) for _ in range(5)] == ["done"] * 5
    finally:
        companion.close()


def test_an_answer_without_end_ends_its_program(program: type, tmp_path: Path) -> None:
    module = program.write(
        "pouring",
        """
        import sys
        def main(argv):
            while True: sys.stdout.write("9" * (1 << 20))
        programs.serve(main)
        """,
    )
    with pytest.raises(ProgramCrashed):
        programs.run_module(module, timeout=60)
    companion = programs.Companion(module, tmp_path)
    try:
        with pytest.raises(ProgramCrashed):
            companion.ask(timeout=60)
    finally:
        companion.close()


def test_an_answer_nested_without_end_is_a_crash(program: type) -> None:
    module = program.write("nesting", "print('[' * 100_000 + ']' * 100_000)")
    with pytest.raises(ProgramCrashed):
        programs.run_module(module, timeout=20)


def test_what_a_program_complains_of_is_kept_to_its_end(program: type) -> None:
    module = program.write(
        "complaining",
        "import sys; sys.stderr.write('x' * 5_000_000 + 'the end'); sys.exit(3)",
    )
    with pytest.raises(ProgramCrashed, match="exit 3"):
        programs.run_module(module, timeout=20)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_a_file_without_end_is_too_large(program: type) -> None:
    module = program.write(
        "filling_up",
        """
        import tempfile
        from digitizer import allowance
        allowance.MOST_FILE = 1 << 20
        def main(argv):
            with tempfile.TemporaryFile() as file:
                file.write(bytes(2 << 20))
        programs.serve(main)
        """,
    )
    with pytest.raises(ImageTooLarge, match="file"):
        programs.run_module(module, timeout=20)

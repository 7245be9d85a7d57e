"""How the bridge stands, as the doctor sees it from outside."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitizer import diagnosis
from digitizer.app import App
from digitizer.bridge import looking, talk
from digitizer.bridge.consents import ORIGINS, SCAN, Consents
from digitizer.bridge.looking import Ear, Seen
from digitizer.doctor import examine
from digitizer.policy import FREE
from tests.bridge.webpage import ORIGIN, place

OTHER = "https://khac.example"


@contextlib.contextmanager
def listening(answer: bytes) -> Iterator[int]:
    """Another program at a port of this machine, which says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as ear:

        def serve() -> None:
            with contextlib.suppress(OSError):  # it is closed
                while True:
                    line, _ = ear.accept()
                    with line:
                        line.recv(4096)
                        line.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield int(ear.getsockname()[1])
        finally:
            ear.shutdown(socket.SHUT_RDWR)
            thread.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        return int(ear.getsockname()[1])


def seen(app: App, port: int) -> Seen:
    return looking.look(app.home, app.store, app.policy, port)


def test_ours_is_told_from_others(tmp_path: Path) -> None:
    with place(tmp_path) as there:
        found = seen(there.app, there.port)
        assert (found.on, found.ear, found.allowed) == (False, Ear.OURS, 1)
        with App(tmp_path / "second", "test") as second:
            note = second.home.lock.with_name("lock.holder")
            note.write_text('{"pid": 1, "command": "window"}', encoding="utf-8")
            assert seen(second, there.port).ear is Ear.OTHER_HOME


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 403 Forbidden\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\ndigitizer x", b"\0" * 9000],
)
def test_a_stranger_at_the_port_is_one(tmp_path: Path, answer: bytes) -> None:
    with App(tmp_path / "home", "test") as app, listening(answer) as port:
        app.keep_settings({SCAN: "on"})
        found = seen(app, port)
    assert found.ear is Ear.STRANGER
    assert found.fix.startswith("close the program")
    assert found.detail == f"on; another program has port {port}; origins allowed: 0"


def test_what_is_off_or_not_open_lacks_nothing(tmp_path: Path) -> None:
    port = free_port()
    with App(tmp_path / "home", "test") as app:
        assert seen(app, port).detail == "off; origins allowed: 0"
        app.keep_settings({SCAN: "on"})
        here = seen(app, port)
    assert here.detail == f"on; nobody listens at port {port}; origins allowed: 0"
    assert here.fix.startswith("switch ")
    code = (
        "import sys, pathlib; from digitizer.doctor import examine; "
        "print([one.detail for one in examine(pathlib.Path(sys.argv[1]), {}, int(sys.argv[2])) "
        "if one.check.startswith('Scan button') and one.ok])"
    )
    home = str(tmp_path / "home")
    other = subprocess.run(
        [sys.executable, "-c", code, home, str(port)], capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == "['on; listens while the window is open; origins allowed: 0']"


def test_a_list_that_names_nobody_is_told() -> None:
    found = Seen(True, Ear.OURS, talk.PORT, 0, True, True)
    assert "administrator" in found.fix
    assert Seen(True, Ear.OURS, talk.PORT, 1, True, True).fix == ""
    assert Seen(True, Ear.OURS, talk.PORT, 0, False, True).fix == "", "the window asks"


def test_what_the_doctor_says_names_no_page(tmp_path: Path) -> None:
    with place(tmp_path) as there:
        there.app.keep_settings({SCAN: "on", ORIGINS: OTHER})
        Consents(there.app.store, FREE).refuse("https://tu-choi.example")
        checks = examine(tmp_path / "home", {}, there.port)
        report = diagnosis.made(tmp_path / "home", checks)
    (check,) = [one for one in checks if one.check == "Scan button of web pages"]
    assert check.ok
    assert check.detail == f"on; listening at port {there.port}; origins allowed: 2"
    assert check.detail in report
    for never in (ORIGIN, "khac.example", "tu-choi"):
        assert never not in f"{check.detail}{check.fix}"
    assert "example" not in report

"""The sandbox as a process: it says where it is, keeps its data, and ends when told to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox, serve

_PROGRAM = """
import sys
from pathlib import Path
from digitizer.sandbox.server import serve
data = Path(sys.argv[1]) if sys.argv[1] else None
serve(0, data, sys.argv[2:], lambda a: print(a.url, a.group, a.user, a.password, flush=True))
print("ended", flush=True)
"""


@contextmanager
def _running(data: str, *faults: str) -> Iterator[tuple[subprocess.Popen[str], Address]]:
    command = [sys.executable, "-c", _PROGRAM, data, *faults]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, Address(*process.stdout.readline().split())
        finally:
            process.kill()


def _client(address: Address) -> httpx.Client:
    return httpx.Client(
        base_url=address.url,
        auth=(address.user, address.password),
        headers={"groupId": address.group},
        trust_env=False,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_soon_even_in_the_middle_of_a_call(
    tmp_path: Path, number: signal.Signals
) -> None:
    with _running(str(tmp_path), "slow") as (process, address):
        host, port = address.url.removeprefix("http://").split("/")[0].split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(b"GET /o/rest/v2/dossiers HTTP/1.1\r\nHost: x\r\n\r\n")
            begun = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=10)
        assert time.monotonic() - begun < 2
        assert (process.returncode, out, err) == (0, "ended\n", "")


def test_its_data_outlives_it(tmp_path: Path) -> None:
    form = {
        "serviceCode": "1.001193",
        "dossierTemplateNo": "DT.1.001193",
        "applicantName": "Người thử",
    }
    with _running(str(tmp_path)) as (_, address), _client(address) as client:
        number = client.post("dossiers", data=form).json()["dossierNo"]
    with _running(str(tmp_path)) as (_, address), _client(address) as client:
        assert client.get("dossiers").json()["total"] == 11
        assert client.get(f"dossiers/{number}").json()["applicantName"] == "Người thử"


def test_without_a_folder_it_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with _running("") as (process, address):
        with _client(address) as client:
            assert client.get("dossiers/todo").status_code == 200
        assert len(list(tmp_path.iterdir())) == 1
        process.terminate()
        process.wait(timeout=10)
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_and_an_unknown_fault_are_said_so(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="in use"),
    ):
        serve(taken.getsockname()[1], tmp_path, [], lambda _: None)
    with pytest.raises(ValueError, match="no fault"):
        serve(0, tmp_path, ["burn"], lambda _: None)


def test_nobody_waits_for_one_that_cannot_start(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, Faults(), certificate=tmp_path / "none.pem")
    with pytest.raises(RuntimeError) as met, sandbox:
        pass
    assert isinstance(met.value.__cause__, FileNotFoundError)

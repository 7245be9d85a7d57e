"""Who is let in, who is asked about, who is turned away, and how much a page may ask of us."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from digitizer.bridge import talk
from digitizer.bridge.desk import Happened
from digitizer.bridge.service import Patience, ScanService
from digitizer.errors import PortTaken, WebPortTaken
from tests.bridge.webpage import INFO, ORIGIN, PATIENCE, Place, begin, end_of, place

OTHER = "https://khac.example"
THIRD = "https://la.example"
DROPPED = (OSError, EOFError, InvalidHandshake, ConnectionClosed)
QUICK = Patience(opening=0.3, word=0.3, consent=0.3)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as found:
        yield found


def greet(there: Place, *, path: str = "/", to: str = "127.0.0.1", **headers: str | None) -> int:
    """Send a handshake by hand; return the status of the answer."""
    words = {
        "Host": f"127.0.0.1:{there.port}",
        "Origin": ORIGIN,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "scan",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in words.items() if value is not None]
    with socket.create_connection((to, there.port), timeout=PATIENCE) as line:
        line.sendall("\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode("latin-1"))
        answer = line.makefile("rb").readline()
    return int(answer.split()[1])


def test_an_allowed_page_is_let_in_by_every_name_of_this_machine(there: Place) -> None:
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert greet(there, Host=f"{name}:{there.port}") == 101, name
    if socket.has_ipv6:
        with socket.create_connection(("::1", there.port), timeout=PATIENCE):
            pass


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:58201"},
        {"Host": "127.0.0.1"},
        {"Host": None},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "file://"},
        {"Origin": "chrome-extension://abcdef"},
        {"Origin": f"{ORIGIN}/"},
        {"Origin": f"{ORIGIN} {OTHER}"},
        {"Origin": "https://" + "a" * 300},
        {"path": "/scan"},
    ],
)
def test_other_names_and_no_origin_are_turned_away(
    there: Place, headers: dict[str, str | None]
) -> None:
    assert greet(there, **headers) == 403  # type: ignore[arg-type]
    assert greet(there) == 101, "the service goes on"


def test_what_is_no_scan_button_is_turned_away(there: Place) -> None:
    assert greet(there, Sec_WebSocket_Protocol=None) == 400
    assert greet(there, Sec_WebSocket_Protocol="chat") == 400
    assert greet(there, Upgrade=None) == 426
    assert greet(there) == 101


def test_nothing_is_heard_from_outside(there: Place) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", there.port), timeout=PATIENCE)


def test_an_unknown_page_waits_until_somebody_says_yes(there: Place) -> None:
    with there.open(OTHER) as page:
        assert there.bench.asked.get(timeout=PATIENCE) == OTHER
        with pytest.raises(TimeoutError):
            page.recv(timeout=0.05)
        there.say(OTHER, "allow")
        assert begin(page)["format"] == "pdf"
    with there.open(OTHER) as page:
        assert page.recv(timeout=PATIENCE) == "1"
    assert there.bench.asked.empty()


def test_a_page_that_is_refused_is_not_let_in_again(there: Place) -> None:
    with there.open(OTHER) as page:
        there.bench.asked.get(timeout=PATIENCE)
        there.say(OTHER, "refuse")
        assert end_of(page) == (1008, "web-page-refused")
    with pytest.raises(InvalidStatus) as refused, there.open(OTHER):
        pass
    assert refused.value.response.status_code == 403
    there.say(OTHER, "withdraw")
    with there.open(OTHER):
        assert there.bench.asked.get(timeout=PATIENCE) == OTHER


def test_an_answer_about_another_has_nothing_asked_anew(there: Place) -> None:
    with there.open(OTHER) as first, there.open(THIRD) as second:
        asked = {there.bench.asked.get(timeout=PATIENCE) for _ in range(2)}
        assert asked == {OTHER, THIRD}
        there.say(OTHER, "refuse")
        assert end_of(first) == (1008, "web-page-refused")
        assert there.bench.settled.get(timeout=PATIENCE) == OTHER
        there.say(THIRD, "refuse")
        assert end_of(second) == (1008, "web-page-refused")
        assert there.bench.settled.get(timeout=PATIENCE) == THIRD
    assert there.bench.asked.empty()


def test_nobody_answers_and_pages_that_ask_leave_room_for_others(tmp_path: Path) -> None:
    with place(tmp_path, patience=QUICK) as there, there.open(OTHER) as page:
        assert end_of(page) == (1008, "web-page-refused")
    (tmp_path / "more").mkdir()
    with place(tmp_path / "more") as there, ExitStack() as opened:
        for number in range(6):
            opened.enter_context(there.open(f"https://{number}.example"))
            there.bench.asked.get(timeout=PATIENCE)
        with pytest.raises(InvalidStatus) as crowded, there.open(OTHER):
            pass
        assert crowded.value.response.status_code == 503
        with there.open() as page:
            assert page.recv(timeout=PATIENCE) == "1"


def test_without_anybody_to_ask_only_the_allowed_are_let_in(tmp_path: Path) -> None:
    with place(tmp_path, asks=False) as there:
        for _ in range(3):
            with pytest.raises(InvalidStatus), there.open(OTHER):
                pass
        assert there.bench.news(Happened.REFUSED).origin == OTHER
        with there.open() as page:
            assert page.recv(timeout=PATIENCE) == "1"
        assert there.bench.heard.empty(), "it is told once"


def test_a_page_that_says_nothing_or_too_much_is_let_go(tmp_path: Path) -> None:
    with place(tmp_path, patience=QUICK) as there:
        with there.open() as page:
            assert end_of(page) == (1011, "web-page-slow")
        with there.open() as page:
            page.send("x" * (64 * 1024 + 1))
            assert end_of(page)[0] == 1009
        with socket.create_connection(("127.0.0.1", there.port), timeout=PATIENCE) as line:
            assert line.recv(1) == b"", "who does not even say hello is let go too"
        with there.open() as page:
            assert page.recv(timeout=PATIENCE) == "1"


@pytest.mark.parametrize("word", [b"\0\1", "no json", "[1]", "[" * 60_000, '"1"', ""])
def test_a_page_that_speaks_otherwise_gets_the_empty_message(
    there: Place, word: str | bytes
) -> None:
    with there.open() as page:
        assert page.recv(timeout=PATIENCE) == "1"
        page.send(word)
        assert page.recv(timeout=PATIENCE) == b""
        assert end_of(page) == (1011, "web-page-strange")
    with there.open() as page:
        page.recv(timeout=PATIENCE)
        page.send(INFO)
        page.recv(timeout=PATIENCE)
        page.send(word)
        assert page.recv(timeout=PATIENCE) == b""


def test_too_many_at_a_time_are_dropped(there: Place) -> None:
    with ExitStack() as opened:
        for _ in range(16):
            opened.enter_context(there.open())
        with pytest.raises(DROPPED), there.open() as page:
            page.recv(timeout=PATIENCE)
    served, until = False, time.monotonic() + PATIENCE
    while not served and time.monotonic() < until:  # the last of them are just leaving
        with contextlib.suppress(*DROPPED), there.open() as page:
            served = page.recv(timeout=PATIENCE) == "1"
    assert served, "there is room again"


def test_a_port_that_another_program_holds_is_told(there: Place) -> None:
    second = ScanService(there.consents, there.service._orders, there.bench, asks=False)
    with pytest.raises(PortTaken) as taken:
        second.start(there.port)
    assert "--port" in str(taken.value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(talk, "PORT", there.port)  # as if it were the one that pages call
        with pytest.raises(WebPortTaken) as pages_call:
            second.start(there.port)
    assert "--port" not in str(pages_call.value)
    second.stop()

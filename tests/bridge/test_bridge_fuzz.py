"""Whatever a page sends, the service goes on, and nothing is scanned by mistake."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.bridge.webpage import ORIGIN, PATIENCE, Place, place
from tests.fuzz import EXAMPLES, fuzzed

_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_objects = st.dictionaries(st.text(max_size=8), _values, max_size=4)
_no_objects = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200),
    _values.filter(lambda value: not isinstance(value, dict)).map(json.dumps),
    st.integers(1, 30_000).map(lambda depth: "[" * depth),
    st.integers(1, 30_000).map(lambda digits: "9" * digits),
)
_words = st.one_of(_no_objects, _objects.map(json.dumps))
_handshake = (
    "GET / HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: {1}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: scan\r\n\r\n"
)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("fuzz")) as found:
        yield found


def goes_on(there: Place) -> None:
    """Check that an honest page is still heard."""
    with there.open() as page:
        assert page.recv(timeout=PATIENCE) == "1"


def is_object(word: str | bytes) -> bool:
    with contextlib.suppress(ValueError, RecursionError):
        return isinstance(word, str) and isinstance(json.loads(word), dict)
    return False


@settings(fuzzed, max_examples=max(60, EXAMPLES // 5))
@given(first=_words, rest=st.lists(_no_objects, max_size=2))
def test_messages(there: Place, first: str | bytes, rest: list[str | bytes]) -> None:
    with there.open() as page, contextlib.suppress(ConnectionClosed):
        assert page.recv(timeout=PATIENCE) == "1"
        page.send(first)
        answer = page.recv(timeout=PATIENCE)
        assert isinstance(answer, str) is is_object(first)
        _say_all(page, rest)
    goes_on(there)
    assert there.app.dossiers.heads() == [], "nobody asked for a scan in so many words"


def _say_all(page: ClientConnection, words: list[str | bytes]) -> None:
    for word in words:
        page.send(word)
    if words:
        assert page.recv(timeout=PATIENCE) == b"", "it spoke otherwise"


@settings(fuzzed, max_examples=max(60, EXAMPLES // 5))
@given(before=st.binary(max_size=300), after=st.binary(max_size=300), greets=st.booleans())
def test_bytes(there: Place, before: bytes, after: bytes, greets: bool) -> None:
    with (
        socket.create_connection(("127.0.0.1", there.port), timeout=PATIENCE) as line,
        contextlib.suppress(OSError),
    ):
        line.sendall(_handshake.format(there.port, ORIGIN).encode() if greets else before)
        line.sendall(after)
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass
    goes_on(there)

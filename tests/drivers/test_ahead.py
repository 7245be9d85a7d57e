"""Making things on a thread of their own, one ahead."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from digitizer.errors import FeederJam
from drivers.ahead import ahead


class Stack:
    """Numbers from 1, then a jam; knows how far ahead it got."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.made = 0
        self.taken = 0
        self.most_ahead = 0
        self.closed_on: threading.Thread | None = None

    def feed(self) -> Generator[int, None, None]:
        try:
            for number in range(1, self.pages + 1):
                self.made = number
                self.most_ahead = max(self.most_ahead, self.made - self.taken)
                yield number
            raise FeederJam("x")
        finally:
            self.closed_on = threading.current_thread()


def test_everything_comes_in_order_before_the_trouble() -> None:
    stack = Stack(50)
    taken = []
    with pytest.raises(FeederJam):
        for number in ahead(stack.feed(), threading.Event()):
            taken.append(number)
            stack.taken = number - 1  # still being worked on
    assert taken == list(range(1, 51))
    assert 1 <= stack.most_ahead <= 3  # in work, waiting or in the making, about to be counted


def test_an_end_is_quiet() -> None:
    assert list(ahead((number for number in range(3)), threading.Event())) == [0, 1, 2]
    assert list(ahead((number for number in range(0)), threading.Event())) == []


def test_whoever_stops_taking_ends_the_source_on_its_thread() -> None:
    stack, over = Stack(1_000_000), threading.Event()
    things = ahead(stack.feed(), over)
    assert next(things) == 1
    things.close()
    assert over.is_set()
    assert stack.made <= 2
    assert stack.closed_on is not None
    assert stack.closed_on is not threading.current_thread()
    assert not stack.closed_on.is_alive()


def test_a_source_that_blocks_is_told() -> None:
    over = threading.Event()

    def blocking() -> Generator[int, None, None]:
        yield 1
        over.wait()
        yield 2

    with pytest.raises(ZeroDivisionError):
        for number in ahead(blocking(), over):
            number / 0
    assert over.is_set()

"""How long a silent worker is waited for."""

from __future__ import annotations

import pytest

from drivers.patience import FIRST_SECONDS, Patience


def test_a_device_nobody_knows_gets_time_to_wake_up() -> None:
    patience = Patience()
    assert patience.seconds == FIRST_SECONDS
    patience.page(90.0)  # mostly warming up: says little about the pages to come
    assert patience.seconds == FIRST_SECONDS


@pytest.mark.parametrize(("first", "limit"), [(0.4, 15.0), (4.0, 40.0), (12.0, FIRST_SECONDS)])
def test_one_page_says_how_long_the_next_can_take(first: float, limit: float) -> None:
    patience = Patience()
    patience.page(first)
    assert patience.seconds == limit
    known = Patience(pace=2.0)
    known.page(first)
    assert known.seconds == max(20.0, min(limit, 60.0))


@pytest.mark.parametrize(
    ("pages", "limit"),
    [
        ((5.0, 0.3), 15.0),  # fast, but nobody is killed for one slow moment
        ((5.0, 2.0), 20.0),
        ((5.0, 2.0, 6.0, 2.0), 60.0),  # the slowest so far counts
        ((5.0, 40.0), 300.0),  # slow, but nobody waits for ever
    ],
)
def test_the_limit_follows_the_slowest_page(pages: tuple[float, ...], limit: float) -> None:
    patience = Patience()
    for seconds in pages:
        patience.page(seconds)
    assert patience.seconds == limit


def test_what_was_learnt_before_counts_from_the_start() -> None:
    assert Patience(pace=2.0).seconds == 60.0  # lamps still warm up
    assert Patience(pace=20.0).seconds == 200.0
    known = Patience(pace=2.0)
    known.page(30.0)
    known.page(1.0)
    assert known.seconds == 20.0


def test_a_fixed_limit_learns_nothing() -> None:
    patience = Patience(pace=50.0, fixed=3.0)
    patience.page(1.0)
    patience.page(100.0)
    assert patience.seconds == 3.0

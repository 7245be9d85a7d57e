"""How long copies stay: what a setting may say, and when something is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digitizer import shelflife
from digitizer.policy import read
from digitizer.shelflife import DAYS, GRACE, ShelfLife, fits, parse

DONE = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(("text", "days"), [("30", 30), (" 1 ", 1), ("OFF", None), ("3650", 3650)])
def test_days_or_off(text: str, days: int | None) -> None:
    assert parse(text) == days
    assert ShelfLife.of({DAYS: text}).days == days


@pytest.mark.parametrize(
    "text", ["0", "3651", "-1", "1.5", "soon", "", "٣٠", "9" * 40, "0000000309"]
)
def test_anything_else_is_refused_and_removes_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="a number of days"):
        parse(text)
    assert not fits(text)
    assert ShelfLife.of({DAYS: text}).days is None


def test_thirty_days_where_nothing_is_set() -> None:
    assert ShelfLife.of({}).days == shelflife.DEFAULT_DAYS == 30


def test_days_count_from_the_end_or_from_when_the_rule_came_and_never_at_once() -> None:
    assert ShelfLife(10).due(DONE) == DONE + timedelta(days=10)
    since = DONE + timedelta(days=100)
    assert ShelfLife(10, since).due(DONE) == since + timedelta(days=10)
    changed = DONE + timedelta(days=200)
    assert ShelfLife(10, since, changed).due(DONE) == changed + GRACE
    assert ShelfLife(None, since).due(DONE) is None


def test_an_administrator_sets_it_by_file() -> None:
    file = Path("digitizer.toml")
    assert read("[locked.retention]\ndays = 90", file).locked == {DAYS: "90"}
    assert read('[default.retention]\ndays = "off"', file).default == {DAYS: "off"}
    bad = read("[locked.retention]\ndays = 0\n[default.retention]\ndays = true", file)
    assert (dict(bad.locked), dict(bad.default)) == ({}, {})
    assert read(f"[locked.retention]\ndays = 0x{'f' * 5000}", file).unknown
    assert set(bad.unknown) == {"locked.retention.days", "default.retention.days"}

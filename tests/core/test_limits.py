"""How uploads may use the line: hours over midnight, settings, and bytes that go no faster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.limits import (
    COMPACT,
    HOURS,
    KBITS,
    MINUTES,
    VIETNAM,
    Compacting,
    Hours,
    Limits,
    fits,
    seconds_for,
)
from digitizer.procedure.passage import Meter

MINUTES_OF_DAY = st.integers(0, 24 * 60 - 1)
SOME_HOURS = st.tuples(MINUTES_OF_DAY, MINUTES_OF_DAY).filter(lambda two: two[0] != two[1])
MOMENTS = st.datetimes(
    datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.sampled_from([UTC, VIETNAM])
)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 25, hour, minute, tzinfo=VIETNAM)


def test_hours_over_midnight() -> None:
    evening = Hours.parse("17:00-07:00")
    assert evening == Hours.parse(" not 7:00 - 17:00 ") == Hours(17 * 60, 7 * 60)
    assert evening is not None
    assert evening.text() == "17:00-07:00"
    for hour, inside in ((17, True), (23, True), (0, True), (6, True), (7, False), (16, False)):
        assert evening.has(at(hour)) is inside, hour
    assert evening.opens(at(9, 30)) == at(17)
    assert evening.opens(at(18)) == at(18)


def test_hours_are_vietnams_whatever_zone_a_moment_is_told_in() -> None:
    noon = Hours.parse("11:30-13:30")
    assert noon is not None
    assert noon.has(datetime(2026, 11, 25, 5, 0, tzinfo=UTC))
    assert not noon.has(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "text", ["", "17", "17:00-17:00", "25:00-07:00", "07:60-08:00", "24:30-1:00"]
)
def test_no_hours(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|time"):
        Hours.parse(text)


@given(SOME_HOURS, MOMENTS)
def test_they_open_at_the_first_minute_that_is_in_them(
    two: tuple[int, int], moment: datetime
) -> None:
    hours = Hours(*two)
    opens = hours.opens(moment)
    assert hours.has(opens)
    assert timedelta() <= opens - moment < timedelta(days=1)
    if opens != moment:
        assert not hours.has(opens - timedelta(minutes=1))
        assert not hours.has(moment + (opens - moment) / 2)
    assert Hours.parse(hours.text()) == hours


@given(
    st.builds(
        Limits,
        kbits=st.integers(0, 1_000_000),
        hours=st.none() | SOME_HOURS.map(lambda two: Hours(*two)),
        compact=st.sampled_from(Compacting),
        minutes=st.integers(1, 600),
    )
)
def test_settings_are_read_as_they_were_written(limits: Limits) -> None:
    assert Limits.of(limits.settings()) == limits
    assert all(fits(name, value) for name, value in limits.settings().items())


def test_what_another_version_wrote_counts_as_not_set() -> None:
    strange = {KBITS: "fast", HOURS: "evening", COMPACT: "maybe", MINUTES: "0"}
    assert Limits.of(strange) == Limits()
    assert not any(fits(name, value) for name, value in strange.items())
    assert fits(KBITS, 512)
    assert not fits(KBITS, True)
    assert not fits(KBITS, "0000000010000")
    assert not fits(MINUTES, 10**5000)
    assert not fits(COMPACT, 1)
    assert not fits(HOURS, 17)


def test_how_long_it_takes() -> None:
    assert seconds_for(1000, None, 0.0) is None
    assert seconds_for(1000, 100.0, 0.0) == 10
    assert seconds_for(1000, 100.0, 50.0) == 20
    assert seconds_for(1000, None, 50.0) == 20


@given(
    st.floats(1.0, 1e6),
    st.lists(st.tuples(st.integers(1, 65536), st.floats(0.0, 100.0)), min_size=1, max_size=60),
)
def test_no_stretch_of_time_sees_more_than_the_limit_and_one_piece(
    rate: float, sent: list[tuple[int, float]]
) -> None:
    """Each piece goes once the wait is over, then the line takes its own time; a line that stalled
    does not make up for it."""
    meter, now = Meter(rate), 0.0
    went: list[tuple[float, int]] = []
    for count, stall in sent:
        went.append((now, count))
        now += meter.wait(count, now) + stall
    for first in range(len(went)):
        total = 0
        for moment, count in went[first:]:
            span = moment - went[first][0]
            assert total <= rate * span * (1 + 1e-6) + 1e-3
            total += count


def test_without_a_limit_nothing_waits() -> None:
    assert Meter(0).wait(10**9, 5.0) == 0

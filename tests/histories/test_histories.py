"""Two hundred histories, the same ones in every run; see the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.histories.machine import World, of
from tests.histories.world import made

HISTORIES = 200


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A server, a line and a nursery."""
    with made(tmp_path) as found:
        yield found


@pytest.mark.timeout(1000)  # two hundred of them are one test, on a machine that may be busy
def test_whatever_happens_server_and_store_agree_in_the_end(world: World) -> None:
    run_state_machine_as_test(
        of(world),
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=6,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert world.tally["histories"] >= HISTORIES
    assert world.tally["kills"] > 0

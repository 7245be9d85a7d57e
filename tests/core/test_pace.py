"""Who goes first on this machine, and what is kept of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitizer import pace
from digitizer.app import App
from digitizer.pace import Pace


@pytest.mark.parametrize(("cores", "free"), [(1, 1), (2, 1), (8, 7)])
def test_one_core_stays_free_where_there_are_several(
    cores: int, free: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "cores", lambda: cores)
    assert pace.jobs(Pace.WORK) == cores
    assert pace.jobs(Pace.DESK) == free


def test_it_is_remembered(tmp_path: Path) -> None:
    with App(tmp_path / "home", "test") as app:
        assert pace.get(app.store) is Pace.WORK
        app.keep_pace(Pace.DESK)
    with App(tmp_path / "home", "test") as app:
        assert pace.get(app.store) is Pace.DESK

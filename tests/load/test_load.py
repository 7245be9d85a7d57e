"""A few desks come online at once: everything arrives once, and nobody is starved."""

from __future__ import annotations

from pathlib import Path

from tests.load.province import Load, run, table


def test_every_desk_s_papers_arrive_once(tmp_path: Path) -> None:
    load = Load(desks=5, papers=5, size=2000, within=0.0, processes=1)
    outcome = run(load, tmp_path)
    assert [finish.sent for finish in outcome.finished] == [5] * 5
    assert outcome.server.once(25)
    assert outcome.server.arrivals == 25
    assert set(outcome.statuses) == {200}
    least = 3 * 25  # the code is checked, the file sent, and read back
    assert least <= outcome.statuses[200] <= 2 * least, "and each dossier looked at"
    assert "25 of 25" in table(load, outcome)

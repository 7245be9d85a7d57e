"""``digitizer sync`` over a line that is weak and breaks: all arrives, and nothing twice."""

from __future__ import annotations

from pathlib import Path

from tests.line.proxy import Shape
from tests.line.run import Backlog, run, table


def test_a_backlog_arrives_over_a_line_that_is_cut_and_no_whole_file_goes_twice(
    tmp_path: Path,
) -> None:
    backlog = Backlog(
        papers=6,
        sizes=(20_000, 60_000),
        shape=Shape(rate=1_000_000, latency=0.005, loss=0.02),
        cuts=3,
        cut_seconds=0.1,
        limit_seconds=60.0,
    )
    outcome = run(backlog, tmp_path, lambda _: None)
    assert outcome.code == 0
    assert (outcome.said["sent"], outcome.said["left"], outcome.cuts) == (6, 0, 3)
    assert outcome.server.once(6)
    assert outcome.server.arrivals == 6
    useful, sent = outcome.said["useful_bytes"], outcome.said["sent_bytes"]
    assert 0 < useful <= sent <= outcome.up
    assert "completed files sent again" in table(backlog, outcome)

"""The server of a load run, what it saw, and the run."""

from __future__ import annotations

import contextlib
import multiprocessing
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from digitizer.durable import sha256_of
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox
from tests.load import desks
from tests.load.desks import Finish, Wish

ADD_DOSSIER = (
    "INSERT INTO dossier (id, reference, no, service, template, agency, holder, holder_kind, "
    "holder_id, status, submitted) VALUES (?, ?, ?, ?, ?, '', '', 'citizen', '', 'processing', "
    "'2026-11-23T08:00:00')"
)


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for: desks with papers of so many bytes, started within so many seconds, in so
    many processes; ``capacity``: calls that the server answers at a time, None for all."""

    desks: int = 200
    papers: int = 50
    size: int = 12_000
    within: float = 60.0
    processes: int = 2
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """What a server holds and what came in.

    Attributes:
        rows: Live files.
        keys: Different keys among them.
        whole: Those that hold bytes as they came in under their key.
        arrivals: Files that came in whole.
        again: Those among them that were there already.
    """

    rows: int
    keys: int
    whole: int
    arrivals: int
    again: int

    def once(self, wanted: int) -> bool:
        """Tell whether so many papers are there, each once, and none was sent again."""
        return (self.rows, self.keys, self.whole, self.again) == (wanted, wanted, wanted, 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        finished: Desks that sent everything.
        began: When the minute began.
        server: What the server holds.
        statuses: Answers by status.
        peak: Answers in the busiest second.
    """

    finished: tuple[Finish, ...]
    began: float
    server: Journal
    statuses: Counter[int]
    peak: int


def run(load: Load, folder: Path) -> Outcome:
    """Let a province come online; files go into ``folder``."""
    answers: list[tuple[float, int]] = []
    sandbox = Sandbox(
        folder / "server",
        Faults(),
        capacity=load.capacity,
        heard=lambda status: answers.append((time.monotonic(), status)),
    )
    database = folder / "server" / "sandbox.sqlite"
    with contextlib.closing(sqlite3.connect(database)) as rows, rows:
        rows.executemany(ADD_DOSSIER, dossiers_of(range(load.desks), load.papers))
    with sandbox as address:
        wish = Wish(folder, address, load.papers, (load.size, load.size), load.within)
        finished, began = _desks(load, wish)
    seconds = Counter(int(moment) for moment, _ in answers)
    return Outcome(
        tuple(finished),
        began,
        journal(folder / "server"),
        Counter(status for _, status in answers),
        max(seconds.values()),
    )


def dossiers_of(which: Iterable[int], papers: int) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield the values of ``ADD_DOSSIER`` for the dossiers of these desks."""
    for desk in which:
        for number in range(desks.dossiers(papers)):
            code = desks.code(desk, number)
            key = desks.reference(desk, number)
            yield key, f"ref-{code}", code, desks.PROCEDURE.code, desks.PROCEDURE.template


def journal(server: Path) -> Journal:
    """Return what a sandbox holds, and what came in, from its own files."""
    with contextlib.closing(sqlite3.connect(server / "sandbox.sqlite")) as rows:
        live = rows.execute("SELECT reference, blob FROM file WHERE removed = 0").fetchall()
        came = rows.execute("SELECT reference, sha256, held FROM arrival").fetchall()
    arrived = {(reference, sha256) for reference, sha256, _ in came}
    return Journal(
        len(live),
        len({reference for reference, _ in live}),
        sum((reference, sha256_of(server / "files" / blob)) in arrived for reference, blob in live),
        len(came),
        sum(sha256 == held for _, sha256, held in came),
    )


def _desks(load: Load, wish: Wish) -> tuple[list[Finish], float]:
    """Run the desks' processes; return when each ended, and when the minute began."""
    spawn = multiprocessing.get_context("spawn")
    ready, go, finished = spawn.Queue(), spawn.Event(), spawn.Queue()
    shares = [list(range(load.desks))[n :: load.processes] for n in range(load.processes)]
    processes = [
        spawn.Process(target=desks.run, args=(wish, share, ready, go, finished), daemon=True)
        for share in shares
    ]
    for process in processes:
        process.start()
    for _ in processes:
        ready.get(timeout=600)
    began = time.monotonic()
    go.set()
    found = [finish for _ in processes for finish in finished.get(timeout=1200)]
    for process in processes:
        process.join()
    return found, began


def table(load: Load, outcome: Outcome) -> str:
    """Return the figures as a Markdown table."""
    took = sorted(finish.ended - finish.started for finish in outcome.finished)
    ends = sorted(finish.ended - outcome.began for finish in outcome.finished)
    wanted = load.desks * load.papers
    answers = sum(outcome.statuses.values())
    rows = [
        ("desks × papers × bytes", f"{load.desks} × {load.papers} × {load.size}"),
        ("server", f"sandbox, SQLite, capacity {load.capacity or 'unlimited'}"),
        ("desks that sent everything", f"{len(outcome.finished)} of {load.desks}"),
        ("papers held, each once and whole", f"{outcome.server.whole} of {wanted}"),
        ("rows at the server / different keys", f"{outcome.server.rows} / {outcome.server.keys}"),
        (
            "files that came in / were there already",
            f"{outcome.server.arrivals} / {outcome.server.again}",
        ),
        ("requests per paper", f"{answers / wanted:.2f}"),
        ("answers by status", ", ".join(f"{s}: {n}" for s, n in sorted(outcome.statuses.items()))),
        ("busiest second, mean (answers)", f"{outcome.peak}, {answers / ends[-1]:.0f}"),
        ("first, median, last desk done (s)", _three(ends)),
        ("a desk's own time (s): least, median, most", _three(took)),
        ("slowest desk against the median", f"{took[-1] / statistics.median(took):.2f} ×"),
    ]
    width = max(len(name) for name, _ in rows)
    return "".join(f"| {name:<{width}} | {value} |\n" for name, value in rows)


def _three(values: list[float]) -> str:
    return f"{values[0]:.1f}, {statistics.median(values):.1f}, {values[-1]:.1f}"

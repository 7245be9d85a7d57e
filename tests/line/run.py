"""A backlog over a weak line: ``digitizer sync`` on one end, the sandbox on the other, and the
line between them cut again and again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox
from tests.line.proxy import HOST, Line, Shape
from tests.load.desks import Wish, make_home
from tests.load.province import ADD_DOSSIER, Journal, dossiers_of, journal

WEAK = Shape(rate=512_000 / 8, latency=0.15, loss=0.05)
"""512 kbit/s either way, 300 ms there and back, 5 % of segments lost."""
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is to be moved over which line: ``cuts``, spread over the bytes, of so many seconds."""

    papers: int = 200
    sizes: tuple[int, int] = (20_000, 60_000)
    shape: Shape = WEAK
    cuts: int = 20
    cut_seconds: float = 3.0
    limit_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        seconds: From the start of the command to the last receipt.
        said: The command's own summary.
        code: Its exit code.
        server: What the server holds and what came in.
        cuts: How often the line was cut.
        up, down: Bytes that the line carried, those of headers and of broken transfers too.
    """

    seconds: float
    said: dict[str, object]
    code: int
    server: Journal
    cuts: int
    up: int
    down: int


def run(backlog: Backlog, folder: Path, told: Callable[[str], None]) -> Outcome:
    """Move it; ``told`` hears how far it is. Files go into ``folder``."""
    sandbox = Sandbox(folder / "server", Faults())
    with contextlib.closing(sqlite3.connect(folder / "server" / "sandbox.sqlite")) as rows, rows:
        rows.executemany(ADD_DOSSIER, dossiers_of([0], backlog.papers))
    with sandbox as direct:
        port = direct.url.partition(f"{HOST}:")[2].partition("/")[0]
        with Line(int(port), backlog.shape) as line:
            address = replace(direct, url=direct.url.replace(f":{port}/", f":{line.port}/"))
            home = make_home(Wish(folder, address, backlog.papers, backlog.sizes, 0.0), 0)
            return _moved(backlog, home, line, folder / "server", told)


def _moved(
    backlog: Backlog, home: Path, line: Line, server: Path, told: Callable[[str], None]
) -> Outcome:
    total = _number(home, "SELECT sum(bytes) FROM bundle")
    marks = [total * (2 * n + 1) // (2 * backlog.cuts) for n in range(backlog.cuts)]
    cuts = 0
    began = time.monotonic()
    command = [sys.executable, "-m", "digitizer", "--home", str(home), "--json", "sync"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "DIGITIZER_DISCOVERY": "off"},
    ) as process:
        pause = threading.Event()
        while (done := _number(home, "SELECT count(*) FROM receipt")) < backlog.papers:
            if process.poll() is not None or time.monotonic() - began > backlog.limit_seconds:
                break
            if cuts < len(marks) and line.carried[0] >= marks[cuts]:
                cuts += 1
                line.go_down()
                pause.wait(backlog.cut_seconds)
                line.come_back()
            told(f"{done} of {backlog.papers} papers, {cuts} cuts")
            pause.wait(_LOOK_SECONDS)
        seconds = time.monotonic() - began
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    return Outcome(
        seconds, json.loads(out), process.returncode, journal(server), cuts, *line.carried
    )


def _number(home: Path, sql: str) -> int:
    """Ask the home's database beside the command."""
    with contextlib.closing(
        sqlite3.connect(f"file:{home / 'digitizer.db'}?mode=ro", uri=True)
    ) as db:
        return int(db.execute(sql).fetchone()[0])


def table(backlog: Backlog, outcome: Outcome) -> str:
    """Return the figures as a Markdown table."""
    said = outcome.said
    useful, sent = int(str(said["useful_bytes"])), int(str(said["sent_bytes"]))
    shape = backlog.shape
    rows = [
        ("papers × bytes", f"{backlog.papers} × {backlog.sizes[0]} to {backlog.sizes[1]}"),
        (
            "line (shaping proxy)",
            f"{shape.rate * 8 / 1000:.0f} kbit/s, {2000 * shape.latency:.0f} ms, "
            f"{100 * shape.loss:.0f} % loss",
        ),
        ("cuts", f"{outcome.cuts} of {backlog.cut_seconds:.0f} s"),
        ("papers held, each once and whole", f"{outcome.server.whole} of {backlog.papers}"),
        ("files that came in whole", str(outcome.server.arrivals)),
        ("completed files sent again", str(outcome.server.again)),
        ("useful bytes / bytes of files sent", f"{useful} / {sent} = {useful / sent:.1%}"),
        ("useful bytes / all bytes on the line up", f"{useful / outcome.up:.1%}"),
        ("bytes on the line up, down", f"{outcome.up}, {outcome.down}"),
        ("minutes", f"{outcome.seconds / 60:.1f}"),
    ]
    width = max(len(name) for name, _ in rows)
    return "".join(f"| {name:<{width}} | {value} |\n" for name, value in rows)

"""The whole process tree is killed at random moments of a scan of fifty pages, again and again.

After each kill the home is opened as at the next start: every page that was reported is there, in
its place, once. ``DIGITIZER_KILLS`` sets how many kills; 50 by default. Prints what happened.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from digitizer.app import App
from digitizer.durable import sha256_of
from drivers import virtual

KILLS = int(os.environ.get("DIGITIZER_KILLS", "50"))
PAGES = 50
_MOMENT_SECONDS = 0.1
CODE = "000.00.20.H02-261122-0001"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty small pages, all different."""
    folder = tmp_path_factory.mktemp("stack")
    for number in range(1, PAGES + 1):
        page = Image.new("RGB", (827, 1169), "white")
        ImageDraw.Draw(page).text((80, 120), f"Trang {number}", fill="black", font_size=48)
        page.save(folder / f"{number:02d}.jpg", dpi=(100, 100), quality=80)
    return folder


@pytest.fixture(scope="module")
def scanner(stack: Path) -> Iterator[str]:
    """The id of a scanner that feeds them."""
    with virtual.running(stack) as url:
        yield f"escl:{url}"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a dossier, to copy."""
    home = tmp_path_factory.mktemp("template") / "home"
    with App(home, "test") as app:
        app.dossiers.open_new(code=CODE)
    return home


class Starter:
    """Forks the command line; see ``starter``."""

    def __init__(self) -> None:
        self._answers, writes = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("starter.py"))],
            stdin=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            preexec_fn=lambda: os.dup2(writes, 3),
            pass_fds=(3, writes),
        )
        os.close(writes)
        self._lines = os.fdopen(self._answers)

    def ask(self, **request: object) -> int:
        """Send one request and return its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._lines.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate()
        self._lines.close()


@pytest.fixture(scope="module")
def starter() -> Iterator[Starter]:
    """What starts the commands."""
    found = Starter()
    yield found
    found.close()


class Scan:
    """The command ``scan`` at work, and what it has told so far."""

    def __init__(self, starter: Starter, home: Path, device: str) -> None:
        self._starter = starter
        pipe = home.with_name("pipe")
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        words = ["--json", "--home", str(home), "scan", "--device", device]
        to = ["--dossier", CODE, "--paper", "TP01", "--dpi", "100"]
        self._told: list[dict[str, object]] = []
        self._more = threading.Condition()
        self._over = False
        self._reader = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._reader.start()
        self.process = starter.ask(words=words + to, out=str(pipe))

    def wait_for(self, pages: int) -> None:
        """Wait until so many pages are reported, or the scan is over."""
        with self._more:
            self._more.wait_for(lambda: self._over or len(self.pages) >= pages, 60)

    def wait(self, seconds: float) -> None:
        """Wait until the scan is over, at most so long."""
        with self._more:
            self._more.wait_for(lambda: self._over, seconds)

    def kill_tree(self) -> None:
        """SIGKILL to the command and all below it, as fast as that goes."""
        for process in tree(self.process):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Wait until it is gone."""
        self._starter.ask(wait=self.process)
        self._reader.join()

    @property
    def pages(self) -> list[object]:
        """Hashes of the pages it reported."""
        return [line["sha256"] for line in self._told if line["event"] == "page"]

    def _read(self, pipe: Path) -> None:
        with pipe.open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n"):  # a line that was cut told nothing
                    with self._more:
                        self._told.append(json.loads(line))
                        self._more.notify_all()
        with self._more:
            self._over = True
            self._more.notify_all()


def tree(root: int) -> list[int]:
    """Return a process and all its descendants, the root first."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [root]
    for process in found:
        found.extend(children.get(process, ()))
    return found


def test_random_kills_lose_double_and_misplace_no_page(
    stack: Path,
    scanner: str,
    template: Path,
    starter: Starter,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected = [sha256_of(file) for file in sorted(stack.iterdir())]
    home = tmp_path / "home"
    shutil.copytree(template, home)
    whole = Scan(starter, home, scanner)
    whole.end()
    assert whole.pages == expected, "an undisturbed scan gives the stack as it lies"
    chance = random.Random(20261122)  # the same moments in every run, as far as moments can be
    tally: Counter[str] = Counter()
    for number in range(KILLS):
        shutil.rmtree(home)
        shutil.copytree(template, home)
        scan = Scan(starter, home, scanner)
        scan.wait_for(chance.randrange(PAGES + 1))
        scan.wait(chance.uniform(0, _MOMENT_SECONDS))
        scan.kill_tree()
        with App(home, "test") as app:
            paper = app.dossiers.find(CODE).paper("TP01")
            found = [page.sha256 for page in paper.pages] if paper else []
            rescued = list(app.home.rescued.iterdir())
            assert list(app.home.incoming.iterdir()) == []
        assert found == expected[: len(found)], f"run {number}: each once and in its place"
        assert len(found) >= len(scan.pages), f"run {number}: a page that was reported is gone"
        assert found[: len(scan.pages)] == scan.pages
        tally["pages reported"] += len(scan.pages)
        tally["adopted at the next start"] += len(found) - len(scan.pages)
        tally["set aside half-written"] += len(rescued)
        tally["in the middle of the stack"] += 0 < len(scan.pages) < PAGES
    with capsys.disabled():
        told = ", ".join(f"{count} {what}" for what, count in tally.items())
        sys.stdout.write(f"\n{KILLS} runs of {PAGES} pages: {told}; none missing or doubled\n")
    assert tally["in the middle of the stack"] > 0.5 * KILLS, "the kills hit scans at work"

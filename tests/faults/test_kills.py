"""The whole process tree is killed at random moments of a scan of fifty pages, again and again.

After each kill the home is opened as at the next start: every page that was reported is there, in
its place, once. ``DIGITIZER_KILLS`` sets how many kills; 50 by default. Prints what happened.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from killing import Running
from PIL import Image, ImageDraw
from starting import Starter

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


def scanning(starter: Starter, home: Path, device: str) -> Running:
    """Start a scan of the stack."""
    words = ["scan", "--device", device, "--dossier", CODE, "--paper", "TP01", "--dpi", "100"]
    return Running(starter, home, words)


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
    whole = scanning(starter, home, scanner)
    whole.end()
    assert whole.pages == expected, "an undisturbed scan gives the stack as it lies"
    chance = random.Random(20261122)  # the same moments in every run, as far as moments can be
    tally: Counter[str] = Counter()
    for number in range(KILLS):
        shutil.rmtree(home)
        shutil.copytree(template, home)
        scan = scanning(starter, home, scanner)
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

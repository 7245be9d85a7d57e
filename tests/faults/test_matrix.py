"""Every fault × every driver × before the first, a middle and the last page: nothing that was
there before is lost, the batch says how it ended, nothing is left running, and scanning goes on.

``pytest -s tests/faults`` prints the table.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from killing import Running
from matrix import (
    CASES,
    CODE,
    CUTS,
    DEVICE,
    EVERY,
    PAGES,
    PLACES,
    POWER,
    PROCESS,
    Trouble,
    goes_on,
    impossible,
    profile_of,
    row,
    run,
    wait_for_batch,
    words_for,
    workers,
)
from PIL import Image, ImageDraw
from starting import Starter

from digitizer.app import App
from digitizer.scanning import Profile


@dataclass
class Table:
    """What came of every case."""

    rows: list[str] = field(default_factory=list)


def never_shown() -> list[str]:
    """Return a line for each fault that a driver cannot show, with the reason."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for driver, fault, place in EVERY:
        if why := impossible(driver, fault, place):
            found.setdefault((driver, fault, why), []).append(place)
    return [
        f"{driver:8} {fault:10} cannot show {', '.join(places)}: {why}"
        for (driver, fault, why), places in found.items()
    ]


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    """Collects the rows and prints them."""
    found = Table()
    yield found
    head = f"{'driver':8} {'fault':10} {'place':7} pages safe, how the batch ended"
    sys.stdout.write("\n".join(["", head, *found.rows, "", *never_shown(), ""]))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small pages, all different."""
    folder = tmp_path_factory.mktemp("stack")
    for number in range(1, PAGES + 1):
        page = Image.new("RGB", (827, 1169), "white")
        ImageDraw.Draw(page).text((80, 90 * number), f"Trang {number}", "black", font_size=60)
        page.save(folder / f"{number}.jpg", dpi=(100, 100), quality=80)
    return folder


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many pages that take the folder driver some time: it would be through before a fault.
    The last one takes it the longest, for nothing comes behind that."""
    folder = tmp_path_factory.mktemp("heavy")
    for number in range(1, PAGES + 1):
        more = 2 if number == PAGES else 1
        page = Image.effect_noise((2480 * more, 3508 * more), 60 + number)
        page.save(folder / f"{number}.png", dpi=(300 * more, 300 * more), compress_level=1)
    return folder


@pytest.fixture(scope="module")
def full_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that, preloaded, lets a folder hold no more than so many bytes."""
    library = tmp_path_factory.mktemp("full") / "full.so"
    source = Path(__file__).parent.parent / "cli" / "full.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with App(tmp_path / "home", "test") as opened:
        opened.dossiers.open_new(code=CODE)
        yield opened


@pytest.mark.parametrize(("driver", "fault", "place"), CASES)
def test_nothing_is_lost_and_nothing_hangs(
    driver: str,
    fault: str,
    place: str,
    app: App,
    stack: Path,
    heavy: Path,
    full_disk: Path,
    table: Table,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = PLACES[place]
    sane = tmp_path / "sane"
    sane.mkdir()
    (sane / "dll.conf").write_text("test\npnm\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(sane))
    with ExitStack() as on:
        sheets = heavy if driver == "folder" else stack
        profile = profile_of(driver, on, sheets, tmp_path, fault, at)
        if fault == "disk full":
            on.enter_context(_little_space(monkeypatch, full_disk, app, driver, profile, at))
        trouble = Trouble(fault, at)
        end = run(app, driver, profile, trouble)
    wanted = DEVICE.get(fault) or PROCESS[fault]
    every = 1 if driver == "pnm" else PAGES
    # the last page was on its way already; a scanner that is busy for a while is waited for
    through = fault == "stopped" or (fault == "busy" and driver != "test")
    if not (through and end.pages == every and end.error is None):
        assert isinstance(end.error, wanted), (end, wanted)
        assert end.pages <= at + (fault not in DEVICE), "it came where it was to come"
    paper = app.dossiers.find(CODE).paper("TP01")
    assert paper is not None
    kept = [page.sha256 for page in paper.pages]
    assert kept == trouble.saved, "what was told is there, in its order, and nothing besides"
    assert len(kept) >= at, "pages before the fault are safe"
    assert {page.batch_reason for page in paper.pages} <= {end.reason.value}
    assert workers() == []
    assert list(app.home.incoming.glob("*/????.???")) == [], "no whole page waits to be adopted"
    goes_on(app, stack)
    table.rows.append(row(driver, fault, place, len(kept), end.reason.value))


@pytest.fixture(scope="module")
def sane_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the power cut's commands look for scanners; rewritten for each."""
    return tmp_path_factory.mktemp("sane")


@pytest.mark.parametrize(("driver", "place"), CUTS)
def test_a_power_cut_loses_nothing_that_was_told(
    driver: str,
    place: str,
    stack: Path,
    heavy: Path,
    table: Table,
    starter: Starter,
    sane_folder: Path,
    tmp_path: Path,
) -> None:
    """SIGKILL to everything at once, right after a page was told, or once the batch has begun."""
    home, at = tmp_path / "home", PLACES[place]
    with App(home, "test") as app:
        app.dossiers.open_new(code=CODE)
    (sane_folder / "dll.conf").write_text("test\npnm\nairscan\n")
    with ExitStack() as on:
        sheets = heavy if driver == "folder" else stack
        profile = profile_of(driver, on, sheets, tmp_path, POWER, at)
        if driver == "airscan":
            shutil.copy(tmp_path / "sane" / "airscan.conf", sane_folder)
        running = Running(
            starter, home, words_for(driver, profile), SANE_CONFIG_DIR=str(sane_folder)
        )
        if at:
            running.wait_for(at)
        else:
            wait_for_batch(home / "incoming", running)
        running.kill_tree()
    assert len(running.pages) >= at, "it was at work"
    with App(home, "test") as app:
        paper = app.dossiers.find(CODE).paper("TP01")
        pages = paper.pages if paper is not None else ()
        kept = [page.sha256 for page in pages]
        assert kept[: len(running.pages)] == running.pages, "what was told is there, in its order"
        assert len(kept) <= PAGES
        assert driver == "test" or len(kept) == len(set(kept)), "only its pages look alike"
        ends = {page.batch_reason for page in pages} or {"interrupted"}
        assert len(ends & {"interrupted", "empty", "count"}) == len(ends) == 1
        assert list(app.home.incoming.iterdir()) == []
        goes_on(app, stack)
    table.rows.append(row(driver, POWER, place, len(kept), ends.pop()))


class _little_space:  # noqa: N801 - reads as a verb where it is used
    """Lets the worker land so many pages and half of the next."""

    def __init__(
        self,
        patch: pytest.MonkeyPatch,
        library: Path,
        app: App,
        driver: str,
        profile: Profile,
        at: int,
    ) -> None:
        self._patch = patch
        sizes = self._sizes(app, driver, profile)
        patch.setenv("FULL_UNDER", str(app.home.incoming))
        patch.setenv("FULL_COUNT", str(app.home.root.with_name("count")))
        patch.setenv("FULL_BYTES", str(sum(sizes[:at]) + sizes[at] // 2))
        patch.setenv("LD_PRELOAD", str(library))

    def _sizes(self, app: App, driver: str, profile: Profile) -> list[int]:
        """Scan once without trouble to learn how large the pages are; forget them again."""
        end = run(app, driver, profile, Trouble("none", -1))
        assert end.error is None
        rows = app.store.rows("SELECT bytes FROM page ORDER BY batch_seq")
        with app.store.transaction() as tx:
            tx.execute("DELETE FROM work")
            tx.execute("DELETE FROM page")
        return [int(row["bytes"]) for row in rows]

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self._patch.delenv("LD_PRELOAD")

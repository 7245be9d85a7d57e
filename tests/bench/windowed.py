"""The window as a child of the bench, on a display of its own.

``python -m tests.bench.windowed start HOME`` opens it, says at what moment of the machine's clock
it could be worked with, and ends. ``… work HOME ROUNDS`` scans so many stacks into the papers of
the dossiers that wait, one after the other, reads, bundles and sends, and says how the loop and the
memory did meanwhile.
"""

from __future__ import annotations

import gc

gc.disable()  # as ``digitizer.__main__`` does before it loads the window

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

from PySide6.QtCore import QObject, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

import ui.__main__  # noqa: E402

_LOOK_MS = 4
_ASK_MS = 1000
_SAMPLE_SECONDS = 1.0
_MB = 1024


class Watching(ui.__main__.Window):
    """The window, which ends the program once it can be worked with: the finder has the focus
    and shows what is here."""

    def __init__(self, *parts: object) -> None:
        super().__init__(*parts)  # type: ignore[arg-type]
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._usable)
        self._look.start()

    def _usable(self) -> None:
        finder = self.counter.finder
        if finder.view.isVisible() and self.focusWidget() is finder.field:
            self._look.stop()
            QTimer.singleShot(0, self._say)

    def _say(self) -> None:
        tell({"usable": time.monotonic(), "memory": memory()})
        QApplication.quit()


def tell(value: dict[str, object]) -> None:
    """Say something to the bench."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def memory() -> float:
    """Return the memory of this process in MB, pages shared with others counted in part."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / _MB


def start(home: Path) -> None:
    """Open the window as ``digitizer`` does."""
    ui.__main__.Window = Watching  # type: ignore[misc]
    ui.__main__.run(home)


def work(home: Path, rounds: int) -> None:
    """Scan what lies in the scanner into paper after paper and send it, at a window as it is
    used."""
    from digitizer.allocation import give_back
    from drivers.host import all_devices, scanner_for
    from tests.ui.pulse import Pulse
    from ui.commands import Command
    from ui.garbage import Collector
    from ui.homes import opens
    from ui.scanning import Scanners
    from ui.theme import Theme
    from ui.window import Window

    give_back()  # as ``ui.__main__`` does
    program = QApplication([])
    program.setStyle("Fusion")
    theme = Theme()
    theme.dress(colours="light")
    window = Window(opens(home), Scanners(scanner_for, all_devices), theme)
    window.ready.connect(Collector(program).begin)
    window.show()
    window.begin()
    _until(lambda: window.office is not None and window.office.traffic is not None)
    office, app = window.office, window.app
    assert office is not None
    assert app is not None
    at_rest = memory()
    papers = _waiting_papers(app)[:rounds]
    assert len(papers) == rounds, "as many stacks as papers"
    pulse, samples = Pulse(), Samples()
    pulse.start()
    for number, (dossier_id, paper_id) in enumerate(papers, start=1):
        office.open(dossier_id, paper_id)
        _until(lambda paper_id=paper_id: office.paper is not None and office.paper.id == paper_id)
        window.counter.do(Command.SCAN)
        _until(lambda: window.scanning.target is not None)
        _until(lambda: window.scanning.target is None)
        if number == rounds or papers[number][0] != dossier_id:
            office.finish()
    sent = Asked(lambda: _are_sent(app, papers), window)
    _until(lambda: sent.answer)
    samples.stop()
    tell({"gaps": pulse.gaps, "memory": samples.found, "at_rest": at_rest})
    window.close()
    window.shut()


class Samples:
    """Looks at the memory every second, on a thread of its own: the kernel takes milliseconds to
    add it up, which are no stalls of the window's."""

    def __init__(self) -> None:
        self.found: list[float] = [memory()]
        self._over = threading.Event()
        threading.Thread(target=self._look, name="memory", daemon=True).start()

    def _look(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            self.found.append(memory())

    def stop(self) -> None:
        """Look no more."""
        self._over.set()


class Asked(QObject):
    """Asks something every second, off the UI thread, until it is so."""

    def __init__(self, ask: Callable[[], bool], window: ui.__main__.Window) -> None:
        super().__init__(window)
        self.answer = False
        self._ask = ask
        self._bridge = window.bridge
        self._timer = QTimer(self, interval=_ASK_MS)
        self._timer.timeout.connect(lambda: self._bridge.ask(self._ask, self._heard))
        self._timer.start()

    def _heard(self, answer: bool) -> None:
        self.answer = answer


_Paper = tuple[str, str]
"""A dossier's id and a paper's."""


def _waiting_papers(app: ui.__main__.App) -> list[_Paper]:
    rows = app.store.rows("SELECT DISTINCT dossier_id FROM waiting ORDER BY dossier_id")
    return [(row[0], paper.id) for row in rows for paper in app.dossiers.get(row[0]).papers]


def _are_sent(app: ui.__main__.App, papers: list[_Paper]) -> bool:
    marks = ",".join("?" * len(papers))
    ids = [paper_id for _, paper_id in papers]
    rows = app.store.rows(
        f"SELECT count(DISTINCT paper_id) FROM receipt WHERE paper_id IN ({marks})",  # noqa: S608
        *ids,
    )
    return int(rows[0][0]) == len(papers)


def _until(ready: Callable[[], bool]) -> None:
    """Let the loop run until ``ready``."""
    program = QApplication.instance()
    assert program is not None
    timer = QTimer(interval=20)
    timer.timeout.connect(lambda: program.quit() if ready() else None)
    timer.start()
    program.exec()
    timer.stop()


if __name__ == "__main__":
    os.umask(0o077)
    if sys.argv[1] == "start":
        start(Path(sys.argv[2]))
    else:
        work(Path(sys.argv[2]), int(sys.argv[3]))

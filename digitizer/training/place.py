"""Where training keeps things: a folder beside the real home, marked as what it is.

It is a home like any other, with the sample papers, the feeder and the sandbox's data inside.
Whatever bears the mark may be removed; nothing else ever is.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from digitizer import programs
from digitizer.app import Facts
from digitizer.config import Home
from digitizer.durable import make_folder, write_durably
from digitizer.errors import HomeLocked, NotTraining, from_os
from digitizer.sandbox import seed
from digitizer.storage import queries
from digitizer.storage.homelock import HomeLock

_MARK = "digitizer training home\n"
SCANNER = "Máy quét tập huấn"
"""The virtual scanner's name, and its profile's."""
LESSON = seed.DOSSIERS[0]
"""The dossier that the lesson is about: it registers a birth."""


class Place(Struct, frozen=True):
    """The folders of one training home."""

    root: Path

    @property
    def mark(self) -> Path:
        """Says that this is a training home."""
        return self.root / ".digitizer-training"

    @property
    def paper(self) -> Path:
        """The drawn sheets."""
        return self.root / "paper"

    @property
    def tray(self) -> Path:
        """What lies in the scanner's feeder."""
        return self.root / "tray"

    @property
    def server(self) -> Path:
        """What the sandbox keeps."""
        return self.root / "sandbox"

    @property
    def ours(self) -> bool:
        """Whether it bears the mark."""
        try:
            return self.mark.is_file() and self.mark.read_text("utf-8") == _MARK
        except (OSError, ValueError):
            return False

    @property
    def running(self) -> bool:
        """Whether a training is open there now."""
        lock = Home(self.root).lock
        if not lock.exists():
            return False
        try:
            HomeLock(lock, "training").release()
        except HomeLocked:
            return True
        return False

    @property
    def learned(self) -> bool:
        """Whether the lesson came to its end there: its dossier is finished."""
        if not self.ours or not Home(self.root).database.exists():
            return False
        with Facts(self.root) as facts:
            known = queries.dossier_id_of(facts.store, LESSON.no)
            found = queries.dossier(facts.store, known) if known is not None else None
        return found is not None and found.finished_at is not None

    def make(self) -> None:
        """Make the folders and the mark.

        Raises:
            NotTraining: something else lies there.
            HomeReadOnly, DiskFull: it cannot be written.
        """
        try:
            if self.root.exists() and not self.ours and any(self.root.iterdir()):
                raise NotTraining(self.root.name)
            make_folder(self.root)
            if not self.ours:
                write_durably(self.mark, _MARK.encode())
            for folder in (self.paper, self.tray, self.server):
                make_folder(folder)
        except OSError as error:
            raise from_os(error) from error

    def reset(self) -> None:
        """Remove all that was done there; the drawn sheets stay.

        Raises:
            NotTraining: it is not a training home. Nothing was removed.
            HomeLocked: a training runs there.
            HomeReadOnly: it cannot be written.
        """
        if not self.root.exists():
            return
        if not self.ours:
            raise NotTraining(self.root.name)
        home = Home(self.root)
        try:
            with ExitStack() as held:
                held.enter_context(HomeLock(home.lock, "training"))
                for one in self.root.iterdir():
                    if one in (self.mark, self.paper) or one.name.startswith(home.lock.name):
                        continue
                    if one.is_dir() and not one.is_symlink():
                        shutil.rmtree(one)
                    else:
                        one.unlink()
        except OSError as error:
            raise from_os(error) from error


def launch(home: Path) -> subprocess.Popen[bytes]:
    """Open the training that belongs to ``home`` in a process of its own, which outlives this."""
    return subprocess.Popen(
        programs.module_command("digitizer", "--home", str(home.absolute()), "training"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def beside(home: Path) -> Place:
    """Return the training home that belongs to a real one: ``<home>-training``."""
    real = home.absolute()
    return Place(real.with_name(f"{real.name}-training"))

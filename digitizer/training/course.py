"""One training under way: opens its home, keeps scanner and sandbox running, loads the feeder.

Made by ``digitizer training`` and handed to the window, which calls it off the UI thread. The
two children die with this process, however it ends.
"""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from msgspec import Struct

from digitizer import programs
from digitizer.app import App, Sends
from digitizer.errors import ProgramCrashed, ToolMissing, from_os
from digitizer.policy import FREE
from digitizer.profiles import OFFICE, NamedProfile
from digitizer.scanning import Profile
from digitizer.servers import Server
from digitizer.training import paper
from digitizer.training.place import SCANNER, Place
from digitizer.training.stacks import Stack

log = logging.getLogger(__name__)

_ESCL = "escl:"
_START_SECONDS = 60.0
_END_SECONDS = 5.0
_NEEDS = ("starlette", "uvicorn")


class _Child(Struct, frozen=True):
    """A command kept running, and what its first line said."""

    process: subprocess.Popen[bytes]
    said: dict[str, Any]


class Course:
    """Use it with ``with``: at its end the children are gone.

    Attributes:
        place: Its folders.
        device: The virtual scanner's id, once ``open`` returned.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.device = ""
        self._children: list[_Child] = []
        self._loads = 0
        self._lock = threading.Lock()
        self._over = False

    def open(self) -> App:
        """Open the training home and start everything; a lesson that was finished begins anew.

        Blocks: the first time, drawing the papers takes some seconds.

        Raises:
            NotTraining, HomeLocked, HomeReadOnly, DiskFull: of the home.
            ToolMissing, ProgramCrashed: the sandbox or the scanner does not start.
        """
        for module in _NEEDS:
            if find_spec(module) is None:
                raise ToolMissing(f"python package {module}")
        if self.place.learned:
            self.place.reset()
        self.place.make()
        app = App(self.place.root, "training", sends=Sends.FINISHED, policy=FREE)
        try:
            self._furnish(app)
        except BaseException:
            self._end_children()
            app.close()
            raise
        return app

    def load(self, stack: Stack) -> None:
        """Put a stack into the feeder in place of what lies there."""
        with self._lock:
            self._loads += 1
            try:
                paper.load(self.place, stack, self._loads)
            except OSError as error:
                raise from_os(error) from error

    def close(self) -> None:
        """End the children."""
        with self._lock:
            self._over = True
        self._end_children()

    def _end_children(self) -> None:
        with self._lock:
            for child in self._children:
                _end(child.process)
            self._children.clear()

    def _furnish(self, app: App) -> None:
        paper.draw(self.place)
        self._connect_sandbox(app)
        self._connect_scanner(app)

    def _connect_sandbox(self, app: App) -> None:
        before = app.servers.get()
        port = urlsplit(before.url).port if before is not None else None
        told = self._start_at(port, "sandbox", "--data", str(self.place.server))
        server = Server("opencps", told["url"], told["group"], told["user"])
        app.servers.set(server, told["password"])
        app.server_changed()
        app.syncing.down(threading.Event())

    def _connect_scanner(self, app: App) -> None:
        known = next((one for one in app.profiles.all() if one.name == SCANNER), None)
        port = urlsplit(known.profile.device.removeprefix(_ESCL)).port if known else None
        told = self._start_at(port, "virtual-scanner", str(self.place.tray))
        self.device = f"{_ESCL}{told['url']}"
        app.profiles.put(NamedProfile(SCANNER, Profile(self.device, both_sides=True)))
        if known is None:
            app.profiles.remove(OFFICE.name)

    def _start_at(self, port: int | None, *words: str) -> dict[str, Any]:
        """Start a server where it was before, if that port is free: receipts and profiles name
        its address. Returns what it said."""
        if port is not None:
            try:
                return self._start(*words, "--port", str(port)).said
            except ProgramCrashed:
                log.info("%s: port %s is taken now", words[0], port)
        return self._start(*words).said

    def _start(self, *words: str) -> _Child:
        """Start a command and wait for its first line. Raises ``ProgramCrashed``."""
        with self._lock:
            if self._over:
                raise ProgramCrashed(words[0])
            process = subprocess.Popen(
                programs.module_command("digitizer.training.lifeline", "--json", *words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=programs.environment(),
                start_new_session=True,
            )
            child = _Child(process, {})
            self._children.append(child)
        late = threading.Timer(_START_SECONDS, process.kill)
        late.start()
        try:
            line = process.stdout.readline() if process.stdout is not None else b""
        finally:
            late.cancel()
        if not line:
            raise ProgramCrashed(words[0])
        child.said.update(json.loads(line))
        return child

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let go of a child's lifeline, and kill it where that does not end it."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        programs.kill_tree(process)

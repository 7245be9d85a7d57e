"""Runs scenarios in forked children under the shim: the tests' other half.

Started by ``conftest`` with the shim preloaded. Reads one JSON request a line from standard input:
``{"home", "scenario", "mode", "nth"}``; answers with one JSON line: how the child ended, what it
had reported until then, how many calls it had made, and their trace.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from digitizer import batchsigning, originals
from digitizer.app import App, Sends
from digitizer.arrivals import Arrived
from digitizer.bundle import making
from digitizer.bundle.request import BundleRequest
from digitizer.delivering import Deliveries, Target
from digitizer.errors import DigitizerError, ScannerNotFound, ServerError, from_os
from digitizer.plan import LOCAL, SYNC
from digitizer.policy import FREE
from digitizer.procedure import opencps  # noqa: F401 - imported once for all children
from digitizer.rules import Gather, Rule
from digitizer.scanning import Capabilities, Device, Profile, Progress, ScannedPage, unheard
from digitizer.signing.model import Done, KeyKind, KeySource, Look, Stamp
from digitizer.signing.session import Session
from digitizer.storage import signings
from digitizer.work.local import LocalWork
from drivers.landing import land_bytes, land_original
from tests.crash import encrypted
from tests.crash.child import Child
from tests.signing.issuing import OFFICER, PASSWORD

PIN = "một-hai-ba"


class Stack:
    """A scanner in this process: lands given images as every driver does."""

    def __init__(self, images: list[Path]) -> None:
        self._images = images

    def devices(self) -> list[Device]:
        return []

    def capabilities(self, device: str) -> Capabilities:
        raise ScannerNotFound(device)

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        for seq, image in enumerate(self._images, start=1):
            yield ScannedPage(seq, land_bytes(into, seq, ".jpg", image.read_bytes()))


def capture(child: Child, kind: Callable[[list[Path]], Stack] = Stack) -> None:
    """One batch of the images in ``home/../images`` into the first paper."""
    images = sorted((child.home.parent / "images").iterdir())
    with App(child.home, "crash test") as app:
        dossier = app.dossiers.heads()[0]
        paper = app.dossiers.get(dossier.id).papers[0].id
        child.arm()
        end = app.capture.run(
            kind(images),
            Profile("stack"),
            paper,
            threading.Event(),
            lambda page: child.tell(seq=page.seq, sha256=page.sha256),
        )
        app.settle()
        child.disarm()
        child.tell(reason=end.reason, error=end.error.code if end.error else None)


class SignedStack(Stack):
    """A scanner that lands the signed PDF of its pages before them, as the folder driver does."""

    def __init__(self, images: list[Path], original: Path) -> None:
        super().__init__(images)
        self._original = original

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        part = into / originals.name(1, len(self._images))
        part.with_suffix(".part").write_bytes(self._original.read_bytes())
        land_original(part.with_suffix(".part").rename(part), into)
        yield from super().scan(profile, into, stop, told)


class Parcel(Stack):
    """A scanner that lands the file it is given as an original, and images for its pages."""

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        yield from SignedStack(self._images, profile.files[0]).scan(profile, into, stop, told)


class Bars:
    """Takes files apart at their bars, as the folder driver does with pages."""

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        seq = 0
        for file in profile.files:
            pages = file.read_bytes().split(b"|")
            for number, page in enumerate(pages, start=1):
                seq += 1
                landed = land_bytes(into, seq, ".jpg", page)
                yield ScannedPage(seq, landed, file, number == len(pages))

    def devices(self) -> list[Device]:
        return []

    def capabilities(self, device: str) -> Capabilities:
        raise ScannerNotFound(device)


def deliver(child: Child, gather: Gather) -> None:
    """What lies in the watched folder ``home/../hot``, as the watch service takes it."""
    hot = child.home.parent / "hot"
    with App(child.home, "crash test") as app:
        dossier = app.dossiers.heads()[0]
        rule = Rule(hot, gather=gather)
        target = Target(rule, dossier.id, app.dossiers.get(dossier.id).papers[0].id)
        delivering = Deliveries(app.home, app.store, app.vault, app.capture)
        child.arm()
        delivering.look_round(hot)
        stats = {file: file.stat() for file in sorted(hot.glob("*.tif"))}
        taken = delivering.take(
            Bars(),
            target,
            [Arrived(file, stat.st_size, stat.st_mtime_ns) for file, stat in stats.items()],
            threading.Event(),
            lambda page: child.tell(sha256=page.sha256),
        )
        child.tell(error=taken.trouble.code if taken.trouble else None)
        if taken.trouble is None:
            for gathering in delivering.gatherings():
                delivering.close_gathering(gathering)
        app.settle()
        child.disarm()


def receive(child: Child) -> None:
    """What lies on the stick ``home/../stick``, as another desk wrote it."""
    images = sorted((child.home.parent / "images").iterdir())
    with App(child.home, "crash test") as app:
        child.arm()
        over = app.receiving.take(child.home.parent / "stick", Parcel(images), threading.Event())
        app.settle()
        child.disarm()
        child.tell(outcomes=[one.outcome.value for one in over])


def recover(child: Child) -> None:
    """Opening a home that a crash left."""
    child.arm()
    App(child.home, "crash test").close()
    child.disarm()


def bundle(child: Child) -> None:
    """The one due piece of local work: a paper's bundle, by the real program."""
    with App(child.home, "crash test") as app:
        local = LocalWork(app.home, app.store, app.vault, app.events, app.dossiers)
        claim = app.work.claim(LOCAL)
        assert claim is not None
        child.arm()
        local.run(claim, threading.Event())
        app.work.done(claim)
        app.settle()
        child.disarm()
        child.tell(done=True)


def making_one(child: Child) -> None:
    """The bundle program's own work, in this process."""
    request = json.loads((child.home / "request.json").read_text(encoding="utf-8"))
    request["out"] = str(child.home / "bundle.pdf")
    child.arm()
    making.make(BundleRequest.from_json(request))
    child.disarm()
    child.tell(done=True)


def upload(child: Child) -> None:
    """One upload into a folder, and its receipt."""
    with App(child.home, "crash test") as app:
        app.settle()
        claim = app.work.claim(SYNC)
        assert claim is not None
        child.arm()
        app.syncing.run(claim, threading.Event())
        app.work.done(claim)
        app.settle()
        child.disarm()
        child.tell(done=True)


def sign_waiting(child: Child) -> None:
    """Everything that waits for a signature, with the key file that the home knows."""
    with App(child.home, "crash test", policy=FREE) as app:
        app.settle()
        rules = signings.rules(app.store)
        app.key.unlock(rules, PIN)
        listed = batchsigning.waiting(app.store, finished_only=False)
        child.arm()
        results = app.signing.sign(listed, rules, threading.Event())
        app.settle()
        child.disarm()
        error = results[0].error
        child.tell(done=error is None, error=error.code if error else None)


def retain(child: Child) -> None:
    """A sweep when the days of what was sent have passed, at the server that the home knows."""
    with App(child.home, "crash test", policy=FREE) as app:
        app.settle()
        child.arm()
        swept = app.sweeper.once(threading.Event(), moment=datetime.now(UTC) + timedelta(days=40))
        child.disarm()
        child.tell(done=swept.dossiers, error=swept.trouble.code if swept.trouble else None)


def discard(child: Child) -> None:
    """A dossier that somebody wants gone at once."""
    with App(child.home, "crash test", policy=FREE) as app:
        app.settle()
        dossier = app.dossiers.heads()[0]
        child.arm()
        app.retention.discard(dossier.id, "a state secret", grace=False)
        child.disarm()
        child.tell(done=1)


def sync(child: Child, sends: Sends) -> None:
    """One round of ``digitizer sync``: down, then up, at the server that the home knows."""
    with App(child.home, "crash test", sends=sends, policy=FREE) as app:
        app.settle()
        child.arm()
        with contextlib.suppress(ServerError):
            app.syncing.down(threading.Event())
        app.sync.start()
        app.sync.wake()
        app.sync.until_idle(threading.Event(), one_round=True)
        app.settle()
        child.disarm()
        child.tell(done=True)


class Signing(Session):
    """Calls count from where the programs have done their work: what they write is scratch."""

    child: Child

    def _judged(self, source: Path, made: Path, stop: threading.Event | None) -> Done:
        done = super()._judged(source, made, stop)
        self.child.arm()
        return done


def sign(child: Child) -> None:
    """One paper signed with a key file, by the real programs."""
    source = KeySource(KeyKind.FILE, str(child.home / "own.p12"))
    stamp = Stamp(Look.PERSONAL, OFFICER, "", None, datetime.now(UTC))
    session = Signing(source, child.home / "scratch")
    session.child = child
    session.open(PASSWORD)
    try:
        session.sign(child.home / "paper.pdf", child.home / "signed.pdf", stamp)
        child.tell(done=True)
    finally:
        child.disarm()
        session.close()


SCENARIOS: dict[str, Callable[[Child], None]] = {
    "capture": capture,
    "capture-signed": lambda child: capture(
        child, lambda images: SignedStack(images, child.home.parent / "original.pdf")
    ),
    "deliver-file": lambda child: deliver(child, Gather.FILE),
    "deliver-folder": lambda child: deliver(child, Gather.FOLDER),
    "receive": receive,
    "recover": recover,
    "bundle": bundle,
    "making": making_one,
    "upload": upload,
    "sign": sign,
    "sign-waiting": sign_waiting,
    "retain": retain,
    "discard": discard,
    "sync-ready": lambda child: sync(child, Sends.READY),
    "sync-finished": lambda child: sync(child, Sends.FINISHED),
    **encrypted.SCENARIOS,
}


def run_forked(request: dict[str, Any], shim: ctypes.CDLL) -> dict[str, Any]:
    """Fork, run the scenario in the child, wait, and return what came of it."""
    with tempfile.TemporaryFile() as trace:
        out, back = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(out)
            _live(request, shim, back, trace.fileno())
        os.close(back)
        with os.fdopen(out, encoding="utf-8") as lines:
            told = [json.loads(line) for line in lines]
        _, status = os.waitpid(pid, 0)
        trace.seek(0)
        calls = trace.read().decode("utf-8", "replace").splitlines()
    return {"exit": os.waitstatus_to_exitcode(status), "told": told, "calls": calls}


def _live(request: dict[str, Any], shim: ctypes.CDLL, back: int, trace: int) -> None:
    code = 1
    try:
        with os.fdopen(back, "w", encoding="utf-8") as report:
            child = Child(request, shim, report, trace)
            try:
                SCENARIOS[request["scenario"]](child)
                code = 0
            except (DigitizerError, OSError) as error:
                row = from_os(error) if isinstance(error, OSError) else error
                child.disarm()
                child.tell(error=row.code)
                code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def main() -> None:
    """Serve requests until standard input ends."""
    os.umask(0o077)
    shim = ctypes.CDLL(os.environ["LD_PRELOAD"])
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run_forked(json.loads(line), shim)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

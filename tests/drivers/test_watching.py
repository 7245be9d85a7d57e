"""A folder that somebody else fills: nothing half-written, nothing twice, nothing forgotten."""

from __future__ import annotations

import contextlib
import errno
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchdog.observers.inotify import InotifyObserver

from digitizer.arrivals import Held, Place, Sight, Why
from digitizer.errors import FolderUnreadable
from drivers import watch_state
from drivers.watching import FolderLookout

QUIET = 0.2
PATIENCE = 0.8


class Watch:
    """A lookout, looked through as the watch service does."""

    def __init__(self, folder: Path, *, poll: bool = False) -> None:
        self.wake = threading.Event()
        self.lookout = FolderLookout(
            Place(folder, poll), self.wake, quiet_seconds=QUIET, patience_seconds=PATIENCE
        )

    def until(self, wanted: Callable[[Sight], bool], timeout: float = 5.0) -> Sight:
        """Look until ``wanted``."""
        deadline = time.monotonic() + timeout
        while not wanted(sight := self.lookout.look()):
            assert time.monotonic() < deadline, sight
            self.wake.wait(0.02)
            self.wake.clear()
        return sight

    def ready(self, count: int = 1) -> list[str]:
        """The names of ready files, once there are so many."""
        sight = self.until(lambda sight: len(sight.ready) >= count)
        return [one.path.name for one in sight.ready]

    def held(self) -> list[Held]:
        """What waits, once anything does."""
        return list(self.until(lambda sight: bool(sight.held)).held)

    def nothing(self, seconds: float) -> None:
        """Nothing gets ready for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.lookout.look().ready == ()
            self.wake.wait(0.02)
            self.wake.clear()


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@pytest.fixture
def watch(drop: Path) -> Iterator[Watch]:
    watch = Watch(drop)
    yield watch
    watch.lookout.close()


@pytest.fixture
def page(stack: Path) -> bytes:
    return (stack / "1.jpg").read_bytes()


def test_files_are_ready_in_natural_order(drop: Path, page: bytes, watch: Watch) -> None:
    for name in ("page 10.jpg", "page 9.jpg", "sub/1.jpg", "page 1.jpg"):
        (drop / name).parent.mkdir(exist_ok=True)
        (drop / name).write_bytes(page)
    for name in ("later.jpg.part", "~$x.jpg", ".y.jpg", "z.tmp", "w.pdf.crdownload"):
        (drop / name).write_bytes(page)
    assert watch.ready(4) == ["page 1.jpg", "page 9.jpg", "page 10.jpg", "1.jpg"]


def test_a_quiet_folder_is_quiet_after_a_while(drop: Path, page: bytes, watch: Watch) -> None:
    assert not watch.lookout.look().quiet
    watch.until(lambda sight: sight.quiet)
    (drop / "1.jpg").write_bytes(page)
    assert not watch.lookout.look().quiet


def test_a_file_is_ready_only_when_it_is_whole(drop: Path, page: bytes, watch: Watch) -> None:
    with (drop / "1.jpg").open("wb") as file:
        for start in range(0, len(page), len(page) // 3 + 1):
            file.write(page[start : start + len(page) // 3 + 1])
            file.flush()
            watch.nothing(QUIET * 0.8)
    assert watch.ready() == ["1.jpg"]


def test_a_pause_in_writing_does_not_pass_for_the_end(
    drop: Path, page: bytes, watch: Watch
) -> None:
    with (drop / "1.jpg").open("wb") as file:
        file.write(page[:5000])
        file.flush()
        watch.nothing(QUIET * 2)
        file.write(page[5000:])
    assert watch.ready() == ["1.jpg"]


@pytest.mark.parametrize(("content", "why"), [(b"", Why.EMPTY), (b"%PDF-1.7 ", Why.PARTIAL)])
def test_what_is_not_whole_is_told_after_a_while_and_taken_when_it_is(
    drop: Path, page: bytes, watch: Watch, content: bytes, why: Why
) -> None:
    began = time.monotonic()
    (drop / "1.jpg").write_bytes(content)
    assert watch.held() == [Held(drop / "1.jpg", why)]
    assert time.monotonic() - began >= PATIENCE
    (drop / "1.jpg").write_bytes(page)
    assert watch.ready() == ["1.jpg"]
    assert watch.lookout.look().held == ()


def test_an_image_without_an_end_is_tried_after_a_while(
    drop: Path, page: bytes, watch: Watch
) -> None:
    began = time.monotonic()
    (drop / "1.jpg").write_bytes(page[:5000])
    (drop / "2.jpg").write_bytes(page)
    (first, second) = watch.until(lambda sight: len(sight.ready) == 2).ready
    assert time.monotonic() - began >= PATIENCE
    assert (first.path.name, first.unended, second.unended) == ("1.jpg", True, False)
    (drop / "1.jpg").write_bytes(page)
    watch.until(lambda sight: [one.unended for one in sight.ready] == [False, False])


def test_padding_after_the_end_holds_nothing_up(drop: Path, page: bytes, watch: Watch) -> None:
    (drop / "1.jpg").write_bytes(page + bytes(4096))
    (one,) = watch.until(lambda sight: bool(sight.ready), timeout=PATIENCE * 0.9).ready
    assert not one.unended


@pytest.mark.parametrize("name", ["1.jfif", "2.JPE", "3.webp"])
def test_images_by_other_names_are_seen(drop: Path, page: bytes, watch: Watch, name: str) -> None:
    (drop / name).write_bytes(page)
    assert watch.ready() == [name]


def test_a_page_waits_for_the_one_before_it_but_not_for_ever(
    drop: Path, page: bytes, watch: Watch
) -> None:
    (drop / "page 1.jpg").write_bytes(page[:5000])
    (drop / "page 2.jpg").write_bytes(page)
    watch.nothing(QUIET * 2)
    (drop / "page 1.jpg").write_bytes(page)
    assert watch.ready(2) == ["page 1.jpg", "page 2.jpg"]
    (drop / "page 0.jpg").write_bytes(b"")
    watch.until(lambda sight: not sight.ready)
    assert watch.ready(2) == ["page 1.jpg", "page 2.jpg"]


def test_one_that_grows_without_end_holds_nobody_back_for_ever(
    drop: Path, page: bytes, watch: Watch
) -> None:
    (drop / "2.jpg").write_bytes(page)
    with (drop / "1.jpg").open("wb") as file:

        def grown(sight: Sight) -> bool:
            file.write(b"x")
            file.flush()
            return bool(sight.ready)

        sight = watch.until(grown)
    assert [one.path.name for one in sight.ready] == ["2.jpg"]
    assert drop in sight.coming


def test_a_file_renamed_while_it_waits_is_followed(drop: Path, page: bytes, watch: Watch) -> None:
    (drop / "1.jpg.part").write_bytes(page)
    watch.nothing(QUIET * 2)
    (drop / "1.jpg.part").rename(drop / "1.jpg")
    assert watch.ready() == ["1.jpg"]
    (drop / "1.jpg").rename(drop / "other.jpg")
    watch.until(lambda sight: [one.path.name for one in sight.ready] == ["other.jpg"])
    (drop / "other.jpg").unlink()
    assert watch.lookout.look().ready == ()


@pytest.mark.parametrize("kind", ["flock", "lockf"])
def test_a_file_that_another_process_locks_waits_until_it_is_free(
    drop: Path, page: bytes, watch: Watch, kind: str
) -> None:
    file = drop / "1.jpg"
    file.write_bytes(page)
    with locked(file, kind):
        assert watch.held() == [Held(file, Why.LOCKED)]
    assert watch.ready() == ["1.jpg"]


_HOLD = """
import fcntl, sys
with open(sys.argv[1], "r+b") as stream:
    getattr(fcntl, sys.argv[2])(stream, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def locked(file: Path, kind: str) -> Iterator[None]:
    """Another process holds a file exclusively for the length of the block."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(file), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        yield
        process.communicate()


def test_one_that_was_put_off_comes_again_later_and_later(
    drop: Path, page: bytes, watch: Watch
) -> None:
    file = drop / "1.jpg"
    file.write_bytes(page)
    waits = []
    for _ in range(2):
        assert watch.ready() == ["1.jpg"]
        watch.lookout.put_off(file)
        began = time.monotonic()
        assert watch.ready() == ["1.jpg"]
        waits.append(time.monotonic() - began)
    assert waits[0] >= watch_state.FIRST_WAIT_SECONDS
    assert waits[1] >= watch_state.FIRST_WAIT_SECONDS * 2


def test_a_folder_that_goes_away_is_taken_up_again(drop: Path, page: bytes, watch: Watch) -> None:
    (drop / "1.jpg").write_bytes(page)
    assert watch.ready() == ["1.jpg"]
    shutil.rmtree(drop)
    assert not watch.lookout.look().reachable
    drop.mkdir()
    (drop / "2.jpg").write_bytes(page)
    assert watch.ready() == ["2.jpg"]
    watch.wake.clear()
    (drop / "3.jpg").write_bytes(page)
    assert watch.ready(2) == ["2.jpg", "3.jpg"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderUnreadable):
        Watch(tmp_path / "nothing")


def test_where_no_notices_can_be_had_looking_again_does(
    drop: Path, page: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: InotifyObserver) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(InotifyObserver, "start", refuse)
    watch = Watch(drop)
    (drop / "1.jpg").write_bytes(page)
    assert watch.ready() == ["1.jpg"]
    watch.lookout.close()


def test_a_network_share_is_looked_at_again_and_again(drop: Path, page: bytes) -> None:
    watch = Watch(drop, poll=True)
    (drop / "2.jpg").write_bytes(page)
    (drop / "1.jpg").write_bytes(page)
    assert watch.ready(2) == ["1.jpg", "2.jpg"]
    assert not watch.wake.is_set()


def test_looking_at_thousands_of_files_opens_each_once(
    drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3000):
        (drop / f"{number}.jpg").write_bytes(b"\xff\xd8 \xff\xd9")
    opened = []
    real = watch_state.obstacle

    def counted(file: Path, size: int) -> watch_state.Obstacle:
        opened.append(file)
        return real(file, size)

    monkeypatch.setattr(watch_state, "obstacle", counted)
    watch = Watch(drop, poll=True)
    names = watch.ready(3000)
    assert names == [f"{number}.jpg" for number in range(3000)]
    sights = [watch.lookout.look() for _ in range(5)]
    assert len(opened) == 3000
    assert all(sight.rest > 0 and sight.pause >= sight.rest for sight in sights)


def test_what_is_no_plain_file_is_told_holds_back_nobody_and_goes_with_it(
    drop: Path, page: bytes, watch: Watch, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (drop / "0.jpg").symlink_to(tmp_path / "nothing.jpg")
    (drop / "done").symlink_to(tmp_path / "elsewhere")
    (drop / "other").symlink_to(tmp_path / "elsewhere")
    assert watch.lookout.look().held == (), "it may be gone at the next look"
    (drop / "1.jpg").write_bytes(page)
    assert watch.ready() == ["1.jpg"]
    sight = watch.until(lambda sight: sight.quiet)
    named = [Held(drop / name, Why.NOT_PLAIN) for name in ("0.jpg", "other")]
    assert sight.held == tuple(named)
    (drop / "0.jpg").unlink()
    assert watch.lookout.look().held == (named[1],)

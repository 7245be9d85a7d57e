"""Where copies lie while programs read them, and what programs make until it is kept.

In a plain home that is its folder ``work``. What a sealed vault lends is in clear, and goes where
it does not reach the disk: into ``$XDG_RUNTIME_DIR``, where that is memory and has room; else into
``work`` too. Either way it is removed as soon as nobody reads it, and what a crash left at the next
start. Called by the vault, and through it by whoever runs programs.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from digitizer.durable import make_folder
from digitizer.storage.homelock import take

MEMORY_VARIABLE = "XDG_RUNTIME_DIR"
IN_MEMORY = "digitizer"
"""The folder in there; drivers, which may read what lies about, may not read that."""
_SPARE = 32 << 20
"""So many bytes of memory are left to others."""
_HELD = "held"
_IN_MEMORY_TYPES = frozenset({"tmpfs", "ramfs"})
_TRIES = 5


class Scratch:
    """The scratch folders of one open home. Thread-safe."""

    def __init__(self, disk: Path, memory: Path | None = None, *, hidden: bool = False) -> None:
        """Make nothing yet.

        Args:
            disk: The home's folder ``work``.
            memory: A folder, which need not be there yet, in memory; None: there is none.
            hidden: What is put here is in clear and should not reach the disk.
        """
        self._disk, self._memory, self._hidden = disk, memory, hidden
        self._own: dict[Path, tuple[Path, int]] = {}
        self._lock = threading.Lock()

    def place(self, room: int = 0) -> Path:
        """Return a folder that takes so many bytes. Whoever puts something there removes it.

        Raises:
            OSError: not even the disk takes a folder.
        """
        if not self._hidden:
            return self._disk
        if self._memory is not None and _free(self._memory) >= room + _SPARE:
            with contextlib.suppress(OSError):  # it went with the session that it belonged to
                return self._held(self._memory)
        return self._held(self._disk)

    @contextlib.contextmanager
    def folder(self, room: int = 0) -> Iterator[Path]:
        """Give a new private folder that takes so many bytes; removed at the end with all that is
        in it. Raises as ``place``."""
        folder = self.place(room) / uuid.uuid4().hex
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # what stays is cleared at the next start

    def clear(self) -> None:
        """Remove what a crash left, and nothing that a process which runs now has. At start, under
        the home's lock. Raises ``OSError``."""
        for root in (self._memory, self._disk):
            for left in root.iterdir() if root is not None and root.is_dir() else ():
                if not left.is_dir() or left.is_symlink():
                    left.unlink()
                else:
                    _clear(left)

    def close(self) -> None:
        """Remove this process's folders."""
        with self._lock:
            for folder, descriptor in self._own.values():
                os.close(descriptor)
                shutil.rmtree(folder, ignore_errors=True)
            self._own.clear()

    def _held(self, root: Path) -> Path:
        """Return this process's folder in ``root``, which nobody clears while it runs."""
        with self._lock:
            found = self._own.get(root)
            if found is not None and found[0].is_dir():
                return found[0]
            if found is not None:
                os.close(found[1])
                del self._own[root]
            make_folder(root)
            self._own[root] = _hold(root)
            return self._own[root][0]


def _hold(root: Path) -> tuple[Path, int]:
    """Make a folder and hold it; whoever clears may have taken it for a crash's before it was."""
    for _ in range(_TRIES):
        folder = root / uuid.uuid4().hex
        folder.mkdir(mode=0o700)
        with contextlib.suppress(OSError):
            descriptor = os.open(folder / _HELD, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                take(descriptor)
                (folder / _HELD).lstat()
            except OSError:
                os.close(descriptor)
                continue
            return folder, descriptor
    raise FileNotFoundError(str(root))


def _clear(folder: Path) -> None:
    """Remove a folder that nobody holds."""
    try:
        descriptor = os.open(folder / _HELD, os.O_RDWR)
    except FileNotFoundError:
        shutil.rmtree(folder)
        return
    try:
        with contextlib.suppress(OSError):
            take(descriptor)
            if sys.platform == "win32":
                os.close(descriptor)  # an open file cannot be removed there
                descriptor = -1
            shutil.rmtree(folder)
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _free(folder: Path) -> int:
    """Return how many bytes fit where ``folder`` is or would be; 0 where nobody knows."""
    for there in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(there).free
    return 0


def in_memory(home: Path) -> Path | None:
    """Return the folder for a home's copies in memory, or None: the system has none for this
    account that nobody else can look into."""
    named = os.environ.get(MEMORY_VARIABLE, "")
    if sys.platform != "linux" or not named:
        return None
    root = Path(named)
    try:
        found = root.stat()
    except OSError:
        return None
    private = found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077
    if not (root.is_absolute() and private and _is_memory(found.st_dev)):
        return None
    return root / IN_MEMORY / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]


def _is_memory(device: int) -> bool:
    """Tell whether a file system is kept in memory alone."""
    number = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    for mount in mounts:
        before, _, after = mount.partition(" - ")
        if before.split()[2:3] == [number]:
            return after.split()[:1] in ([kind] for kind in _IN_MEMORY_TYPES)
    return False

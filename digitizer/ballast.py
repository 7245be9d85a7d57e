"""A file that only takes up room, so that there is some when the disk is full.

On a full disk nothing can be committed: no receipt of what the server has just given back, no end
of a batch, no setting, and no removal of copies, which would make room. When the store meets a
full disk, the ballast is let go, and what must be written fits. It is taken in before a batch
begins and before work on pages does, and again behind other work once there is plenty; once it is
there that costs one look at it. Pages do not use it up: a scan does not begin below ``FLOOR``.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys

from digitizer.config import Home
from digitizer.durable import sync_folder

log = logging.getLogger(__name__)

BYTES = 16 << 20
"""What a day of receipts and settings fits into many times over, the log of the database too."""
FLOOR = 48 << 20
"""A batch does not begin with less than this free: it would end in the middle of a page."""
_PLENTY = 4 * FLOOR
_CHUNK = 1 << 20


def keep(home: Home) -> bool:
    """Take the ballast in where there is plenty of room; tell whether it is there. Any trouble of
    the disk means that it is not."""
    try:
        if home.ballast.exists() and home.ballast.stat().st_size == BYTES:
            return True
        if free(home) < _PLENTY:
            return False
        part = home.ballast.with_suffix(".part")
        with part.open("wb") as file:
            if not _allocated(file.fileno()):
                for _ in range(BYTES // _CHUNK):  # random: some disks pack zeros, and give no room
                    file.write(os.urandom(_CHUNK))
                file.flush()
            os.fsync(file.fileno())
        part.replace(home.ballast)
        sync_folder(home.root)
    except OSError:
        with contextlib.suppress(OSError):
            home.ballast.with_suffix(".part").unlink(missing_ok=True)
        return False
    return True


def _allocated(file: int) -> bool:
    """Ask the system for the room, which writes nothing; tell whether it really gave it."""
    if sys.platform != "linux":
        return False
    try:
        os.posix_fallocate(file, 0, BYTES)
    except OSError:
        return False
    return os.fstat(file).st_blocks * 512 >= BYTES


def let_go(home: Home) -> bool:
    """Make room; tell whether that made any."""
    try:
        home.ballast.unlink()
    except OSError:
        return False
    log.warning("the disk is full: the reserve was let go")
    return True


def free(home: Home) -> int:
    """Return the bytes that are free where the home is."""
    return shutil.disk_usage(home.root).free

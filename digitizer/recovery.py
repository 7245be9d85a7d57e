"""What happens at start: adopt what a crash left, close what it left open, say so.

Called once by ``App`` under the home's lock, before anything else runs. Never deletes a page:
what belongs to no batch is kept in ``rescued``.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from pathlib import Path

from msgspec import Struct

from digitizer import originals
from digitizer.capture import Capture
from digitizer.chain import Door
from digitizer.config import Home
from digitizer.durable import move_durably, sync_folder
from digitizer.errors import DigitizerError, from_os
from digitizer.originals import Original
from digitizer.retention import finish
from digitizer.scanning import EndReason
from digitizer.storage import audit, changes, removals
from digitizer.storage.shelf import SEALED
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault

log = logging.getLogger(__name__)

_WHOLE = re.compile(r"([0-9]{4,6})\.(jpg|png|tif)")


class Recovered(Struct, frozen=True):
    """What recovery did: pages it put in their place, batches it closed, files it set aside."""

    pages: int = 0
    batches: int = 0
    set_aside: int = 0

    @property
    def nothing(self) -> bool:
        """True after a clean end."""
        return not (self.pages or self.batches or self.set_aside)


def recover(home: Home, store: Store, vault: Vault, capture: Capture) -> Recovered:
    """Put the home in order after a crash. Safe to be interrupted and run again.

    Raises:
        DiskFull, HomeReadOnly: nothing is lost; the next start tries again.
    """
    with audit.through(Door.RECOVERY):
        return _recover(home, store, vault, capture)


def _recover(home: Home, store: Store, vault: Vault, capture: Capture) -> Recovered:
    try:
        pages = set_aside = 0
        for folder in sorted(home.incoming.iterdir()):
            adopted, kept = _empty(folder, home, store, capture)
            pages += adopted
            set_aside += kept
        batches = _close_batches(store)
        vault.tidy()
    except OSError as error:
        raise from_os(error) from error
    if removals.unfinished(store):
        try:
            finish(store, vault, threading.Event())
        except DigitizerError as trouble:  # no page waits for that: the next sweep tries again
            log.warning("a removal could not be finished: %s", trouble.code)
    done = Recovered(pages, batches, set_aside)
    if not done.nothing:
        log.warning(
            "recovered %d pages, closed %d batches, set %d files aside", pages, batches, set_aside
        )
    return done


def _empty(folder: Path, home: Home, store: Store, capture: Capture) -> tuple[int, int]:
    """Adopt the whole pages of one incoming folder in order; set the rest aside."""
    if not folder.is_dir() or folder.is_symlink():
        _set_aside(folder, home, folder.name)
        return 0, 1
    adopted = kept = 0
    known = bool(store.rows("SELECT 1 FROM batch WHERE id = ?", folder.name))
    # Pages first: each takes the signed PDF along that lies beside it.
    for file in sorted(folder.iterdir(), key=lambda each: (each.suffix == ".pdf", each)):
        whole = _WHOLE.fullmatch(file.name)
        original = originals.parsed(file)
        if original and (not file.exists() or _is_kept(store, folder.name, original)):
            file.unlink(missing_ok=True)
        elif known and whole and file.is_file() and not file.is_symlink():
            adopted += capture.adopt(folder.name, int(whole[1]), file) is not None
        elif file.is_dir() and not file.is_symlink() and not any(file.iterdir()):
            file.rmdir()  # where a program was to put pages, and put none
        else:
            _set_aside(file, home, f"{folder.name}-{file.name}")
            kept += 1
    folder.rmdir()
    sync_folder(home.incoming)
    return adopted, kept


def _is_kept(store: Store, batch: str, original: Original) -> bool:
    """Tell whether a signed PDF's commit was made, and only its unlinking was not."""
    found = store.rows(
        "SELECT 1 FROM original WHERE batch_id = ? AND first = ?", batch, original.first
    )
    return bool(found)


def _set_aside(file: Path, home: Home, name: str) -> None:
    """Keep a file or folder in ``rescued`` under a name of its own: a batch that is taken up
    again, and killed again, leaves the same names. What lies there may have been sealed since."""
    target, number = home.rescued / name, 1
    while any(os.path.lexists(one) for one in (target, f"{target}{SEALED}")):
        number += 1
        target = home.rescued / f"{name}-{number}"
    move_durably(file, target)


def _close_batches(store: Store) -> int:
    open_ones = [row[0] for row in store.rows("SELECT id FROM batch WHERE ended_at IS NULL")]
    if open_ones:
        with store.transaction() as tx:
            for batch in open_ones:
                changes.end_batch(tx, batch, EndReason.INTERRUPTED.value)
    return len(open_ones)

"""What is to stand in the audit record although it changes no fact here, such as an export.

A process that may write says it at once. One that only reads, beside the one that writes, leaves a
small file in the home's ``noted`` folder before it acts; whoever opens the home for writing next
takes that in, once. Called by whatever acts, and by ``App``.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from digitizer.chain import Act, Door, canonical
from digitizer.config import Home
from digitizer.durable import make_folder, sync_folder, write_durably
from digitizer.errors import from_os
from digitizer.storage import audit
from digitizer.storage.audit import Said
from digitizer.storage.auditlog import SAID
from digitizer.storage.store import Store, now

_KNOWN = f"SELECT 1 FROM audit WHERE act = ? AND {SAID.format('note')} = ?"  # noqa: S608 - our words
_TEXTS = ("act", "dossier", "subject", "who", "door")


def tell(
    store: Store, act: Act, subject: str = "", *, dossier: str = "", **detail: str | int
) -> None:
    """Say in the record that something is done now; returns once that cannot get lost.

    Args:
        store: Of the home; it may be open for reading alone.
        act, subject, dossier, detail: As ``audit.append`` takes them.

    Raises:
        DiskFull, HomeReadOnly: it could not be said, and should not be done.
    """
    if store.writable:
        with store.transaction() as tx:
            audit.append(tx, act, subject, dossier=dossier, **detail)
        return
    door = audit.door_now(store.door or Door.COMMAND)
    said = {
        "act": act.value,
        "dossier": dossier,
        "subject": subject,
        "detail": {**detail, "at": now()},
        "who": audit.who(store.reader, door),
        "door": door,
    }
    folder = Home(store.path.parent).noted
    try:
        make_folder(folder)
        write_durably(folder / f"{uuid.uuid4()}.json", canonical(said).encode())
    except OSError as error:
        raise from_os(error) from error


def take_in(home: Home, store: Store) -> int:
    """Put into the record what others left to be said; returns how many. What makes no sense is
    set aside.

    Raises:
        DiskFull, HomeReadOnly; OSError as it comes.
    """
    taken = 0
    for file in sorted(home.noted.glob("*.json")):
        said = _read(file)
        if said is None:
            file.rename(home.rescued / file.name)
            continue
        with store.transaction() as tx:
            if tx.execute(_KNOWN, (said.act, file.stem)).fetchone() is None:
                audit.say(tx, said)
                taken += 1
        file.unlink()
    if taken:
        sync_folder(home.noted)
    return taken


def _read(file: Path) -> Said | None:
    """Return what a file says, under its name; None where it makes no sense."""
    try:
        value: Any = json.loads(file.read_bytes())
        texts = {name: value[name] for name in _TEXTS}
        detail = {**value["detail"], "note": file.stem}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(text, str) for text in texts.values()):
        return None
    if not all(isinstance(one, str | int) for one in detail.values()):
        return None
    return Said(detail=canonical(detail), **texts)

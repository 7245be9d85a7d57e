"""Asks the procedure system, right before copies here are removed, to give every file back.

A receipt says that it could once. The bytes are read through to the end and hashed; nothing of
them is kept. Works against the port alone. Called by ``digitizer.work.sweeping``.
"""

from __future__ import annotations

import logging
import threading

from digitizer.errors import from_os
from digitizer.model import Dossier
from digitizer.servers import Connection
from digitizer.storage.scratch import Scratch
from digitizer.work.there import There

log = logging.getLogger(__name__)


def proves(
    to: Connection, there: There, scratch: Scratch, dossier: Dossier, stop: threading.Event
) -> bool:
    """Tell whether the server gives back every paper of a dossier that would be removed, byte for
    byte. What it has otherwise is a fact by then (``There.prove``), as on the way down.

    Args:
        to: The server.
        there: Notes what was found out.
        scratch: Where a download lies until it is hashed.
        dossier: All facts of it.
        stop: Ends it early: not proven.

    Raises:
        Offline and the other rows of the network: nothing was found out.
    """
    for paper in dossier.papers:
        receipt = dossier.receipt(paper, to.server)
        if paper.removed_at is not None or receipt is None:
            continue
        if stop.is_set():
            return False
        sent = dossier.outgoing(paper)
        try:
            with scratch.folder(sent.bytes if sent is not None else 0) as folder:
                given = to.system.read(dossier.server_ref, paper.key(to.server), folder / "proof")
        except OSError as error:
            raise from_os(error, "a proof") from error
        if given != receipt.sha256:
            log.warning("part %s is not at the server as it was", paper.part)
            if sent is not None:
                there.prove(to, dossier, paper, sent)
            return False
    return True

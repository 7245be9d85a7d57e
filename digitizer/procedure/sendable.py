"""Whether a file may be sent at all: there, not empty, and still the bytes it was made of.

Called by the adapters before anything leaves the machine.
"""

from __future__ import annotations

import hashlib

from digitizer.errors import FileEmpty, FileMissing, FileUnreadable
from digitizer.procedure.port import Upload

_CHUNK_BYTES = 1024 * 1024


def check_file(upload: Upload) -> None:
    """Raise FileMissing, FileEmpty or FileUnreadable where ``upload.file`` must not be sent."""
    digest, size = hashlib.sha256(), 0
    try:
        with upload.file.open("rb") as file:
            while piece := file.read(_CHUNK_BYTES):
                digest.update(piece)
                size += len(piece)
    except OSError as error:
        raise FileMissing(upload.name) from error
    if not size:
        raise FileEmpty(upload.name)
    if digest.hexdigest() != upload.sha256:
        raise FileUnreadable(f"{upload.name}: not the bytes it was made of")

"""Put a finished page into a batch's incoming folder so that it survives a power cut.

Used by the drivers, inside the child process. Knows neither images nor the protocol. A page is
written under a ``.part`` name, fsynced, renamed to ``<seq:04d><suffix>``, and the folder is
fsynced: a file with its final name is complete.
"""

from __future__ import annotations

import os
from pathlib import Path

from digitizer.durable import sync_file, sync_folder
from digitizer.errors import from_os

_SHORT = {".jpeg": ".jpg", ".tiff": ".tif"}


def page_name(seq: int, suffix: str) -> str:
    """Return the file name of page ``seq``; ``suffix`` carries its dot."""
    return f"{seq:04d}{suffix}"


def land_bytes(into: Path, seq: int, suffix: str, content: bytes) -> Path:
    """Write ``content`` as page ``seq`` of ``into``.

    Raises:
        DiskFull, HomeReadOnly: what is left under the final name, if anything, is whole.
    """
    part = into / page_name(seq, ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return _publish(part, into / page_name(seq, suffix))
    except OSError as error:
        part.unlink(missing_ok=True)
        raise from_os(error, part.name) from error


def land_part(into: Path, seq: int, suffix: str) -> Path:
    """Make ``<seq:04d>.part`` of ``into``, written and closed, page ``seq``.

    Raises:
        DiskFull, HomeReadOnly: as above.
    """
    part = into / page_name(seq, ".part")
    try:
        sync_file(part)
        return _publish(part, into / page_name(seq, suffix))
    except OSError as error:
        part.unlink(missing_ok=True)
        raise from_os(error, part.name) from error


def land_file(source: Path, into: Path, seq: int) -> Path:
    """Move ``source``, a finished file on the same file system, in as page ``seq``.

    Raises:
        DiskFull, HomeReadOnly: as above.
    """
    suffix = source.suffix.lower()
    try:
        sync_file(source)
        return _publish(source, into / page_name(seq, _SHORT.get(suffix, suffix)))
    except OSError as error:
        raise from_os(error, source.name) from error


def land_original(source: Path, into: Path) -> Path:
    """Move ``source``, a finished copy of a signed PDF, in under its own name.

    Raises:
        DiskFull, HomeReadOnly: as above.
    """
    try:
        sync_file(source)
        return _publish(source, into / source.name)
    except OSError as error:
        raise from_os(error, source.name) from error


def _publish(part: Path, final: Path) -> Path:
    part.rename(final)
    sync_folder(final.parent)
    return final

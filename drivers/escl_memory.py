"""What is remembered of eSCL scanners: where each was last, who it was, its certificate.

Used by ``drivers.escl``. One small JSON file a device in the folder it is given; without a folder
nothing is remembered. What the files hold is checked: somebody else may have written them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from digitizer.durable import make_folder, write_durably
from drivers import escl_address

log = logging.getLogger(__name__)

_MAX_FILE_BYTES = 4096
_MAX_FILES = 200
_MAX_TEXT = 300


class Known(Struct, frozen=True):
    """One scanner.

    Attributes:
        device: Its name for this driver.
        url: Where it answered last.
        name: Make and model.
        identity: Its UUID or serial number, or empty.
        sha256: Of its certificate (DER), lower-case hex, or empty where it has shown none.
    """

    device: str
    url: str = ""
    name: str = ""
    identity: str = ""
    sha256: str = ""


class Memory:
    """Remembers scanners in ``folder``, or, without one, while this object lives."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, Known] = {}

    def recall(self, device: str) -> Known:
        """Return what is known of ``device``; of a stranger, its name alone."""
        held = self._held.get(device)
        if held is None and self._folder is not None:
            held = _read(self._folder / file_name(device))
        return held if held is not None and held.device == device else Known(device)

    def remember(self, known: Known) -> None:
        """Keep ``known``; where the folder cannot be written, as long as this object lives."""
        if known == self.recall(known.device):
            return
        self._held[known.device] = known
        if self._folder is None or not self._folder.parent.is_dir():  # looking makes no home
            return
        text = json.dumps(asdict(replace(known, name=known.name[:_MAX_TEXT])), indent=1)
        try:
            make_folder(self._folder)
            write_durably(self._folder / file_name(known.device), text.encode())
        except OSError as error:
            log.warning("scanner not remembered: %s", error.strerror)

    def everything(self) -> list[Known]:
        """Return all scanners in the folder, in the order of their names."""
        if self._folder is None:
            return list(self._held.values())
        try:
            files = sorted(self._folder.glob("escl-*.json"))[:_MAX_FILES]
        except OSError:
            return []
        found = [known for file in files if (known := _read(file)) is not None]
        return [known for known in found if known.device]

    def place(self, device: str) -> str:
        """Return which file to remove so that ``device`` is forgotten, for a message."""
        folder = "" if self._folder is None else f"{self._folder.name}/"
        return folder + file_name(device)


def file_name(device: str) -> str:
    """Return the file of ``device``: readable, and different for different devices."""
    readable = re.sub(r"[^A-Za-z0-9.-]+", "-", device).strip("-.")[:60]
    return f"escl-{readable}-{hashlib.sha256(device.encode()).hexdigest()[:8]}.json"


def _read(file: Path) -> Known | None:
    try:
        if file.is_symlink() or file.stat().st_size > _MAX_FILE_BYTES:
            return None
        value = json.loads(file.read_bytes())
        known = Known(**{name: value[name] for name in Known.__struct_fields__})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        log.warning("%s: not readable: %s", file.name, type(error).__name__)
        return None
    texts = (known.device, known.url, known.name, known.identity, known.sha256)
    if not all(isinstance(text, str) and len(text) <= _MAX_TEXT for text in texts):
        return None
    if known.url and escl_address.parse(known.url) is None:
        return None
    if known.sha256 and not re.fullmatch("[0-9a-f]{64}", known.sha256):
        return None
    return known

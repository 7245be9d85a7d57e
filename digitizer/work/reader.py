"""The program that reads pages for one thread of the local lane, and the two folders it knows.

What it is to read is lent to it, image by image, in a folder where it can change nothing; what it
makes of it goes into another. So it never sees another dossier, and cannot touch the vault.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from digitizer import programs
from digitizer.durable import make_folder
from digitizer.errors import FileMissing
from digitizer.storage.vault import Vault


class Reader:
    """Starts its program at the first page, and anew after ``close``."""

    def __init__(self, scratch: Path, vault: Vault) -> None:
        """``scratch``: a folder of its own, which need not be there yet and goes with it."""
        self._scratch, self._vault = scratch, vault
        self._lent, self._made = scratch / "lent", scratch / "made"
        self._program = programs.Companion("digitizer.pages.whole", self._made, (self._lent,))

    @contextmanager
    def read(
        self, sha256: str, timeout: float, stop: threading.Event
    ) -> Iterator[tuple[Any, Path]]:
        """Read an image of the vault, and OCR it; give the answer, and how the names of the files
        that were made begin. They are removed at the end.

        Raises:
            FileMissing: The vault does not hold it.
            DigitizerError, OSError: as ``Companion.ask``; the folders cannot be written.
        """
        make_folder(self._lent)
        make_folder(self._made)
        if not self._vault.holds(sha256):
            raise FileMissing(sha256)
        image = self._vault.lend(sha256, self._lent)
        prefix = self._made / "words"
        try:
            yield self._program.ask(str(image), str(prefix), timeout=timeout, stop=stop), prefix
        finally:
            image.unlink(missing_ok=True)
            for made in self._made.iterdir():
                if made.is_dir() and not made.is_symlink():
                    shutil.rmtree(made, ignore_errors=True)
                else:
                    made.unlink(missing_ok=True)

    def close(self) -> None:
        """End the program, and remove its folders."""
        self._program.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

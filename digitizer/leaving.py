"""Takes files out of a watched folder once their pages are safe: moved to ``done``, or removed.

Called by ``digitizer.delivering``. Knows no store.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from digitizer.durable import make_folder, sync_folder
from digitizer.rules import Done

DONE_FOLDER = "done"


def put_away(files: Sequence[Path], done: Done) -> frozenset[Path]:
    """Move or remove files, durably when this returns; returns those that would not go.

    A file that is gone already is fine.
    """
    stuck: set[Path] = set()
    touched: set[Path] = set()
    names: dict[Path, set[str]] = {}
    for file in files:
        folder = file.parent / DONE_FOLDER
        try:
            if done is Done.REMOVE:
                file.unlink()
            else:
                if folder not in names:
                    make_folder(folder)
                    names[folder] = {there.name for there in folder.iterdir()}
                name = free_name(file.name, names[folder])
                file.rename(folder / name)
                names[folder].add(name)
                touched.add(folder)
            touched.add(file.parent)
        except FileNotFoundError:
            continue
        except OSError:
            stuck.add(file)
    for folder in touched:
        with contextlib.suppress(OSError):  # a share may refuse it; the next start looks again
            sync_folder(folder)
    return frozenset(stuck)


def free_name(name: str, taken: set[str]) -> str:
    """Return ``name``, or ``name-2``, ``name-3`` … before its suffix, whichever is free."""
    if name not in taken:
        return name
    path = Path(name)
    number = 2
    while (found := f"{path.stem}-{number}{path.suffix}") in taken:
        number += 1
    return found

"""What happens at the procedure system behind a desk's back: other desks, the office, its mistakes.

For tests and demonstrations, beside a running sandbox on the same folder. Knows no HTTP.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digitizer.sandbox.records import Form, Records


class Meddling:
    """Hands in the memory of a sandbox. Dossiers go by their mã hồ sơ, procedures by their
    template, papers by their part."""

    def __init__(self, home: Path) -> None:
        """``home``: the sandbox's folder."""
        self._home = home
        self._records = Records(home)

    def stand(self, code: str, status: str) -> None:
        """Let a dossier stand otherwise: ``done``, ``denied``, ``cancelled`` …"""
        with self._open() as db:
            db.execute("UPDATE dossier SET status = ? WHERE no = ?", (status, code))

    def put(self, code: str, part: str, content: bytes, key: str, title: str = "") -> None:
        """Put a file as another desk does, under a key of its own."""
        form = Form(key, part, "", title or part, "other.pdf", "pdf", "", None)
        blob = self._records.keep(io.BytesIO(content))
        self._records.add_file(self._records.dossier(code), form, blob)

    def change(self, code: str, key: str, content: bytes) -> None:
        """Give a file other bytes."""
        blob = self._records.keep(io.BytesIO(content))
        dossier = self._records.dossier(code)["id"]
        self._records.replace_file(dossier, key, "changed.pdf", blob)

    def forget(self, code: str, key: str) -> None:
        """Lose a file, as one that was restored from a backup has."""
        self._records.remove_file(self._records.dossier(code)["id"], key)

    def keys(self, code: str) -> tuple[str, ...]:
        """Return the keys of the files in a dossier."""
        files = self._records.files(self._records.dossier(code)["id"])
        return tuple(str(row["reference"]) for row in files)

    def read(self, code: str, key: str) -> bytes:
        """Return the bytes of a file; empty where it has none."""
        path = self._records.blob(self._records.file(self._records.dossier(code)["id"], key))
        return path.read_bytes() if path is not None else b""

    def drop_part(self, template: str, part: str) -> None:
        """Take a paper off a procedure's list."""
        with self._open() as db:
            db.execute(f"DELETE FROM part WHERE {_PART}", (template, part))  # noqa: S608

    def rename_part(self, template: str, part: str, name: str) -> None:
        """Call a paper of a procedure's list otherwise."""
        with self._open() as db:
            db.execute(f"UPDATE part SET name = ? WHERE {_PART}", (name, template, part))  # noqa: S608

    def require_part(self, template: str, part: str, required: int) -> None:
        """Let a paper of a procedure's list be required (1), or not (0)."""
        with self._open() as db:
            db.execute(
                f"UPDATE part SET required = ? WHERE {_PART}",  # noqa: S608
                (required, template, part),
            )

    def add_part(self, template: str, part: str, name: str) -> None:
        """Add a required paper to a procedure's list."""
        with self._open() as db:
            db.execute(
                "INSERT INTO part(template, no, name, tip, kind, required, multiple)"
                " SELECT id, ?, ?, '', 1, 1, 0 FROM template WHERE no = ?",
                (part, name, template),
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._home / "sandbox.sqlite", timeout=10)
        try:
            with db:
                yield db
        finally:
            db.close()


_PART = "template = (SELECT id FROM template WHERE no = ?) AND no = ?"

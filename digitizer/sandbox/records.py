"""What the sandbox remembers: dossiers, templates, files; SQLite and a folder of bytes.

Called by ``app``, from several threads: a connection is made for each call. Holds the rules of
OpenCPS about rows and versions (domain facts §6), its mistakes included; knows no HTTP.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from digitizer.sandbox import seed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS template(
  id INTEGER PRIMARY KEY, no TEXT NOT NULL UNIQUE, name TEXT NOT NULL, service TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS part(
  id INTEGER PRIMARY KEY, template INTEGER NOT NULL REFERENCES template, no TEXT NOT NULL,
  name TEXT NOT NULL, tip TEXT NOT NULL, kind INTEGER NOT NULL, required INTEGER NOT NULL,
  multiple INTEGER NOT NULL, UNIQUE(template, no)
) STRICT;
CREATE TABLE IF NOT EXISTS dossier(
  id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, no TEXT NOT NULL UNIQUE,
  service TEXT NOT NULL, template TEXT NOT NULL, agency TEXT NOT NULL, holder TEXT NOT NULL,
  holder_kind TEXT NOT NULL, holder_id TEXT NOT NULL, status TEXT NOT NULL,
  submitted TEXT NOT NULL, received TEXT, due TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS file(
  id INTEGER PRIMARY KEY, dossier INTEGER NOT NULL REFERENCES dossier, reference TEXT NOT NULL,
  part TEXT NOT NULL, template TEXT NOT NULL, display TEXT NOT NULL, name TEXT NOT NULL,
  type TEXT NOT NULL, form TEXT NOT NULL, blob TEXT, size INTEGER NOT NULL,
  version INTEGER NOT NULL, modified INTEGER NOT NULL, removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS file_reference ON file(dossier, reference) WHERE removed = 0;
CREATE TABLE IF NOT EXISTS arrival(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, dossier INTEGER NOT NULL, reference TEXT NOT NULL,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, held TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS mark(
  dossier INTEGER NOT NULL REFERENCES dossier, part TEXT NOT NULL, mark INTEGER NOT NULL,
  checked INTEGER NOT NULL, comment TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(dossier, part)
) STRICT;
"""

Row = Mapping[str, Any]


class Refused(Exception):
    """The server says no; ``description`` is what it gives as the reason, maybe nothing."""

    def __init__(self, description: str = "") -> None:
        super().__init__(description)
        self.description = description


class Form(Struct, frozen=True):
    """The fields of an upload, as sent. ``modified``: epoch ms, None where not sent."""

    reference: str
    part: str
    template: str
    display: str
    name: str
    type: str
    form: str
    modified: int | None


class Records:
    """The memory of one sandbox, in the folder ``home``."""

    def __init__(self, home: Path) -> None:
        """Open it; an empty one is filled with the demo data."""
        self._database = home / "sandbox.sqlite"
        self._files = home / "files"
        self._files.mkdir(parents=True, exist_ok=True)
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(_SCHEMA)
            if db.execute("SELECT count(*) FROM template").fetchone()[0] == 0:
                _fill(db)

    # --- dossiers and templates ---

    def dossiers(self) -> list[Row]:
        """Return every dossier, oldest first, with the name of its procedure."""
        with self._open() as db:
            return db.execute(f"{_DOSSIER} ORDER BY d.id").fetchall()

    def dossier(self, wanted: str, *, by_no: bool = True) -> Row:
        """Return a dossier by number, reference and, if ``by_no``, mã hồ sơ. Raises Refused."""
        with self._open() as db:
            row = db.execute(
                f"{_DOSSIER} WHERE d.id = :id OR d.reference = :text OR (:by_no AND d.no = :text)",
                {
                    "id": int(wanted) if wanted.isascii() and wanted.isdecimal() else 0,
                    "text": wanted,
                    "by_no": by_no,
                },
            ).fetchone()
        if row is None:
            raise Refused
        return dict(row)

    def add_dossier(self, fields: Mapping[str, str]) -> Row:
        """Add a dossier under an existing template, with the next free number. Raises Refused."""
        now = datetime.now().replace(microsecond=0)
        with self._open() as db:
            template = db.execute(
                "SELECT * FROM template WHERE no = ? AND service = ?",
                (fields.get("dossierTemplateNo", ""), fields.get("serviceCode", "")),
            ).fetchone()
            if template is None or not fields.get("applicantName"):
                raise Refused("NoSuchServiceConfigException")
            serial = db.execute("SELECT count(*) + 1 FROM dossier").fetchone()[0]
            reference = fields.get("referenceUid") or str(uuid.uuid4())
            known = db.execute("SELECT no FROM dossier WHERE reference = ?", (reference,))
            if known.fetchone() is None:
                db.execute(
                    "INSERT INTO dossier(reference, no, service, template, agency, holder,"
                    " holder_kind, holder_id, status, submitted, received)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'processing', ?, ?)",
                    (
                        reference,
                        fields.get("dossierNo") or seed.dossier_no(now, serial),
                        template["service"],
                        template["no"],
                        fields.get("govAgencyCode") or seed.AGENCY_CODE,
                        fields["applicantName"],
                        fields.get("applicantIdType") or "citizen",
                        fields.get("applicantIdNo", ""),
                        now.isoformat(),
                        now.isoformat(),
                    ),
                )
        return self.dossier(reference)

    def templates(self) -> list[Row]:
        """Return every template."""
        with self._open() as db:
            return db.execute("SELECT * FROM template ORDER BY id").fetchall()

    def template(self, wanted: str) -> tuple[Row, list[Row]]:
        """Return a template by its number or code, and its parts in order. Raises Refused."""
        number = int(wanted) if wanted.isascii() and wanted.isdecimal() else 0
        with self._open() as db:
            row = db.execute(
                "SELECT * FROM template WHERE id = ? OR no = ?", (number, wanted)
            ).fetchone()
            if row is None:
                raise Refused("NoSuchDossierTemplateException")
            parts = db.execute("SELECT * FROM part WHERE template = ? ORDER BY id", (row["id"],))
            return row, parts.fetchall()

    # --- files ---

    def files(self, dossier: int) -> list[Row]:
        """Return the files of a dossier that are not deleted."""
        with self._open() as db:
            return db.execute(
                "SELECT * FROM file WHERE dossier = ? AND removed = 0 ORDER BY id", (dossier,)
            ).fetchall()

    def file(self, dossier: int, reference: str) -> Row:
        """Return one file. Raises Refused (the real server stumbles over the missing row)."""
        with self._open() as db:
            return self._file(db, dossier, reference)

    def blob(self, row: Row) -> Path | None:
        """Return where the bytes of a file are, None where it has none."""
        return self._files / row["blob"] if row["blob"] else None

    def keep(self, source: BinaryIO) -> str:
        """Take in bytes and return the name they are kept under."""
        name = uuid.uuid4().hex
        with (self._files / name).open("xb") as copy:
            shutil.copyfileobj(source, copy, 64 * 1024)
        return name

    def note_arrival(self, dossier: int, reference: str, blob: str | None) -> None:
        """Write into the journal that a file came in whole, whatever becomes of it, and what was
        held under its reference then."""
        with self._open() as db:
            row = db.execute(
                "SELECT blob FROM file WHERE dossier = ? AND reference = ? AND removed = 0",
                (dossier, reference),
            ).fetchone()
            db.execute(
                "INSERT INTO arrival(at, dossier, reference, sha256, size, held)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    time.time_ns() // 1_000_000, dossier, reference, self._sha256(blob),
                    self._size(blob), self._sha256(row["blob"]) if row else "",
                ),
            )  # fmt: skip

    def add_file(self, dossier: Row, form: Form, blob: str | None) -> Row:
        """Add a file, or change the one that is there already, as OpenCPS does.

        With a known reference the row is changed only if it is older than ``form.modified``,
        and without bytes (``blob`` None) its own are wiped. Without a reference, the file of a
        part that takes one only is replaced.

        Raises:
            Refused: ``Conflict dossier file``, or the part is not of this template.
        """
        now = time.time_ns() // 1_000_000
        with self._open() as db:
            part = db.execute(
                "SELECT p.* FROM part p JOIN template t ON t.id = p.template"
                " WHERE t.no = ? AND p.no = ?",
                (dossier["template"], form.part),
            ).fetchone()
            if part is None:
                raise Refused("NoSuchDossierPartException")
            old = self._old(db, dossier["id"], form, multiple=bool(part["multiple"]))
            if old is not None:
                sent = now if form.modified is None else form.modified
                if form.reference and not old["modified"] < sent:
                    raise Refused("Conflict dossier file")
                self._change(db, old, blob, form.name, form.display)
                return self._file(db, dossier["id"], old["reference"])
            reference = form.reference or str(uuid.uuid4())
            db.execute(
                "INSERT INTO file(dossier, reference, part, template, display, name, type, form,"
                " blob, size, version, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
                (
                    dossier["id"], reference, form.part, form.template, form.display, form.name,
                    form.type, form.form, blob, self._size(blob), now,
                ),
            )  # fmt: skip
            return self._file(db, dossier["id"], reference)

    def replace_file(self, dossier: int, reference: str, name: str, blob: str | None) -> Row:
        """Give a file new bytes. Raises Refused."""
        with self._open() as db:
            self._change(db, self._file(db, dossier, reference), blob, name, "")
            return self._file(db, dossier, reference)

    def remove_file(self, dossier: int, reference: str) -> Row:
        """Mark a file as deleted; its reference is free again. Raises Refused."""
        with self._open() as db:
            row = self._file(db, dossier, reference)
            db.execute("UPDATE file SET removed = 1 WHERE id = ?", (row["id"],))
            return row

    def lose_bytes(self, row: Row) -> None:
        """Forget the bytes of a file, as a storage failure does."""
        with self._open() as db:
            db.execute("UPDATE file SET blob = NULL, size = 0 WHERE id = ?", (row["id"],))

    def damage_bytes(self, row: Row) -> None:
        """Change one byte of a file."""
        blob = self.blob(row)
        if blob is not None:
            with blob.open("r+b") as file:
                first = file.read(1) or b"\0"
                file.seek(0)
                file.write(bytes([first[0] ^ 0xFF]))

    def set_mark(self, dossier: int, part: str, fields: Mapping[str, int | str | None]) -> Row:
        """Note how many papers of a part were received; what is None stays as it was."""
        with self._open() as db:
            db.execute(
                "INSERT INTO mark VALUES (:dossier, :part, coalesce(:mark, 0), "
                " coalesce(:checked, 0), :comment, coalesce(:count, 0))"
                " ON CONFLICT DO UPDATE SET mark = coalesce(:mark, mark),"
                " checked = coalesce(:checked, checked), comment = excluded.comment,"
                " count = coalesce(:count, count)",
                {"dossier": dossier, "part": part, **fields},
            )
            found = db.execute("SELECT * FROM mark WHERE dossier = ? AND part = ?", (dossier, part))
            return dict(found.fetchone())

    def marks(self, dossier: int) -> list[Row]:
        """Return what was noted about the parts of a dossier."""
        with self._open() as db:
            return db.execute(
                "SELECT * FROM mark WHERE dossier = ? ORDER BY part", (dossier,)
            ).fetchall()

    def etag(self, template: Row, parts: list[Row]) -> str:
        """Return a tag that changes when the template or a part does."""
        text = repr([tuple(template), *map(tuple, parts)])
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'

    # --- inside ---

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._database, timeout=10, isolation_level="IMMEDIATE")
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous=OFF")  # demo data: outlives a kill, not a power cut
        try:
            with db:
                yield db
        finally:
            db.close()

    def _file(self, db: sqlite3.Connection, dossier: int, reference: str) -> Row:
        row = db.execute(
            "SELECT * FROM file WHERE dossier = ? AND reference = ? AND removed = 0",
            (dossier, reference),
        ).fetchone()
        if row is None:
            raise Refused
        return dict(row)

    def _old(
        self, db: sqlite3.Connection, dossier: int, form: Form, *, multiple: bool
    ) -> Row | None:
        column, value = ("reference", form.reference) if form.reference else ("part", form.part)
        if not form.reference and multiple:
            return None
        row = db.execute(
            f"SELECT * FROM file WHERE dossier = ? AND {column} = ? AND removed = 0",  # noqa: S608
            (dossier, value),
        ).fetchone()
        return None if row is None else dict(row)

    def _change(
        self, db: sqlite3.Connection, old: Row, blob: str | None, name: str, display: str
    ) -> None:
        db.execute(
            "UPDATE file SET blob = ?, size = ?, name = ?, display = ?, modified = ?,"
            " version = version + 1 WHERE id = ?",
            (
                blob, self._size(blob), name, display or old["display"],
                time.time_ns() // 1_000_000, old["id"],
            ),
        )  # fmt: skip

    def _sha256(self, blob: str | None) -> str:
        if not blob:
            return ""
        with (self._files / blob).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _size(self, blob: str | None) -> int:
        return (self._files / blob).stat().st_size if blob else 0


_DOSSIER = "SELECT d.*, t.name AS service_name FROM dossier d JOIN template t ON t.no = d.template"


def _fill(db: sqlite3.Connection) -> None:
    for procedure in seed.PROCEDURES:
        number = db.execute(
            "INSERT INTO template(no, name, service) VALUES (?, ?, ?)",
            (procedure.template, procedure.name, procedure.code),
        ).lastrowid
        db.executemany(
            "INSERT INTO part(template, no, name, tip, kind, required, multiple)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (number, p.no, p.name, p.tip, p.kind, p.required, p.multiple)
                for p in procedure.parts
            ],
        )
    for at, waiting in enumerate(seed.DOSSIERS, start=1):
        template = next(p.template for p in seed.PROCEDURES if p.code == waiting.procedure)
        submitted = waiting.received or datetime(2026, 11, 22, 7, 0)
        db.execute(
            "INSERT INTO dossier VALUES (?, ?, ?, ?, ?, ?, ?, 'citizen', ?, ?, ?, ?, ?)",
            (
                50100 + at,
                str(uuid.uuid5(uuid.NAMESPACE_URL, waiting.no)),
                waiting.no,
                waiting.procedure,
                template,
                seed.AGENCY_CODE,
                waiting.holder,
                waiting.holder_id,
                waiting.status,
                submitted.isoformat(),
                waiting.received and waiting.received.isoformat(),
                waiting.due and waiting.due.isoformat(),
            ),
        )

"""The procedure systems that the contract suite runs against, each with the real thing behind it.

Used by ``test_procedure_system``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import types
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx

from digitizer.procedure.connect import connect
from digitizer.procedure.port import Ability, ProcedureSystem, Upload
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox

GUIDE = Path(__file__).resolve().parents[2] / "docs/connectors.md"
CODE = "000.00.20.H02-261122-0007"
TITLE = "Tờ khai đăng ký khai sinh — bản số hóa"


@dataclass
class Bench:
    """One adapter, what stands behind it, and a hand on that from outside."""

    system: ProcedureSystem
    files: Path
    meddle: Callable[[Upload, bytes], None]
    titles: Callable[[], list[str]]
    vanish: Callable[[], None]
    marks: Callable[[], dict[str, str]] = dict

    def upload(self, content: bytes, number: int = 1, key: str = "") -> Upload:
        file = self.files / f"{uuid.uuid4()}.pdf"
        file.write_bytes(content)
        found = self.system.find(CODE)
        return Upload(
            key=key or str(uuid.uuid4()),
            dossier_ref=found.ref,
            code=CODE,
            template=found.template,
            part="TP01",
            file_template="",
            file=file,
            sha256=hashlib.sha256(content).hexdigest(),
            name=f"{CODE}.{number:02d}.pdf",
            title=TITLE,
        )

    def stored(self, upload: Upload) -> bytes | None:
        into = self.files / "back"
        into.unlink(missing_ok=True)
        sha256 = self.system.read(upload.dossier_ref, upload.key, into)
        if sha256 is None:
            assert not into.exists()
            return None
        assert hashlib.sha256(into.read_bytes()).hexdigest() == sha256
        return into.read_bytes()


def _opencps(home: Path, files: Path, auth: str = "basic") -> Iterator[Bench]:
    server = Sandbox(home / "server", Faults())
    with server as address:
        system = connect(
            "opencps", address.url, address.group, address.user, address.password, auth=auth
        )
        ref = system.find(CODE).ref
        ours = httpx.Client(
            base_url=address.url,
            auth=(address.user, address.password),
            headers={"groupId": address.group},
            trust_env=False,
        )

        def meddle(upload: Upload, content: bytes) -> None:
            path = f"{address.url}/dossiers/{ref}/files/{upload.key}"
            assert ours.post(path, files={"file": ("x.pdf", content)}).status_code == 200

        def titles() -> list[str]:
            listed = ours.get(f"{address.url}/dossiers/{ref}/files").json()
            return [item["displayName"] for item in listed["data"]]

        def marks() -> dict[str, str]:
            listed = ours.get(f"{address.url}/dossiers/{ref}/marks").json()["data"]
            return {item["dossierPartNo"]: item["recordCount"] for item in listed}

        with ours:
            yield Bench(system, files, meddle, titles, lambda: server.__exit__(None), marks)


def _session(home: Path, files: Path) -> Iterator[Bench]:
    yield from _opencps(home, files, "session")


def _igate(home: Path, files: Path) -> Iterator[Bench]:
    server = Sandbox(home / "server", Faults())
    with server as address:
        host = str(httpx.URL(address.url).copy_with(path="/"))
        system = connect("igate", host, "", address.user, address.password)

        def meddle(upload: Upload, content: bytes) -> None:
            raise AssertionError("nothing can lie there")

        yield Bench(system, files, meddle, list, lambda: server.__exit__(None))


def _guide(home: Path, files: Path) -> Iterator[Bench]:
    """The connector of the guide, made from the guide."""
    text = re.search(r"```python\n(\"\"\".*?)```", GUIDE.read_text("utf-8"), re.S)
    assert text is not None
    module = types.ModuleType("register")
    exec(compile(text[1], str(GUIDE), "exec"), module.__dict__)  # noqa: S102 - our own page
    file = home / "so.db"
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE dossier (code TEXT PRIMARY KEY, holder TEXT)")
        columns = "dossier, key, part, name, title, content"
        db.execute(f"CREATE TABLE file ({columns}, PRIMARY KEY (dossier, key))")
        for number in ("0001", "0007"):
            db.execute("INSERT INTO dossier VALUES (?, 'Lê Thu')", (CODE[:-4] + number,))

    def ask(sql: str, *values: object) -> list[str]:
        with closing(sqlite3.connect(file)) as db, db:
            return [row[0] for row in db.execute(sql, values)]

    def meddle(upload: Upload, content: bytes) -> None:
        ask("UPDATE file SET content = ? WHERE key = ?", content, upload.key)

    yield Bench(
        module.Register(str(file)),
        files,
        meddle,
        lambda: ask("SELECT title FROM file"),
        lambda: _gone(file, home),
    )


def _folder(home: Path, files: Path) -> Iterator[Bench]:
    root = home / "out"
    root.mkdir()

    def meddle(upload: Upload, content: bytes) -> None:
        (root / CODE / upload.name).write_bytes(content)

    def titles() -> list[str]:
        manifest = json.loads((root / CODE / "manifest.json").read_text(encoding="utf-8"))
        return [line["TenGiayTo"] for line in manifest["TaiLieuNop"]]

    yield Bench(
        connect("folder", str(root), "", "", ""),
        files,
        meddle,
        titles,
        lambda: _gone(root, home),
    )


def _gone(path: Path, home: Path) -> None:
    path.rename(home / "away")


BENCHES = {
    "opencps": _opencps,
    "opencps-session": _session,
    "folder": _folder,
    "igate": _igate,
    "guide": _guide,
}
CANNOT = {
    "folder": {Ability.LIST, Ability.PAPERS, Ability.MARKS, Ability.BEGIN},
    "igate": {Ability.LIST, Ability.UPLOAD, Ability.MARKS, Ability.BEGIN},
    "guide": {Ability.PAPERS, Ability.MARKS, Ability.BEGIN},
}
"""What each does not do so far, besides what it says itself: nothing is left out unseen."""

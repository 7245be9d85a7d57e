"""What every ProcedureSystem must do, run against each adapter and the real thing behind it.

OpenCPS: the sandbox over HTTP on loopback. Folder: a directory.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from digitizer.errors import (
    CodesNotGiven,
    CreationRefused,
    DossierNotAtServer,
    FileEmpty,
    FileMissing,
    FileUnreadable,
    Offline,
    UploadConflict,
    UploadRefused,
)
from digitizer.procedure.connect import connect
from digitizer.procedure.port import NewDossier, ProcedureSystem, Upload
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox

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


def _opencps(home: Path, files: Path) -> Iterator[Bench]:
    server = Sandbox(home / "server", Faults())
    with server as address:
        system = connect("opencps", address.url, address.group, address.user, address.password)
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

        with ours:
            yield Bench(system, files, meddle, titles, lambda: server.__exit__(None))


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
        lambda: root.rename(home / "away"),
    )


@pytest.fixture(params=[_opencps, _folder], ids=["opencps", "folder"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    files = tmp_path / "files"
    files.mkdir()
    yield from request.param(tmp_path, files)


def test_the_account_is_accepted(bench: Bench) -> None:
    bench.system.check()


def test_a_dossier_is_found_by_its_code(bench: Bench) -> None:
    found = bench.system.find(CODE)
    assert found.code == CODE
    assert found.ref


def test_what_cannot_be_a_dossier_is_not_found(bench: Bench) -> None:
    for code in ("", "..", "../x", "a/b", "x" * 300):
        with pytest.raises(DossierNotAtServer):
            bench.system.find(code)


def test_waiting_dossiers_can_be_found(bench: Bench) -> None:
    for dossier in bench.system.waiting():
        assert bench.system.find(dossier.code).ref == dossier.ref


def test_a_paper_is_stored_and_read_back(bench: Bench) -> None:
    upload = bench.upload(b"%PDF one")
    stored = bench.system.put(upload)
    assert stored.sha256 == upload.sha256
    assert stored.ref
    assert bench.stored(upload) == b"%PDF one"


def test_it_is_told_how_far_a_file_has_come(bench: Bench) -> None:
    content = b"%PDF " + bytes(3_000_000)
    heard: list[int] = []
    stored = bench.system.put(replace(bench.upload(content), told=heard.append))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert len(heard) >= 3
    assert heard == sorted(heard)
    assert heard[-1] == len(content)


def test_putting_twice_leaves_one_file(bench: Bench) -> None:
    upload = bench.upload(b"%PDF one")
    first = bench.system.put(upload)
    assert bench.system.put(upload) == first
    assert bench.system.put(replace(upload, tried=True)) == first
    assert bench.titles() == [TITLE]


def test_vietnamese_titles_survive(bench: Bench) -> None:
    bench.system.put(bench.upload(b"%PDF one"))
    assert bench.titles() == [TITLE]


def test_two_papers_of_one_part_are_two_files(bench: Bench) -> None:
    first, second = bench.upload(b"%PDF one"), bench.upload(b"%PDF two", number=2)
    bench.system.put(first)
    bench.system.put(second)
    assert bench.stored(first) == b"%PDF one"
    assert bench.stored(second) == b"%PDF two"


@pytest.mark.parametrize("tried", [False, True])
def test_a_new_version_takes_the_place_of_ours(bench: Bench, tried: bool) -> None:
    old = bench.upload(b"%PDF old")
    bench.system.put(old)
    new = replace(
        bench.upload(b"%PDF new", key=old.key), known=frozenset({old.sha256}), tried=tried
    )
    bench.system.put(new)
    assert bench.stored(new) == b"%PDF new"
    assert len(bench.titles()) == 1


@pytest.mark.parametrize("tried", [False, True])
def test_somebody_elses_version_is_not_touched(bench: Bench, tried: bool) -> None:
    old = bench.upload(b"%PDF old")
    bench.system.put(old)
    bench.meddle(old, b"%PDF theirs")
    new = replace(
        bench.upload(b"%PDF new", key=old.key), known=frozenset({old.sha256}), tried=tried
    )
    with pytest.raises(UploadConflict):
        bench.system.put(new)
    assert bench.stored(new) == b"%PDF theirs"


def test_nothing_stored_reads_as_none(bench: Bench) -> None:
    assert bench.stored(bench.upload(b"%PDF never put")) is None


def test_the_files_of_a_dossier_are_told_whoever_put_them(bench: Bench) -> None:
    first, second = bench.upload(b"%PDF one"), bench.upload(b"%PDF and two", number=2)
    assert bench.system.files(first.dossier_ref) == ()
    bench.system.put(first)
    bench.system.put(second)
    told = {file.key: file for file in bench.system.files(first.dossier_ref)}
    assert set(told) == {first.key, second.key}
    assert told[first.key].part == "TP01"
    assert told[first.key].title == TITLE
    assert (told[first.key].size, told[second.key].size) == (8, 12)


def test_the_mark_of_a_file_changes_when_the_file_does_and_only_then(bench: Bench) -> None:
    upload = bench.upload(b"%PDF one")
    bench.system.put(upload)
    (before,) = bench.system.files(upload.dossier_ref)
    bench.system.put(replace(upload, tried=True))
    assert bench.system.files(upload.dossier_ref) == (before,)
    bench.meddle(upload, b"%PDF two")
    (after,) = bench.system.files(upload.dossier_ref)
    assert after.size == before.size
    assert after.mark != before.mark


def test_what_is_no_dossier_has_no_files(bench: Bench) -> None:
    with pytest.raises(DossierNotAtServer):
        bench.system.files("../elsewhere")


def test_a_list_of_papers_is_the_same_by_either_way(bench: Bench) -> None:
    template = bench.system.find(CODE).template
    listed = bench.system.papers_since(template, "")
    assert listed is not None
    assert listed.papers == bench.system.papers(template)
    again = bench.system.papers_since(template, listed.version)
    assert again is None if listed.version else again == listed
    assert bench.system.papers_since(template, '"of another day"') == listed


def test_a_dossier_is_begun_once_or_not_at_all(bench: Bench) -> None:
    new = NewDossier(
        key=str(uuid.uuid4()),
        procedure_code="1.001193",
        template="DT.1.001193",
        agency="",
        holder="Trần Thị Mới",
        holder_kind="citizen",
        holder_id="",
        address="",
        phone="",
    )
    try:
        made = bench.system.create(new)
    except CodesNotGiven:
        assert list(bench.system.waiting()) == []
        return
    assert made.ref
    assert bench.system.create(new) == made
    assert bench.system.find(made.code).ref == made.ref
    with pytest.raises(CreationRefused):
        bench.system.create(replace(new, key=str(uuid.uuid4()), template="no such"))


def test_an_unknown_dossier_takes_nothing(bench: Bench) -> None:
    upload = bench.upload(b"%PDF one")
    unknown = "999999" if upload.dossier_ref.isdecimal() else "../elsewhere"
    with pytest.raises(DossierNotAtServer):
        bench.system.put(replace(upload, dossier_ref=unknown))


def test_a_key_that_names_somebody_elses_dossier_takes_nothing(bench: Bench) -> None:
    upload = bench.upload(b"%PDF one")
    other = bench.system.find(CODE.replace("0007", "0001")).ref
    for tried in (False, True):
        with pytest.raises(DossierNotAtServer):
            bench.system.put(replace(upload, dossier_ref=other, tried=tried))
    assert bench.stored(replace(upload, dossier_ref=other)) is None


@pytest.mark.parametrize("name", ["../evil.pdf", "a/b.pdf", "a\\b.pdf", "..", "", "tờ.pdf"])
def test_a_name_that_is_not_plain_is_refused(bench: Bench, name: str) -> None:
    upload = replace(bench.upload(b"%PDF one"), name=name)
    with pytest.raises(UploadRefused):
        bench.system.put(upload)
    assert bench.stored(upload) is None


def test_a_file_that_is_gone_is_said_so(bench: Bench) -> None:
    upload = bench.upload(b"%PDF one")
    upload.file.unlink()
    with pytest.raises(FileMissing):
        bench.system.put(upload)
    assert bench.stored(upload) is None


@pytest.mark.parametrize(("left", "error"), [(b"", FileEmpty), (b"%PDF o", FileUnreadable)])
def test_a_damaged_file_is_not_sent(bench: Bench, left: bytes, error: type[Exception]) -> None:
    upload = bench.upload(b"%PDF one")
    upload.file.write_bytes(left)
    with pytest.raises(error):
        bench.system.put(upload)
    assert bench.stored(upload) is None


def test_unreachable_is_offline(bench: Bench) -> None:
    upload = bench.upload(b"%PDF one")
    bench.vanish()
    for call in (
        bench.system.check,
        lambda: bench.system.put(upload),
        lambda: bench.system.files(upload.dossier_ref),
        lambda: bench.system.read(upload.dossier_ref, upload.key, bench.files / "back"),
    ):
        with pytest.raises(Offline):
            call()

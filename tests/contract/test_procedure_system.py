"""What every ProcedureSystem must do, run against each adapter and the real thing behind it.

OpenCPS and iGate: the sandbox over HTTP on loopback. Folder: a directory. ``guide``: the example of
docs/connectors.md, as it stands there. What a system cannot do it declares (``abilities``), and is
held to that too.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from digitizer.errors import (
    CodesNotGiven,
    CreationRefused,
    DossierNotAtServer,
    FileEmpty,
    FileMissing,
    FileUnreadable,
    NotSupported,
    Offline,
    UploadConflict,
    UploadRefused,
)
from digitizer.procedure.connect import KINDS
from digitizer.procedure.port import Ability, Mark, NewDossier
from tests.contract.systems import BENCHES, CANNOT, CODE, TITLE, Bench


def able(*abilities: Ability) -> list[str]:
    return [name for name in BENCHES if not CANNOT.get(name, set()) & set(abilities)]


def _benched(name: str, tmp_path: Path) -> Iterator[Bench]:
    files = tmp_path / "files"
    files.mkdir()
    yield from BENCHES[name](tmp_path, files)


def _unheard(_mark: Mark) -> None:
    """Nobody wants to hear which marks were told."""


@pytest.fixture(params=list(BENCHES))
def any_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Each of them."""
    yield from _benched(request.param, tmp_path)


@pytest.fixture(params=able(Ability.UPLOAD))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Each that takes files."""
    yield from _benched(request.param, tmp_path)


@pytest.fixture(params=able(Ability.MARKS))
def marking(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Each that takes marks."""
    yield from _benched(request.param, tmp_path)


@pytest.fixture(params=able(Ability.BEGIN))
def beginning(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Each that begins dossiers."""
    yield from _benched(request.param, tmp_path)


def new_dossier() -> NewDossier:
    return NewDossier(
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


def test_every_kind_is_run_through_this() -> None:
    assert set(KINDS) <= set(BENCHES)


@pytest.mark.parametrize("name", list(BENCHES))
def test_what_it_cannot_do_it_declares_and_refuses(name: str, tmp_path: Path) -> None:
    for bench in _benched(name, tmp_path):
        missing = set(Ability) - bench.system.abilities
        assert missing == CANNOT.get(name, set())
        found = bench.system.find(CODE)
        if Ability.LIST in missing:
            assert list(bench.system.waiting()) == []
        if Ability.PAPERS in missing:
            assert bench.system.papers(found.template or "DT.1.001193") == ()
        if Ability.UPLOAD in missing:
            upload = bench.upload(b"%PDF one")
            with pytest.raises(NotSupported):
                bench.system.put(upload)
            assert bench.stored(upload) is None
        if Ability.MARKS in missing:
            with pytest.raises(NotSupported):
                bench.system.mark([Mark(found.ref, CODE, "TP01", 1)], _unheard)
        if Ability.BEGIN in missing:
            with pytest.raises(CodesNotGiven):
                bench.system.create(new_dossier())


def test_the_account_is_accepted(any_bench: Bench) -> None:
    any_bench.system.check()


def test_calls_that_came_after_it_are_not_broken_off(any_bench: Bench) -> None:
    any_bench.system.break_off()
    any_bench.system.check()


def test_a_dossier_is_found_by_its_code(any_bench: Bench) -> None:
    found = any_bench.system.find(CODE)
    assert found.code == CODE
    assert found.ref


def test_what_cannot_be_a_dossier_is_not_found(any_bench: Bench) -> None:
    for code in ("", "..", "../x", "a/b", "x" * 300):
        with pytest.raises(DossierNotAtServer):
            any_bench.system.find(code)


def test_waiting_dossiers_can_be_found(any_bench: Bench) -> None:
    for dossier in any_bench.system.waiting():
        assert any_bench.system.find(dossier.code).ref == dossier.ref


@pytest.mark.parametrize("name", able(Ability.PAPERS))
def test_the_papers_of_a_procedure_are_told_in_order(name: str, tmp_path: Path) -> None:
    for bench in _benched(name, tmp_path):
        listed = bench.system.papers(bench.system.find(CODE).template)
        assert [paper.title for paper in listed][:2] == [
            "Tờ khai đăng ký khai sinh",
            "Giấy chứng sinh",
        ]
        assert len({paper.part for paper in listed}) == len(listed) >= 5
        assert listed == bench.system.papers(bench.system.find(CODE).template)


@pytest.mark.parametrize("name", able(Ability.LIST))
def test_what_waits_is_listed_once(name: str, tmp_path: Path) -> None:
    for bench in _benched(name, tmp_path):
        codes = [dossier.code for dossier in bench.system.waiting()]
        assert CODE in codes
        assert len(set(codes)) == len(codes)


def test_a_mark_is_told_once_and_again(marking: Bench) -> None:
    mark = Mark(marking.system.find(CODE).ref, CODE, "TP01", 2)
    for count in (2, 2, 3):
        marking.system.mark([replace(mark, count=count)], _unheard)
        assert marking.marks() == {"TP01": str(count)}


def test_a_mark_goes_to_no_other_dossier_and_no_unknown_part(marking: Bench) -> None:
    mark = Mark(marking.system.find(CODE).ref, CODE, "TP01", 2)
    other = marking.system.find(CODE.replace("0007", "0001")).ref
    with pytest.raises(DossierNotAtServer):
        marking.system.mark([replace(mark, dossier_ref=other)], _unheard)
    heard: list[Mark] = []
    wanted = [mark, replace(mark, part="TP77"), replace(mark, part="TP02")]
    with pytest.raises(UploadRefused):
        marking.system.mark(wanted, heard.append)
    assert heard == [mark], "those before it are told, it and those after it are not"
    assert marking.marks() == {"TP01": "2"}


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


def test_what_is_no_dossier_has_no_files(any_bench: Bench) -> None:
    with pytest.raises(DossierNotAtServer):
        any_bench.system.files("../elsewhere")


def test_a_list_of_papers_is_the_same_by_either_way(any_bench: Bench) -> None:
    system = any_bench.system
    template = system.find(CODE).template
    listed = system.papers_since(template, "")
    assert listed is not None
    assert listed.papers == system.papers(template)
    again = system.papers_since(template, listed.version)
    assert again is None if listed.version else again == listed
    assert system.papers_since(template, '"of another day"') == listed


def test_a_dossier_is_begun_once(beginning: Bench) -> None:
    new = new_dossier()
    made = beginning.system.create(new)
    assert made.ref
    assert beginning.system.create(new) == made
    assert beginning.system.find(made.code).ref == made.ref
    with pytest.raises(CreationRefused):
        beginning.system.create(replace(new, key=str(uuid.uuid4()), template="no such"))


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


def test_whoever_is_unreachable_is_not_found_either(any_bench: Bench) -> None:
    any_bench.vanish()
    for call in (any_bench.system.check, lambda: any_bench.system.find(CODE)):
        with pytest.raises(Offline):
            call()

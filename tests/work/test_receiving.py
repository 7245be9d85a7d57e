"""Dossiers as folders, taken in at another desk, whatever happened on the way."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import httpx
import pytest
from parceldesk import (
    CODE,
    OTHER,
    STILL,
    Take,
    manifest,
    outcomes,
    pages,
    paper_of,
    rewrite,
    work,
)

from digitizer.app import App
from digitizer.errors import NoParcel, ParcelUnsafe, ParcelWrong, Stopped
from digitizer.model import PaperKind
from digitizer.receiving import Outcome
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox
from digitizer.servers import Server
from digitizer.storage import changes
from drivers.host import HostedScanner


def test_papers_arrive_byte_for_byte_and_are_read(
    written: Path, stick: Path, desk: App, take: Take
) -> None:
    assert outcomes(take(stick)) == [Outcome.TAKEN] * 3
    work(desk)
    dossier = desk.dossiers.find(CODE)
    assert dossier.procedure_code == "1.001193"
    with App(written / "home", "test") as there:
        theirs = there.dossiers.find(CODE)
        for part, kind, count in (
            ("TP01", PaperKind.COMPONENT, 1),
            ("KQ01", PaperKind.RESULT, 2),
        ):
            mine, other = dossier.paper(part), theirs.paper(part)
            assert mine is not None
            assert other is not None
            assert (mine.id, mine.kind, mine.title) == (other.id, kind, other.title)
            assert len(mine.live_pages) == count
            bundle, sent = dossier.bundle(mine), theirs.bundle(other)
            assert bundle is not None
            assert sent is not None
            assert bundle.sha256 == sent.sha256
            assert all(page.words and page.words.count > 5 for page in mine.live_pages)


def test_a_server_that_both_desks_send_to_gets_each_paper_once(
    written: Path,
    stick: Path,
    desk: App,
    take: Take,
    tmp_path: Path,
) -> None:
    shutil.copytree(written / "home", tmp_path / "theirs")
    take(stick / CODE)
    with (
        Sandbox(tmp_path / "server", Faults()) as address,
        App(tmp_path / "theirs", "test") as theirs,
    ):
        for app in (theirs, desk):
            server = Server("opencps", address.url, address.group, address.user)
            app.servers.set(server, address.password)
            app.server_changed()
            app.syncing.down(STILL)
            work(app)
            app.sync.start()
            app.sync.until_idle(STILL, one_round=True)
            dossier = app.dossiers.find(CODE)
            for part in ("TP01", "KQ01"):
                paper = dossier.paper(part)
                assert paper is not None
                assert dossier.receipt(paper) is not None
        assert theirs.syncing.moved.sent == theirs.syncing.moved.useful > 0
        assert (desk.syncing.sent, desk.syncing.moved.sent) == (2, 0), "it is there: nothing goes"
        there = httpx.get(
            f"{address.url}/dossiers/{dossier.server_ref}/files",
            auth=(address.user, address.password),
            headers={"groupId": address.group},
            trust_env=False,
        ).json()["data"]
    assert [(file["dossierPartNo"], file["fileVersion"]) for file in there] == [
        ("TP01", "1"),
        ("KQ01", "1"),
    ]


def test_taking_twice_takes_once(stick: Path, desk: App, take: Take) -> None:
    take(stick)
    before = desk.store.rows("SELECT count(*) FROM page")[0][0]
    assert outcomes(take(stick)) == [Outcome.HERE] * 3
    assert outcomes(take(stick / CODE)) == [Outcome.HERE] * 2
    assert desk.store.rows("SELECT count(*) FROM page")[0][0] == before == 4


def test_whoever_wrote_it_has_it_already(written: Path, stick: Path) -> None:
    with App(written / "home", "test") as app:
        over = app.receiving.take(stick, HostedScanner("folder"), STILL)
    assert {one.outcome for one in over} == {Outcome.HERE}


def test_a_list_that_is_known_here_takes_the_paper_in(
    written: Path, stick: Path, desk: App, take: Take
) -> None:
    dossier = desk.dossiers.open_new(code=CODE)
    with desk.store.transaction() as tx:
        changes.add_paper(tx, dossier.id, "TP01", "Tờ khai", required=True, position=1)
        changes.add_paper(tx, dossier.id, "TP02", "Giấy chứng sinh", position=2)
    take(stick)
    paper = paper_of(desk)
    assert (paper.title, paper.required, len(paper.live_pages)) == ("Tờ khai", True, 1)
    with App(written / "home", "test") as there:
        assert paper.id == paper_of(there).id


def test_another_version_that_is_here_is_a_conflict_and_both_stay(
    tmp_path: Path, stick: Path, desk: App, take: Take
) -> None:
    dossier = desk.dossiers.open_new(code=CODE)
    pages(desk, tmp_path, desk.dossiers.paper_for(dossier, "TP01"), "cua toi")
    over = take(stick)
    assert sorted(outcomes(over)) == [Outcome.CONFLICT, Outcome.TAKEN, Outcome.TAKEN]
    conflict = next(one for one in over.values() if one.outcome is Outcome.CONFLICT)
    assert (conflict.part, conflict.error and conflict.error.code) == ("TP01", "paper-differs")
    assert len(paper_of(desk).live_pages) == 1
    assert len(paper_of(desk, part="KQ01").live_pages) == 2


def test_a_newer_version_of_a_paper_that_was_taken_is_a_conflict(
    tmp_path: Path, stick: Path, desk: App, take: Take
) -> None:
    take(stick / OTHER)
    value = manifest(stick, OTHER)
    newer = next((stick / CODE).glob("*.pdf")).read_bytes()
    line = value["TaiLieuNop"][0]
    (stick / OTHER / line["TenTepDinhKem"]).write_bytes(newer)
    line["SHA256"] = manifest(stick)["TaiLieuNop"][0]["SHA256"]
    rewrite(stick, value, OTHER)
    assert outcomes(take(stick / OTHER)) == [Outcome.CONFLICT]
    assert len(paper_of(desk, OTHER).live_pages) == 1


def test_a_file_that_was_changed_is_refused_and_the_others_come(
    stick: Path, desk: App, take: Take
) -> None:
    name = manifest(stick)["TaiLieuNop"][0]["TenTepDinhKem"]
    with (stick / CODE / name).open("r+b") as file:
        file.seek(100)
        file.write(b"\xff\xfe")
    over = take(stick)
    assert isinstance(over[name].error, ParcelWrong)
    assert sorted(outcomes(over)) == [Outcome.REFUSED, Outcome.TAKEN, Outcome.TAKEN]
    assert desk.dossiers.find(CODE).paper("TP01") is None


@pytest.mark.parametrize("kind", ["link", "pipe", "huge", "folder"])
def test_what_is_no_plain_file_is_refused(
    stick: Path, tmp_path: Path, take: Take, kind: str
) -> None:
    name = manifest(stick)["TaiLieuNop"][0]["TenTepDinhKem"]
    file = stick / CODE / name
    if kind == "link":
        file.rename(tmp_path / "elsewhere.pdf")
        file.symlink_to(tmp_path / "elsewhere.pdf")
    elif kind == "pipe":
        file.unlink()
        os.mkfifo(file)
    elif kind == "huge":
        os.truncate(file, 600 * 1024 * 1024)
    else:
        file.unlink()
        file.mkdir()
    over = take(stick / CODE)
    assert over[name].outcome is Outcome.REFUSED
    assert isinstance(over[name].error, ParcelUnsafe)


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "/etc/passwd", "manifest.json", "a/b.pdf", "..", "CON.pdf"]
)
def test_a_manifest_that_leads_out_is_refused_as_a_whole(
    stick: Path, desk: App, take: Take, name: str
) -> None:
    value = manifest(stick)
    value["TaiLieuNop"][0]["TenTepDinhKem"] = name
    rewrite(stick, value)
    over = take(stick / CODE)
    assert isinstance(over[CODE].error, ParcelUnsafe)
    assert outcomes(over) == [Outcome.REFUSED]
    assert desk.store.rows("SELECT count(*) FROM dossier")[0][0] == 0


def test_a_manifest_of_another_dossier_is_refused(stick: Path, take: Take) -> None:
    rewrite(stick, {**manifest(stick), "MaHoSo": OTHER})
    assert isinstance(take(stick / CODE)[CODE].error, ParcelWrong)


def test_a_linked_dossier_is_not_looked_into(stick: Path, tmp_path: Path, take: Take) -> None:
    (stick / OTHER).rename(tmp_path / "away")
    (stick / OTHER).symlink_to(tmp_path / "away", target_is_directory=True)
    assert outcomes(take(stick)) == [Outcome.TAKEN] * 2


def test_files_that_no_line_speaks_of_are_named_and_left(stick: Path, take: Take) -> None:
    (stick / CODE / "autorun.pdf").write_bytes(b"%PDF x")
    over = take(stick / CODE)
    assert over["autorun.pdf"].stray
    assert (stick / CODE / "autorun.pdf").exists()


def test_a_folder_without_dossiers_is_said_so(tmp_path: Path, take: Take) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoParcel):
        take(tmp_path / "empty")


def test_what_was_stopped_goes_on_where_it_was(stick: Path, desk: App) -> None:
    stop = threading.Event()
    with pytest.raises(Stopped):
        desk.receiving.take(stick, HostedScanner("folder"), stop, lambda _: stop.set())
    over = desk.receiving.take(stick, HostedScanner("folder"), STILL)
    assert sorted(one.outcome for one in over) == [Outcome.HERE, Outcome.TAKEN, Outcome.TAKEN]


def test_a_crash_within_a_file_is_made_good(stick: Path, desk: App, take: Take) -> None:
    """As a home is left: its batch is there and never ended, one of two pages is."""
    take(stick)
    with desk.store.transaction() as tx:
        (batch,) = [r[0] for r in tx.execute("SELECT batch_id FROM page WHERE batch_seq = 2")]
        tx.execute("DELETE FROM page WHERE batch_id = ? AND batch_seq = 2", (batch,))
        tx.execute("UPDATE batch SET ended_at = NULL, reason = NULL WHERE id = ?", (batch,))
    assert sorted(outcomes(take(stick))) == [Outcome.HERE, Outcome.HERE, Outcome.TAKEN]
    assert len(paper_of(desk, part="KQ01").live_pages) == 2

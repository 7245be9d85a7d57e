"""Dossiers as folders: written at one desk, taken in at another, whatever happened on the way."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw

from digitizer.app import App
from digitizer.errors import NoParcel, ParcelHalf, ParcelUnsafe, ParcelWrong, Stopped
from digitizer.exporting import export, waiting
from digitizer.model import Dossier, Paper, PaperKind
from digitizer.receiving import Outcome, Received
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox
from digitizer.servers import Server
from digitizer.storage import changes
from drivers.host import HostedScanner

CODE, OTHER = "000.00.20.H02-261122-0001", "000.00.20.H02-261122-0002"
STILL = threading.Event()


def fill(app: App, folder: Path) -> Dossier:
    """Two dossiers, each with a paper; the first with a result of two pages too."""
    dossier = app.dossiers.open_new(code=CODE)
    other = app.dossiers.open_new(code=OTHER)
    with app.store.transaction() as tx:
        tx.execute(
            "UPDATE dossier SET procedure_code = '1.001193', procedure_name = 'Đăng ký khai sinh'"
        )
        first = changes.add_paper(tx, dossier.id, "TP01", "Tờ khai đăng ký khai sinh")
        result = changes.add_paper(tx, dossier.id, "KQ01", "Giấy khai sinh", kind=PaperKind.RESULT)
        second = changes.add_paper(tx, other.id, "TP01", "Tờ khai đăng ký khai sinh")
    pages(app, folder, first, "mot")
    pages(app, folder, result, "hai", "ba")
    pages(app, folder, second, "bon")
    return app.dossiers.get(dossier.id)


def pages(app: App, folder: Path, paper: str, *texts: str) -> None:
    batch = changes.new_id()
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, "test", "{}")
    for seq, text in enumerate(texts, start=1):
        page = Image.new("RGB", (827, 1169), "white")
        draw = ImageDraw.Draw(page)
        for line in range(6):
            draw.text((80, 100 + 60 * line), f"{text} {line} Uy ban nhan dan", 0, font_size=30)
        file = folder / f"{seq:04d}.jpg"
        page.save(file, quality=85, dpi=(100, 100))
        app.capture.adopt(batch, seq, file)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
    app.capture.announce_end(batch)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a desk wrote, with its home beside it: ``home``, ``stick``."""
    place = tmp_path_factory.mktemp("desk")
    (place / "stick").mkdir()
    with App(place / "home", "test") as app:
        fill(app, place)
        app.local.start()
        app.settle()
        app.local.until_idle(STILL)
        export(app.store, app.vault, place / "stick", waiting(app.store), STILL)
    return place


@pytest.fixture
def stick(written: Path, tmp_path: Path) -> Path:
    """A stick of this test's own."""
    return Path(shutil.copytree(written / "stick", tmp_path / "stick"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[App]:
    """Another desk."""
    with App(tmp_path / "other", "test") as app:
        yield app


@pytest.fixture
def take(desk: App) -> Callable[[Path], dict[str, Received]]:
    def taken(folder: Path) -> dict[str, Received]:
        over = desk.receiving.take(folder, HostedScanner("folder"), STILL)
        assert list(desk.home.work.iterdir()) == []
        return {one.file or one.code: one for one in over}

    return taken


def outcomes(over: dict[str, Received]) -> list[Outcome]:
    return [one.outcome for one in over.values()]


def manifest(stick: Path, code: str = CODE) -> dict[str, Any]:
    return dict(json.loads((stick / code / "manifest.json").read_bytes()))


def rewrite(stick: Path, value: dict[str, Any], code: str = CODE) -> None:
    (stick / code / "manifest.json").write_text(json.dumps(value), encoding="utf-8")


def paper_of(app: App, code: str = CODE, part: str = "TP01") -> Paper:
    found = app.dossiers.find(code).paper(part)
    assert found is not None
    return found


# --- out ---


def test_what_is_written_is_the_national_record(stick: Path) -> None:
    value = manifest(stick)
    head = {name: value[name] for name in ("MaHoSo", "MaTTHC", "TenTTHC", "HoanTat")}
    assert head == {
        "MaHoSo": CODE,
        "MaTTHC": "1.001193",
        "TenTTHC": "Đăng ký khai sinh",
        "HoanTat": "1",
    }
    assert value["HoSoCoThanhPhanSoHoa"] == "1"
    (part,), (result,) = value["TaiLieuNop"], value["DanhSachGiayToKetQua"]
    assert (part["MaThanhPhanHoSo"], part["DuocSoHoa"]) == ("TP01", "1")
    assert (result["TenGiayTo"], result["MaThanhPhanHoSo"]) == ("Giấy khai sinh", "KQ01")
    assert sorted(file.name for file in (stick / CODE).iterdir()) == sorted(
        [part["TenTepDinhKem"], result["DuongDanTepTinKetQua"], "manifest.json"]
    )
    assert all(file.name.isascii() for file in stick.rglob("*"))


def test_a_stick_has_no_links_no_letter_case_and_no_folders_to_flush(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT and exFAT, as some systems mount them."""
    opened = os.open

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    def plain(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_DIRECTORY and Path(path).is_relative_to(tmp_path / "fat"):
            raise OSError(errno.EINVAL, "no folders here")
        return opened(path, flags, *more, **named)

    (tmp_path / "fat").mkdir()
    with App(written / "home", "test") as app, monkeypatch.context() as patch:
        patch.setattr(os, "open", plain)
        for verb in ("link", "symlink"):
            patch.setattr(os, verb, refused)
        over = export(app.store, app.vault, tmp_path / "fat", waiting(app.store), STILL)
    assert [(one.papers, one.error) for one in over] == [(2, None), (1, None)]
    names = [file.name for file in (tmp_path / "fat").rglob("*")]
    assert len({name.casefold() for name in names if name != "manifest.json"}) == len(names) - 2
    assert not [name for name in names if set(name) & set('"*/:<>?\\|+,;=[]') or name[-1] == "."]


def test_writing_again_changes_nothing(written: Path, stick: Path) -> None:
    before = {file: file.read_bytes() for file in stick.rglob("*.pdf")}
    with App(written / "home", "test") as app:
        over = export(app.store, app.vault, stick, waiting(app.store), STILL)
    assert [(one.code, one.papers, one.unready) for one in over] == [(CODE, 2, 0), (OTHER, 1, 0)]
    assert {file: file.read_bytes() for file in stick.rglob("*.pdf")} == before


def test_a_dossier_that_was_written_half_is_finished_by_writing_again(
    written: Path, stick: Path, take: Callable[[Path], dict[str, Received]]
) -> None:
    """As a stick is that was pulled out: a torn manifest, a file that is missing."""
    (stick / CODE / "manifest.json").write_bytes(b"\0" * 4096)
    lost = next((stick / OTHER).glob("*.pdf"))
    lost.unlink()
    over = take(stick)
    assert isinstance(over[CODE].error, ParcelHalf)
    assert isinstance(over[OTHER].error, ParcelHalf)
    assert Outcome.TAKEN not in outcomes(over)
    with App(written / "home", "test") as app:
        export(app.store, app.vault, stick, waiting(app.store), STILL)
    assert outcomes(take(stick)) == [Outcome.TAKEN] * 3


def test_a_dossier_without_a_code_stays_here(tmp_path: Path, desk: App) -> None:
    dossier = desk.dossiers.open_new(code=None)
    paper = desk.dossiers.paper_for(dossier, None)
    pages(desk, tmp_path, paper, "mot")
    (tmp_path / "out").mkdir()
    over = export(desk.store, desk.vault, tmp_path / "out", [dossier.id], STILL)
    assert [(one.papers, one.unready) for one in over] == [(0, 1)]
    assert list((tmp_path / "out").iterdir()) == []


# --- in ---


def test_papers_arrive_byte_for_byte_and_are_read(
    written: Path, stick: Path, desk: App, take: Callable[[Path], dict[str, Received]]
) -> None:
    assert outcomes(take(stick)) == [Outcome.TAKEN] * 3
    desk.local.start()
    desk.settle()
    desk.local.until_idle(STILL)
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
    take: Callable[[Path], dict[str, Received]],
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
            app.local.start()
            app.settle()
            app.local.until_idle(STILL)
            app.sync.start()
            app.sync.until_idle(STILL, one_round=True)
            dossier = app.dossiers.find(CODE)
            for part in ("TP01", "KQ01"):
                paper = dossier.paper(part)
                assert paper is not None
                assert dossier.receipt(paper) is not None
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


def test_taking_twice_takes_once(
    stick: Path, desk: App, take: Callable[[Path], dict[str, Received]]
) -> None:
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
    written: Path, stick: Path, desk: App, take: Callable[[Path], dict[str, Received]]
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
    tmp_path: Path, stick: Path, desk: App, take: Callable[[Path], dict[str, Received]]
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
    tmp_path: Path, stick: Path, desk: App, take: Callable[[Path], dict[str, Received]]
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
    stick: Path, desk: App, take: Callable[[Path], dict[str, Received]]
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
    stick: Path, tmp_path: Path, take: Callable[[Path], dict[str, Received]], kind: str
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
    stick: Path, desk: App, take: Callable[[Path], dict[str, Received]], name: str
) -> None:
    value = manifest(stick)
    value["TaiLieuNop"][0]["TenTepDinhKem"] = name
    rewrite(stick, value)
    over = take(stick / CODE)
    assert isinstance(over[CODE].error, ParcelUnsafe)
    assert outcomes(over) == [Outcome.REFUSED]
    assert desk.store.rows("SELECT count(*) FROM dossier")[0][0] == 0


def test_a_manifest_of_another_dossier_is_refused(
    stick: Path, take: Callable[[Path], dict[str, Received]]
) -> None:
    rewrite(stick, {**manifest(stick), "MaHoSo": OTHER})
    assert isinstance(take(stick / CODE)[CODE].error, ParcelWrong)


def test_a_linked_dossier_is_not_looked_into(
    stick: Path, tmp_path: Path, take: Callable[[Path], dict[str, Received]]
) -> None:
    (stick / OTHER).rename(tmp_path / "away")
    (stick / OTHER).symlink_to(tmp_path / "away", target_is_directory=True)
    assert outcomes(take(stick)) == [Outcome.TAKEN] * 2


def test_files_that_no_line_speaks_of_are_named_and_left(
    stick: Path, take: Callable[[Path], dict[str, Received]]
) -> None:
    (stick / CODE / "autorun.pdf").write_bytes(b"%PDF x")
    over = take(stick / CODE)
    assert over["autorun.pdf"].stray
    assert (stick / CODE / "autorun.pdf").exists()


def test_a_folder_without_dossiers_is_said_so(
    tmp_path: Path, take: Callable[[Path], dict[str, Received]]
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoParcel):
        take(tmp_path / "empty")


def test_what_was_stopped_goes_on_where_it_was(stick: Path, desk: App) -> None:
    stop = threading.Event()
    with pytest.raises(Stopped):
        desk.receiving.take(stick, HostedScanner("folder"), stop, lambda _: stop.set())
    over = desk.receiving.take(stick, HostedScanner("folder"), STILL)
    assert sorted(one.outcome for one in over) == [Outcome.HERE, Outcome.TAKEN, Outcome.TAKEN]


def test_a_crash_within_a_file_is_made_good(
    stick: Path, desk: App, take: Callable[[Path], dict[str, Received]]
) -> None:
    """As a home is left: its batch is there and never ended, one of two pages is."""
    take(stick)
    with desk.store.transaction() as tx:
        (batch,) = [r[0] for r in tx.execute("SELECT batch_id FROM page WHERE batch_seq = 2")]
        tx.execute("DELETE FROM page WHERE batch_id = ? AND batch_seq = 2", (batch,))
        tx.execute("UPDATE batch SET ended_at = NULL, reason = NULL WHERE id = ?", (batch,))
    assert sorted(outcomes(take(stick))) == [Outcome.HERE, Outcome.HERE, Outcome.TAKEN]
    assert len(paper_of(desk, part="KQ01").live_pages) == 2

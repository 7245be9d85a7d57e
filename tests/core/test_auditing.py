"""Every verb leaves its line; old homes; exported records; what ``verify`` and the doctor say."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from olderhome import set_back
from watchdesk import Desk

from digitizer import arranging, auditing, doctor, exporting, rereading, reusing, splitting
from digitizer.app import App, Facts
from digitizer.bridge.consents import Consents
from digitizer.bridge.orders import Orders
from digitizer.chain import PROGRAM, Act
from digitizer.errors import FileMissing, RecordUnreadable, Stopped
from digitizer.model import Style
from digitizer.procedure.manifest import RECORD, manifest_of
from digitizer.profiles import OFFICE
from digitizer.servers import Server
from digitizer.storage import auditlog, bundles, creations, stacks
from digitizer.storage.auditlog import Head
from digitizer.storage.creations import Creation
from digitizer.verifying import Problem, verify
from tests.readymade import add_ready_paper

CODE, OTHER = "000.00.20.H02-261122-0001", "000.00.20.H02-261122-0002"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with App(tmp_path / "home", "window") as opened:
        yield opened


def acts(app: App) -> set[str]:
    return {line.act for line in auditlog.every(app.store)}


def problems(app: App) -> tuple[Problem, ...]:
    return verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None).problems


def record_problems(app: App) -> list[str]:
    """What ``verify`` says of the record (the papers here are made of words, not of PDF)."""
    return [one.subject for one in problems(app) if one.kind == "audit"]


def test_the_verbs_leave_their_lines(app: App) -> None:
    dossiers = app.dossiers
    dossier = dossiers.open_new(code=CODE, holder="Lê Thu")
    local = dossiers.open_new(code=None)
    for part in ("TP01", "TP02"):
        add_ready_paper(app, dossier, part)
    dossier = dossiers.get(dossier.id)
    paper, target = dossier.paper("TP01"), dossier.paper("TP02")
    assert paper is not None
    assert target is not None
    page = paper.pages[0].id
    dossiers.turn(dossier.id, [page], 90)
    dossiers.undo(dossier.id)
    dossiers.keep(dossier.id, [page])
    dossiers.delete(dossier.id, [page])
    dossiers.restore(dossier.id, [page])
    dossiers.move(dossier.id, [page], target.id, "")
    dossiers.undo(dossier.id)
    dossiers.finish(dossier.id)
    dossiers.reopen(dossier.id)
    app.withhold([paper.id])
    app.use_style(Style.COMPACT)
    app.binding.bind(local.id, OTHER)
    app.binding.unbind(local.id)
    app.binding.describe(local.id, holder="Lê Thu")
    app.profiles.put(OFFICE)
    app.profiles.remove(OFFICE.name)
    lan = app.clerks.put("Lan", "lan")
    app.clerks.use("")
    app.clerks.remove(lan.id)
    app.servers.set(Server("folder", str(app.home.root), "", ""), "")
    Consents(app.store).allow("https://motcua.example.vn")
    orders = Orders(app)
    orders.given(orders.begin("https://motcua.example.vn"), "ab" * 32)
    assert acts(app) >= {
        Act.RECORD_BEGUN,
        Act.DOSSIER_OPENED,
        Act.DOSSIER_BOUND,
        Act.DOSSIER_UNBOUND,
        Act.DOSSIER_DESCRIBED,
        Act.DOSSIER_FINISHED,
        Act.DOSSIER_REOPENED,
        Act.PAPER_ADDED,
        Act.PAPER_HELD,
        Act.PAPER_BUNDLED,
        Act.SCAN_BEGUN,
        Act.SCAN_ENDED,
        Act.PAGE_SAVED,
        Act.PAGE_TURNED,
        Act.PAGE_KEPT,
        Act.PAGE_DELETED,
        Act.PAGE_RESTORED,
        Act.PAGE_MOVED,
        Act.SETTING_CHANGED,
        Act.PROFILE_KEPT,
        Act.PROFILE_REMOVED,
        Act.CLERK_ADDED,
        Act.CLERK_SEATED,
        Act.CLERK_REMOVED,
        Act.WEB_ANSWERED,
        Act.WEB_ASKED,
        Act.WEB_GIVEN,
    }
    assert record_problems(app) == []


def test_what_happens_between_here_and_the_server_leaves_its_lines(app: App) -> None:
    dossier = app.dossiers.open_new(code=CODE)
    local = app.dossiers.open_new(code=None)
    add_ready_paper(app, dossier)
    paper = app.dossiers.get(dossier.id).paper("TP01")
    assert paper is not None
    (bundle,) = paper.bundles
    with app.store.transaction() as tx:
        bundles.put_sending(tx, paper.id, bundle.sha256, "server")
        bundles.put_receipt(tx, paper.id, bundle, "server", "ref")
        bundles.take_receipt_back(tx, paper.id, "server", bundle.sha256)
        tx.execute("INSERT INTO mark VALUES (?, 'TP01', 'server', 1, '')", (dossier.id,))
        tx.execute(
            "INSERT INTO conflict (paper_id, kind, server, ours, found_at) "
            "VALUES (?, 'other', 'server', ?, '')",
            (paper.id, bundle.sha256),
        )
        tx.execute("INSERT INTO decision (conflict_id, choice, at) VALUES (1, 'mine', '')")
        creations.ask(tx, local.id, Creation())
        creations.take_back(tx, local.id)
        stacks.begin(tx, "lot", paper.pages[0].batch_id)
        tx.execute("UPDATE stack SET accepted_at = ''")
        tx.execute("UPDATE stack SET accepted_at = NULL")
    assert acts(app) >= {
        Act.PAPER_SENT,
        Act.PAPER_CONFIRMED,
        Act.PAPER_UNCONFIRMED,
        Act.PAPER_COUNTED,
        Act.CONFLICT_FOUND,
        Act.CONFLICT_DECIDED,
        Act.DOSSIER_ASKED,
        Act.DOSSIER_ASKED_NO_MORE,
        Act.STACK_OPENED,
        Act.STACK_ACCEPTED,
        Act.STACK_TAKEN_BACK,
    }


def test_words_read_again_by_hand_are_recorded_page_by_page(app: App) -> None:
    dossier = app.dossiers.open_new(code=CODE)
    add_ready_paper(app, dossier)
    page = app.dossiers.get(dossier.id).papers[0].pages[0]
    with app.store.transaction() as tx:
        tx.execute(
            "INSERT INTO words (sha256, turn, crop, tsv, pdf, count, confidence, failed) "
            "VALUES (?, 0, '', '', '', 0, 0.0, 'timeout')",
            (page.sha256,),
        )
    assert rereading.read_again(app.store, app.events, app.dossiers.get(dossier.id)) == 1
    line = auditlog.newest(app.store, 1)[0]
    assert (line.act, line.subject, line.dossier) == (Act.PAGE_REREAD, page.id, dossier.id)


def test_what_a_crash_left_is_adopted_by_the_program_itself(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with App(home, "window") as app:
        dossier = app.dossiers.open_new(code=CODE)
        add_ready_paper(app, dossier)
        batch = app.dossiers.get(dossier.id).papers[0].pages[0].batch_id
        folder = app.home.incoming / batch
        folder.mkdir()
        (folder / "0002.jpg").write_bytes(b"landed")
    with App(home, "scan") as app:
        assert app.recovered.pages == 1
        line = next(one for one in auditlog.newest(app.store, 9) if one.act == Act.PAGE_SAVED)
        assert (line.who, line.door, line.detail["number"]) == (PROGRAM, "recovery", 2)


def test_pages_from_a_watched_folder_say_so(desk: Desk) -> None:
    desk.drop("page.tif", "a|b")
    desk.once(desk.rule())
    doors = {x.door for x in auditlog.every(desk.app.store) if x.act == Act.PAGE_SAVED}
    assert doors == {"watch"}


# --- older homes ------------------------------------------------------------------------------


def test_the_record_of_an_older_home_begins_with_what_was_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with App(home, "window") as app:
        dossier = app.dossiers.open_new(code=CODE)
        add_ready_paper(app, dossier)
    set_back(home / "digitizer.db", 18)
    with App(home, "window") as app:
        first = next(auditlog.every(app.store))
        assert first.act == Act.RECORD_BEGUN
        told = {name: first.detail[name] for name in ("from", "dossier", "page", "bundle")}
        assert told == {"from": 18, "dossier": 1, "page": 1, "bundle": 1}
        assert record_problems(app) == []
        add_ready_paper(app, app.dossiers.open_new(code=OTHER))
        assert record_problems(app) == []
        with closing(sqlite3.connect(app.home.database)) as raw, raw:
            raw.execute("INSERT INTO dossier (id, code, opened_at) VALUES ('theirs', 'x', '')")
        assert record_problems(app) == ["2 of dossier without a line, 1 are older than the record"]


def test_a_backup_proves_what_was_recorded_until_then(app: App) -> None:
    add_ready_paper(app, app.dossiers.open_new(code=CODE))
    with app.store.transaction() as tx:
        tx.execute("UPDATE page SET turn = 90")
    backup = app.home.backups / "digitizer-v19.db"
    with closing(sqlite3.connect(app.home.database)) as raw:
        raw.execute("VACUUM INTO ?", (str(backup),))
    assert record_problems(app) == []
    with closing(sqlite3.connect(app.home.database)) as raw, raw:
        raw.execute("DROP TRIGGER audit_never_removed")
        raw.execute("DELETE FROM audit WHERE act = 'page.turned'")
    guard, said = record_problems(app)
    assert guard.startswith("its guard audit_never_removed")
    assert said.startswith("it does not go on from digitizer-v19.db")


# --- exported ---------------------------------------------------------------------------------


def exported(app: App, folder: Path) -> Path:
    file = folder / "record.jsonl"
    auditing.export(app.store, file, threading.Event())
    return file


def test_an_exported_record_is_checked_by_itself(app: App, tmp_path: Path) -> None:
    add_ready_paper(app, app.dossiers.open_new(code=CODE))
    file = exported(app, tmp_path)
    found = auditing.check(file)
    assert found.breaks == ()
    assert (found.head, found.lines) == (auditlog.head(app.store), found.head.seq)
    text = file.read_text("ascii").splitlines()
    halfway = Head(4, json.loads(text[3])["hash"])
    assert auditing.check(file, halfway).goes_through
    assert not auditing.check(file, Head(4, "f" * 64)).goes_through
    assert auditing.check(file, Head(0, "")).goes_through
    assert {path.name for path in tmp_path.iterdir()} == {"home", file.name}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda lines: [*lines[:2], lines[2].replace('"who":"', '"who":"x'), *lines[3:]], 3),
        (lambda lines: [*lines[:2], *lines[3:]], 4),
        (lambda lines: [*lines[:2], "{}", *lines[2:]], 3),
        (lambda lines: [*lines[:2], "[" * 100_000, *lines[2:]], 3),
        (lambda lines: [*lines[:2], "\x00\xff", *lines[2:]], 3),
        (lambda lines: lines[1:], 2),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3),
    ],
)
def test_a_forged_file_is_found_out(app: App, tmp_path: Path, change: object, where: int) -> None:
    assert callable(change)
    add_ready_paper(app, app.dossiers.open_new(code=CODE))
    file = exported(app, tmp_path)
    forged = change(file.read_text("ascii").splitlines())
    file.write_text("\n".join(forged) + "\n", "latin-1")
    assert auditing.check(file).breaks[0].seq == where


def test_the_check_that_the_guide_prints_agrees(app: App, tmp_path: Path) -> None:
    """An inspector needs nothing of ours: the few lines in the administrator's guide do."""
    add_ready_paper(app, app.dossiers.open_new(code=CODE))
    file = exported(app, tmp_path)
    guide = (Path(__file__).parents[2] / "docs" / "quan-tri.md").read_text("utf-8")
    program = next(
        part for part in guide.split("```python\n")[1:] if "sort_keys" in part
    ).partition("```")[0]
    told: list[str] = []
    program = program.replace("nhat-ky.jsonl", str(file))
    scope = {"print": lambda *words: told.append(" ".join(map(str, words)))}
    exec(compile(program, "quan-tri.md", "exec"), scope)  # noqa: S102 - our own guide
    assert told == [str(auditlog.head(app.store))]
    text = file.read_text("ascii")
    file.write_text(text.replace('"door":"window"', '"door":"watch"', 1), "ascii")
    with pytest.raises(AssertionError):
        exec(compile(program, "quan-tri.md", "exec"), scope)  # noqa: S102


def test_no_half_record_is_left(app: App, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        auditing.export(app.store, tmp_path / "record.jsonl", stop)
    assert {path.name for path in tmp_path.iterdir()} == {"home"}
    with pytest.raises(FileMissing):
        auditing.check(tmp_path / "record.jsonl")
    with pytest.raises(RecordUnreadable):
        auditing.check(tmp_path / "home")


# --- dossiers that leave as folders -----------------------------------------------------------


def test_an_export_is_recorded_before_it_leaves_and_carries_the_head(
    app: App, tmp_path: Path
) -> None:
    dossier = app.dossiers.open_new(code=CODE)
    add_ready_paper(app, dossier)
    out = tmp_path / "out"
    out.mkdir()
    exporting.export(app.store, app.vault, out, [dossier.id], threading.Event())
    line = auditlog.newest(app.store, 1)[0]
    assert (line.act, line.dossier, line.detail["count"]) == (
        Act.DOSSIER_EXPORTED,
        dossier.id,
        1,
    )
    head = auditlog.head_in(manifest_of(out / CODE)[RECORD])
    assert head == auditlog.head(app.store)


def test_a_reader_leaves_word_which_is_taken_in_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    out = tmp_path / "out"
    out.mkdir()
    with App(home, "window") as app:
        dossier = app.dossiers.open_new(code=CODE)
        add_ready_paper(app, dossier)
        with Facts(home) as facts:
            exporting.export(facts.store, facts.vault, out, [dossier.id], threading.Event())
        (note,) = app.home.noted.iterdir()
        kept = tmp_path / note.name
        shutil.copy(note, kept)
    for _ in range(2):  # the second time a crash had left the file
        with App(home, "scan") as app:
            found = [x for x in auditlog.every(app.store) if x.act == Act.DOSSIER_EXPORTED]
            assert [(one.door, one.dossier) for one in found] == [("command", dossier.id)]
            assert list(app.home.noted.iterdir()) == []
        shutil.copy(kept, app.home.noted / note.name)
    with closing(sqlite3.connect(home / "digitizer.db")) as raw, raw:
        raw.execute("DROP TRIGGER audit_never_changed")
        raw.execute("UPDATE audit SET detail = 'no json' WHERE act = 'dossier.exported'")
    with App(home, "scan") as app:  # whoever forged the record keeps nobody from the home
        found = [x for x in auditlog.every(app.store) if x.act == Act.DOSSIER_EXPORTED]
        assert len(found) == 2
    for number, junk in enumerate((b"", b"{}", b"[1]", b'{"act": 1}')):
        (app.home.noted / f"junk-{number}.json").write_bytes(junk)
    with App(home, "scan") as app:
        assert list(app.home.noted.iterdir()) == []
        assert len(list(app.home.rescued.iterdir())) == 4
        guard, broken = record_problems(app)
        assert (guard[:9], broken[:4]) == ("its guard", "line")


def test_the_doctor_looks_at_the_record(app: App) -> None:
    def said() -> doctor.Check:
        return next(c for c in doctor.examine(app.home.root, {}) if c.check == "audit record")

    add_ready_paper(app, app.dossiers.open_new(code=CODE))
    assert said().ok
    with closing(sqlite3.connect(app.home.database)) as raw, raw:
        raw.execute("DROP TRIGGER audit_never_changed")
        raw.execute("UPDATE audit SET who = 'x' WHERE seq = 3")
    assert not said().ok
    assert said().detail.startswith("line 3")


def test_pages_reused_split_and_put_in_order_leave_their_lines(app: App) -> None:
    dossier = app.dossiers.open_new(code=CODE, holder="Lê Thu")
    other = app.dossiers.open_new(code=OTHER, holder="Lê Thu")
    for part in ("TP01", "TP02"):
        add_ready_paper(app, dossier, part)
    add_ready_paper(app, other, "TP01")
    mine = {paper.part: paper for paper in app.dossiers.get(dossier.id).papers}
    theirs = app.dossiers.get(other.id).papers[0]
    page = mine["TP02"].pages[0].id
    app.dossiers.move(dossier.id, [page], mine["TP01"].id)
    assert arranging.shift(app.store, app.events, dossier.id, [page], -1)
    assert splitting.split_off(app.store, app.events, dossier.id, [page])
    reusing.reuse_paper(app.store, app.events, dossier.id, mine["TP02"].id, theirs.id)
    assert reusing.no_reuse(app.store, app.events, dossier.id, mine["TP02"].id)
    told = [line.act for line in auditlog.newest(app.store, 99, dossier_id=dossier.id)]
    assert {
        Act.PAGE_ORDERED,
        Act.PAGE_MOVED,
        Act.PAPER_REUSED,
        Act.PAPER_REUSED_NO_MORE,
        Act.PAGE_DELETED,
    } <= set(told)
    assert record_problems(app) == []

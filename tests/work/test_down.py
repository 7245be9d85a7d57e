"""The way down: the catalogue and the open dossiers, kept with their age, brought up incrementally;
what a procedure does to its list never disturbs what was scanned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from readymade import CODE, TEMPLATE, add_page, down, fresh, is_sent, make_ready, up, use

from digitizer import catalogue
from digitizer.app import App
from digitizer.model import Dossier
from digitizer.procedure.opencps import OpenCps
from digitizer.procedure.port import PaperList
from digitizer.sandbox.meddling import Meddling
from digitizer.sandbox.server import Address


@pytest.fixture
def there(tmp_path: Path, sandbox: Address) -> Meddling:
    """The hand that meddles at the server."""
    return Meddling(tmp_path / "sandbox")


@pytest.fixture
def dossier(app: App, sandbox: Address) -> Dossier:
    """The first dossier that waits at the server, brought down."""
    use(app, sandbox)
    down(app)
    return app.dossiers.find(CODE)


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[PaperList | None]]:
    """What the server answered when it was asked for lists; None: unchanged."""
    answers: list[PaperList | None] = []
    ask = OpenCps.papers_since

    def watched(system: OpenCps, template: str, version: str) -> PaperList | None:
        answers.append(ask(system, template, version))
        return answers[-1]

    monkeypatch.setattr(OpenCps, "papers_since", watched)
    yield answers


def parts(app: App, dossier: Dossier) -> list[str]:
    return [paper.part for paper in app.dossiers.get(dossier.id).listed]


def test_procedures_are_kept_with_their_papers_and_their_age(app: App, dossier: Dossier) -> None:
    found = {one.code: one for one in catalogue.procedures(app.store)}
    birth = found["1.001193"]
    assert len(found) == 7
    assert [paper.part for paper in birth.papers][:2] == ["TP01", "TP02"]
    down(app)
    again = {one.code: one for one in catalogue.procedures(app.store)}["1.001193"]
    assert again.fetched_at > birth.fetched_at
    assert again.papers == birth.papers


def test_an_unchanged_list_is_not_sent_again_not_even_after_a_restart(
    tmp_path: Path, app: App, dossier: Dossier, lists: list[PaperList | None]
) -> None:
    down(app)
    assert len(lists) == 7
    assert set(lists) == {None}
    app.close()
    lists.clear()
    with App(tmp_path / "home", "test") as again:
        down(again)
        assert len(lists) == 7
        assert set(lists) == {None}
        assert parts(again, dossier) == parts(again, dossier)


def test_dossiers_that_did_not_change_are_not_written(app: App, dossier: Dossier) -> None:
    with app.store.transaction() as tx:
        tx.execute("CREATE TABLE written (what TEXT)")
        for table in ("dossier", "paper", "procedure_paper"):
            for verb in ("INSERT", "UPDATE", "DELETE"):
                tx.execute(
                    f"CREATE TRIGGER {verb}_{table} AFTER {verb} ON {table} "  # noqa: S608
                    f"BEGIN INSERT INTO written VALUES ('{verb} {table}'); END"
                )
    assert down(app) == 0
    assert app.store.rows("SELECT * FROM written") == []


def test_a_list_that_grows_and_loses_papers_leaves_what_was_scanned_alone(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    add_page(app, dossier, "ours", "TP04")
    pages = fresh(app, dossier, "TP04").pages
    there.drop_part(TEMPLATE, "TP04")
    there.drop_part(TEMPLATE, "TP02")
    there.add_part(TEMPLATE, "TP05", "Giấy mới")
    assert down(app) == 2, "both dossiers of the procedure"
    assert parts(app, dossier) == ["TP01", "TP03", "KQ01", "TP99", "TP05", "TP04"]
    kept = fresh(app, dossier, "TP04")
    assert (kept.dropped, kept.required, kept.pages) == (True, False, pages)
    assert down(app) == 0
    there.add_part(TEMPLATE, "TP04", "Giấy chứng nhận kết hôn của cha mẹ")
    down(app)
    assert not fresh(app, dossier, "TP04").dropped
    assert fresh(app, dossier, "TP04").required


def test_a_paper_that_becomes_required_is(app: App, there: Meddling, dossier: Dossier) -> None:
    add_page(app, dossier, "ours", "TP04")
    there.require_part(TEMPLATE, "TP04", 1)
    down(app)
    assert fresh(app, dossier, "TP04").required
    assert len(fresh(app, dossier, "TP04").pages) == 1


def test_a_new_name_does_not_send_a_paper_again(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    app.sync.start()
    make_ready(app, dossier, "ours")
    up(app)
    there.rename_part(TEMPLATE, "TP01", "Tờ khai (mẫu mới)")
    down(app)
    up(app)
    assert fresh(app, dossier).title == "Tờ khai (mẫu mới)"
    assert is_sent(app, dossier)
    assert app.store.rows("SELECT * FROM work") == []
    there.rename_part(TEMPLATE, "TP01", "Tờ khai (mẫu mới nhất)")
    down(app)
    assert is_sent(app, dossier)


def test_a_dossier_that_was_closed_says_so(app: App, there: Meddling, dossier: Dossier) -> None:
    add_page(app, dossier, "ours")
    there.stand(CODE, "done")
    down(app)
    found = app.dossiers.get(dossier.id)
    assert (found.status, found.ended) == ("done", True)


def test_a_list_that_is_new_for_an_old_home_is_kept_with_its_tag(
    app: App, dossier: Dossier, lists: list[PaperList | None]
) -> None:
    with app.store.transaction() as tx:  # as a home of an older version is
        tx.execute("UPDATE procedure SET server = '', version = ''")
    assert down(app) == 0
    assert None not in lists
    lists.clear()
    down(app)
    assert set(lists) == {None}

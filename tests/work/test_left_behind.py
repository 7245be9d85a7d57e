"""Papers that only the server still has: known as long as it holds them and no page is here."""

from __future__ import annotations

from pathlib import Path

import pytest
from readymade import CODE, add_page, bundle, down, fresh, is_sent, make_ready, up, use

from digitizer.app import App
from digitizer.leftbehind import LeftBehind
from digitizer.model import Dossier
from digitizer.sandbox.meddling import Meddling
from digitizer.sandbox.server import Address


@pytest.fixture
def there(tmp_path: Path, sandbox: Address) -> Meddling:
    """The hand that meddles at the server."""
    return Meddling(tmp_path / "sandbox")


@pytest.fixture
def dossier(app: App, sandbox: Address) -> Dossier:
    """The first dossier that waits at the server, two papers of which were sent."""
    use(app, sandbox)
    down(app)
    app.sync.start()
    found = app.dossiers.find(CODE)
    make_ready(app, found, "first")
    make_ready(app, found, "second", "TP02")
    up(app)
    assert is_sent(app, found)
    assert is_sent(app, found, "TP02")
    return found


def known(app: App) -> list[str]:
    """The papers that are told; what is kept in mind says what a new look at all of them says."""
    kept = app.syncing.there.left_behind.find(app.work.server)
    assert kept == LeftBehind(app.store).find(app.work.server)
    return [one.title for one in kept]


def take_out(app: App, dossier: Dossier, part: str = "TP01") -> None:
    app.dossiers.delete(dossier.id, [page.id for page in fresh(app, dossier, part).live_pages])
    app.settle()


def test_they_are_known_until_a_page_is_there_again(app: App, dossier: Dossier) -> None:
    assert app.syncing.there.left_behind.known("another") == (), "nobody went through them"
    assert known(app) == []
    take_out(app, dossier)
    assert known(app) == [fresh(app, dossier).title]
    app.dossiers.undo(dossier.id)
    assert known(app) == []
    take_out(app, dossier)
    add_page(app, dossier, "scanned again")
    bundle(app, dossier)
    assert known(app) == [], "it takes the place of the other, under the same key"
    up(app)
    assert is_sent(app, dossier)


def test_a_page_that_went_to_another_paper_left_its_file_there(app: App, dossier: Dossier) -> None:
    (page,) = fresh(app, dossier).live_pages
    app.dossiers.move(dossier.id, [page.id], fresh(app, dossier, "TP02").id)
    app.settle()
    assert known(app) == [fresh(app, dossier).title]


@pytest.mark.parametrize("parts", [("TP01",), ("TP01", "TP02")])
def test_they_are_told_no_more_once_the_server_has_let_go_of_them(
    app: App, there: Meddling, dossier: Dossier, parts: tuple[str, ...]
) -> None:
    for part in parts:
        take_out(app, dossier, part)
    down(app)
    assert len(known(app)) == len(parts), "it holds them still"
    for part in parts:
        there.forget(CODE, fresh(app, dossier, part).id)
    down(app)
    assert known(app) == []
    assert not any(fresh(app, dossier, part).receipts for part in parts)


def test_a_dossier_that_left_the_list_is_looked_at_for_them_all_the_same(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    take_out(app, dossier)
    there.stand(CODE, "done")
    down(app)
    down(app)
    assert known(app) == [fresh(app, dossier).title]
    there.forget(CODE, fresh(app, dossier).id)
    down(app)
    assert known(app) == []

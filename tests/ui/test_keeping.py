"""How many finished dossiers nothing is going to send, told without looking at all of them."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

from digitizer.app import App
from digitizer.model import Bundle
from digitizer.storage import bundles, changes
from ui.keeping import Keeping


def add(app: App, number: int) -> tuple[str, str, str]:
    """Begin a dossier with one page in one paper; return the three ids."""
    code = None if number % 3 == 0 else f"000.00.20.H02-261122-{number:04d}"
    dossier = app.dossiers.open_new(code=code)
    paper, batch = app.dossiers.paper_for(dossier, None), f"batch-{number}"
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, "test", "{}")
        changes.add_page(tx, batch, 1, sha256=f"{number:064x}", size=1, suffix=".jpg")
        changes.end_batch(tx, batch, "empty")
    (page,) = (page.id for one in app.dossiers.get(dossier.id).papers for page in one.pages)
    return dossier.id, paper, page


def test_the_count_follows_the_facts_whatever_changes(tmp_path: Path) -> None:
    dice = random.Random(5)
    with App(tmp_path / "home", "test") as app:
        keeping = Keeping(app.store)
        app.events.subscribe(lambda change: keeping.touch(change.dossiers))
        made = [add(app, number) for number in range(12)]
        seen = set()
        for _ in range(60):
            dossier, paper, page = dice.choice(made)
            match dice.randrange(5):
                case 0:
                    app.dossiers.finish(dossier)
                case 1:
                    app.dossiers.reopen(dossier)
                case 2:
                    app.dossiers.delete(dossier, [page])
                case 3:
                    app.dossiers.restore(dossier, [page])
                case _:
                    bundle = Bundle(page, "b" * 64, 1, 9, datetime.now(UTC))
                    with app.store.transaction() as tx:
                        bundles.put_bundle(tx, paper, bundle)
                        bundles.put_receipt(tx, paper, bundle, "server", "1")
                    app.events.publish(dossier)
            anew = Keeping(app.store)
            assert keeping.count(server=False) == anew.count(server=False)
            assert keeping.count(server=True) == anew.count(server=True)
            assert anew.count(server=False) >= anew.count(server=True)
            assert keeping.count(server=False) == anew.count(server=False)
            seen.add(anew.count(server=False))
        assert len(seen) > 3


def test_what_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    with App(tmp_path / "home", "test") as app:
        keeping = Keeping(app.store)
        one, _, _ = add(app, 1)
        other, _, _ = add(app, 2)
        for dossier in (one, other):
            app.dossiers.finish(dossier)
        assert keeping.count(server=False) == 2
        app.dossiers.reopen(one)
        app.dossiers.reopen(other)
        keeping.touch(frozenset({one}))
        assert keeping.count(server=False) == 1, "nobody said that the other one changed"

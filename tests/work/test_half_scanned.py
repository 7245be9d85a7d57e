"""A scan that breaks off after the clerk was done: half a paper is not sent by itself."""

from __future__ import annotations

import re

from digitizer.app import App
from digitizer.hanging import hanging
from digitizer.model import Dossier
from digitizer.plan import WorkKind, half_scanned, plan
from digitizer.seams import BROKEN
from digitizer.storage import changes
from digitizer.storage.queries import BROKE_OFF
from tests.work.readymade import bundle, fresh, make_ready

SERVER = "opencps test"


def end_anew(app: App, dossier: Dossier, reason: str) -> None:
    """Let the last batch of a dossier's paper have ended otherwise, just now."""
    batch = fresh(app, dossier).live_pages[-1].batch_id
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, reason)
    app.events.publish(dossier.id)
    app.settle()


def uploads(app: App, dossier: Dossier) -> int:
    found = app.dossiers.get(dossier.id)
    return sum(work.kind is WorkKind.UPLOAD for work in plan(found, SERVER))


def is_half(app: App, dossier: Dossier) -> bool:
    return half_scanned(app.dossiers.get(dossier.id), fresh(app, dossier))


def test_what_jams_after_the_clerk_was_done_waits_until_they_are_done_again(
    app: App, dossier: Dossier
) -> None:
    make_ready(app, dossier, "mot")
    app.dossiers.finish(dossier.id)
    assert uploads(app, dossier) == 1
    end_anew(app, dossier, "jam")
    assert is_half(app, dossier)
    assert uploads(app, dossier) == 0
    (one,) = hanging(app.store).interrupted
    assert one.dossier.id == dossier.id
    app.dossiers.finish(dossier.id)
    assert uploads(app, dossier) == 1
    assert hanging(app.store).interrupted == ()


def test_what_jams_before_is_the_clerks_to_judge(app: App, dossier: Dossier) -> None:
    make_ready(app, dossier, "mot")
    end_anew(app, dossier, "jam")
    (one,) = hanging(app.store).interrupted
    assert one.dossier.id == dossier.id, "nobody has said yet that all of it is there"
    app.dossiers.finish(dossier.id)
    assert not is_half(app, dossier)
    assert uploads(app, dossier) == 1
    assert hanging(app.store).interrupted == ()


def test_scanning_on_settles_it(app: App, dossier: Dossier) -> None:
    make_ready(app, dossier, "mot")
    app.dossiers.finish(dossier.id)
    end_anew(app, dossier, "cover")
    assert is_half(app, dossier)
    make_ready(app, dossier, "hai")
    assert not is_half(app, dossier)
    assert uploads(app, dossier) == 1
    assert hanging(app.store).interrupted == ()


def test_a_clerk_who_stops_a_scan_knows_it(app: App, dossier: Dossier) -> None:
    make_ready(app, dossier, "mot")
    app.dossiers.finish(dossier.id)
    end_anew(app, dossier, "cancelled")
    assert not is_half(app, dossier)
    bundle(app, dossier)
    assert uploads(app, dossier) == 1


def test_the_ends_that_nobody_meant_are_those_after_which_sheets_are_put_back() -> None:
    assert set(re.findall(r"'([a-z-]+)'", BROKE_OFF)) == BROKEN - {"cancelled"}

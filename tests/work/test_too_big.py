"""What is too big for the line: how fast it was is remembered, and a paper goes compact, by itself
or on offer. Against a real sandbox."""

from __future__ import annotations

from lineside import made, paper, ready, sent, state, until
from msgspec.structs import replace

from digitizer import sending
from digitizer.app import App
from digitizer.limits import Compacting, Limits
from digitizer.model import Dossier, PaperState, Style
from digitizer.storage import ways


def slow(app: App) -> None:
    """Let the line have been a bad one: a byte a second."""
    assert app.work.server is not None
    with app.store.transaction() as tx:
        ways.note_speed(tx, app.work.server, 1000, 1000.0)


def test_the_speed_of_uploads_is_remembered_and_tells_what_is_too_big(
    app: App, waiting: Dossier
) -> None:
    assert ways.speed(app.store, app.work.server) is None
    ready(app, waiting, size=200_000)
    assert sending.load(app.store, app.work.server, finished_only=False).too_big == 0
    app.sync.start()
    sent(app)
    fast = ways.speed(app.store, app.work.server)
    assert fast is not None
    assert fast > 1000
    slow(app)
    ready(app, waiting, "TP02")
    assert ways.speed(app.store, app.work.server) != fast
    assert ways.speed(app.store, "another") is None


def test_a_paper_too_big_for_the_line_goes_compact_by_itself(app: App, waiting: Dossier) -> None:
    ready(app, waiting)
    app.local.start()
    app.keep_limits(Limits(compact=Compacting.AUTO))
    slow(app)
    assert sending.load(app.store, app.work.server, finished_only=False).too_big == 1
    app.sync.start()
    until(app, lambda: state(app, waiting) is PaperState.SENT)
    after = app.dossiers.get(waiting.id).bundle(paper(app, waiting))
    assert after is not None
    assert paper(app, waiting).way.style is Style.COMPACT
    receipts = paper(app, waiting).receipts
    assert [one.sha256 for one in receipts] == [after.sha256], "the large one never left"
    assert len(app.store.rows("SELECT * FROM sending")) == 1


def test_offered_it_goes_as_it_is_unless_somebody_wants_it_smaller(
    app: App, waiting: Dossier
) -> None:
    mine = ready(app, waiting)
    slow(app)
    speed = ways.speed(app.store, app.work.server)
    dossier = app.dossiers.get(waiting.id)
    assert sending.heavy(dossier, app.limits, speed) == (mine.id,)
    assert sending.heavy(dossier, replace(app.limits, minutes=600), 1e9) == ()
    sending.restyle(app.store, app.events, [mine.id], Style.COMPACT)
    made(app, waiting, "TP01", 50_000)
    dossier = app.dossiers.get(waiting.id)
    assert sending.heavy(dossier, app.limits, speed) == (), "it is as small as it gets"
    sending.restyle(app.store, app.events, [mine.id], None)
    assert paper(app, waiting).way.style is None
    app.sync.start()
    sent(app)
    assert state(app, waiting) is PaperState.SENT

"""The plan: facts in, work out; and the states that the same facts give."""

from __future__ import annotations

from facts import CODE, READING, bundled, dossier, page, paper, received
from msgspec.structs import replace

from digitizer.model import PaperState, Style, Words
from digitizer.plan import Work, WorkKind, plan

SERVER = "opencps http://127.0.0.1 1"


def kinds(works: tuple[Work, ...]) -> list[WorkKind]:
    return [work.kind for work in works]


def test_an_unread_page_is_read_and_nothing_else_is_planned() -> None:
    one = dossier(paper(page(reading=None, words=None)))
    assert plan(one, SERVER) == (Work(WorkKind.READ, f"{1:064x}"),)
    assert one.state(one.papers[0]) is PaperState.WORKING


def test_a_read_page_is_ocred_at_its_final_turn() -> None:
    one = dossier(paper(page(reading=replace(READING, turn=270), turn=180, words=None)))
    assert plan(one, SERVER) == (Work(WorkKind.OCR, f"{1:064x}:90:"),)


def test_a_blank_page_is_not_ocred_but_stays_in_the_bundle() -> None:
    blank = page(2, reading=replace(READING, blank=True), words=None)
    one = dossier(paper(page(1), blank))
    assert kinds(plan(one, SERVER)) == [WorkKind.BUNDLE]
    assert len(one.papers[0].live_pages) == 2


def test_a_paper_is_not_bundled_while_its_batch_is_open_or_partly_unread() -> None:
    assert plan(dossier(paper(page(batch_open=True))), SERVER) == ()
    assert plan(dossier(paper(page(batch_read=False))), SERVER) == ()


def test_the_same_image_twice_is_read_once() -> None:
    twins = (page(1, reading=None), page(2, reading=None, sha256=f"{1:064x}"))
    assert plan(dossier(paper(*twins)), SERVER) == (Work(WorkKind.READ, f"{1:064x}"),)


def test_a_bundle_is_uploaded_once_and_to_the_server_that_is_set() -> None:
    one = bundled(dossier(paper(page())))
    assert plan(one, SERVER) == (Work(WorkKind.UPLOAD, "paper", "b" * 64),)
    done = received(one, SERVER)
    assert plan(done, SERVER) == ()
    assert done.state(done.papers[0]) is PaperState.SENT
    assert kinds(plan(done, "another server")) == [WorkKind.UPLOAD]
    assert plan(one, None) == ()


def test_what_another_server_confirmed_is_not_sent_to_this_one() -> None:
    done = received(bundled(dossier(paper(page()))), "another")
    (first,) = done.papers
    assert done.state(first, SERVER) is PaperState.READY
    assert done.state(first, "another") is done.state(first) is PaperState.SENT


def test_a_sent_paper_without_pages_is_left_behind_where_it_was_sent() -> None:
    done = received(bundled(dossier(paper(page()))), SERVER)
    (first,) = done.papers
    emptied = replace(first, pages=(page(deleted=True),))
    assert not done.left_behind(first, SERVER)
    assert done.left_behind(emptied, SERVER)
    assert not done.left_behind(emptied, "another")
    assert done.state(emptied, SERVER) is PaperState.MISSING


def test_a_local_number_is_never_uploaded() -> None:
    one = bundled(dossier(paper(page()), code=None, local_number=3))
    assert plan(one, SERVER) == ()


def test_any_change_to_the_pages_calls_for_a_new_bundle() -> None:
    one = received(bundled(dossier(paper(page(1), page(2)))), SERVER)
    first = one.papers[0]
    changed = [
        (page(1),),
        (page(2), page(1)),
        (page(1, turn=90), page(2)),
        (page(1), page(2, deleted=True)),
        (page(1), page(2, words=Words("t", "other", 1, 50.0))),
        (page(1), page(2), page(3)),
    ]
    for pages in changed:
        after = replace(one, papers=(replace(first, pages=pages),))
        assert kinds(plan(after, SERVER)) == [WorkKind.BUNDLE], pages
        assert after.state(after.papers[0]) is PaperState.WORKING
    assert kinds(plan(replace(one, code=CODE.replace("0001", "0002")), SERVER)) == [WorkKind.BUNDLE]


def test_an_undone_change_finds_its_old_bundle_and_receipt_again() -> None:
    one = received(bundled(dossier(paper(page(1), page(2)))), SERVER)
    first = one.papers[0]
    turned = replace(one, papers=(replace(first, pages=(page(1, turn=90), page(2))),))
    assert kinds(plan(turned, SERVER)) == [WorkKind.BUNDLE]
    back = replace(turned, papers=(first,))
    assert plan(back, SERVER) == ()


def test_a_page_whose_ocr_gave_up_does_not_hold_its_paper_back() -> None:
    failed = page(1, words=Words("", "", 0, 0.0, failed="program-timeout"))
    assert kinds(plan(dossier(paper(failed)), SERVER)) == [WorkKind.BUNDLE]


def test_a_dossier_without_pages_calls_for_nothing() -> None:
    one = dossier(paper(), paper(page(deleted=True), id="other"))
    assert plan(one, SERVER) == ()
    assert [one.state(p) for p in one.papers] == [PaperState.MISSING, PaperState.MISSING]


def test_another_style_makes_bundles_anew_but_not_those_that_were_received() -> None:
    made = bundled(dossier(paper(page())))
    other = replace(made, style=Style.COMPACT)
    assert kinds(plan(other, SERVER)) == [WorkKind.BUNDLE]
    assert other.fingerprint(other.papers[0]) != made.fingerprint(made.papers[0])
    sent = replace(received(made, SERVER), style=Style.COMPACT)
    assert plan(sent, SERVER) == ()
    assert sent.state(sent.papers[0]) is PaperState.SENT

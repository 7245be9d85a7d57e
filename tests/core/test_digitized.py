"""What counts as digitized, what is missing for it, and which side of a dossier goes on."""

from __future__ import annotations

from facts import bundled, dossier, page, paper, received
from msgspec.structs import replace

from digitizer.digitized import Digitized, Reached, at_result, by_side, digitized
from digitizer.model import Dossier, Paper, PaperKind

SERVER = "opencps http://127.0.0.1 1"


def result(*pages: object, **changes: object) -> Paper:
    return replace(
        paper(*pages),  # type: ignore[arg-type]
        id="result",
        part="KQ01",
        kind=PaperKind.RESULT,
        **changes,  # type: ignore[arg-type]
    )


def sent(*papers: Paper) -> Dossier:
    """A dossier whose first paper is sent."""
    return received(bundled(dossier(*papers)), SERVER)


def test_a_component_that_is_sent_is_enough_where_there_is_no_result_on_paper() -> None:
    done = sent(paper(page()))
    assert digitized(done, SERVER) == Digitized(Reached.THERE, None)
    assert digitized(done, SERVER).counts
    assert not digitized(done, "another").counts, "what another system holds does not count here"


def test_pages_that_are_not_sent_do_not_count_yet() -> None:
    assert digitized(dossier(paper()), SERVER).component is Reached.NOTHING
    assert digitized(dossier(paper(page())), SERVER) == Digitized(Reached.HERE, None)
    assert not digitized(bundled(dossier(paper(page()))), SERVER).counts


def test_a_result_on_paper_has_to_be_there_as_well() -> None:
    lacking = sent(paper(page()), result())
    assert digitized(lacking, SERVER) == Digitized(Reached.THERE, Reached.NOTHING)
    assert not digitized(lacking, SERVER).counts
    alone = sent(result(page()), paper())
    assert digitized(alone, SERVER) == Digitized(Reached.NOTHING, Reached.THERE)
    assert not digitized(alone, SERVER).counts


def test_papers_that_are_neither_count_for_nothing() -> None:
    other = sent(replace(paper(page()), kind=PaperKind.OTHER))
    assert digitized(other, SERVER) == Digitized(Reached.NOTHING, None)


def test_what_the_system_has_not_received_is_not_counted() -> None:
    done = replace(sent(paper(page())), unreceived=True)
    assert digitized(done, SERVER) == Digitized(Reached.THERE, None, received=False)
    assert not digitized(done, SERVER).counts


def test_work_goes_on_at_the_result_once_all_that_was_handed_in_is_sent() -> None:
    optional = replace(paper(), id="optional", part="TP02", required=False)
    done = sent(paper(page()), optional, result())
    assert at_result(done, SERVER)
    assert not at_result(done, "another")
    assert not at_result(sent(paper(page())), SERVER), "there is no result to go on at"


def test_it_does_not_while_something_handed_in_is_missing_or_not_sent() -> None:
    assert not at_result(dossier(paper(), result()), SERVER)
    missing = replace(paper(), id="second", part="TP02")
    assert not at_result(sent(paper(page()), missing, result()), SERVER)
    unsent = replace(paper(page(2)), id="second", part="TP02", required=False)
    assert not at_result(sent(paper(page()), unsent, result()), SERVER)


def test_the_result_comes_last_and_the_rest_keeps_its_order() -> None:
    other = replace(paper(), id="other", kind=PaperKind.OTHER)
    ordered = by_side((paper(), result(), other))
    assert [one.id for one in ordered] == ["paper", "other", "result"]

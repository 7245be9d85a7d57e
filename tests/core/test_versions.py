"""What follows of a conflict and its decisions: pure facts, no server."""

from __future__ import annotations

import pytest
from facts import MOMENT, bundled, dossier, page, paper, received
from msgspec.structs import replace

from digitizer.digitized import Reached, digitized
from digitizer.model import Dossier, Paper
from digitizer.plan import Work, WorkKind, plan
from digitizer.procedure.port import StoredFile
from digitizer.versions import Choice, Conflict, Kind, key_of, replaceable
from digitizer.work.there import Meets, meets

SERVER = "opencps"
OURS = "b" * 64
UPLOAD = Work(WorkKind.UPLOAD, "paper", OURS)


def conflict(
    kind: Kind = Kind.CHANGED,
    choice: Choice | None = None,
    *,
    ours: str = OURS,
    server: str = SERVER,
) -> Conflict:
    theirs = "7" * 64 if kind in (Kind.CHANGED, Kind.OTHER) else ""
    ref = "their-key" if kind is Kind.OTHER else ""
    return Conflict(1, kind, server, ours, theirs, ref, "", MOMENT, choice)


def met(*conflicts: Conflict, **changes: object) -> Dossier:
    """A dossier whose one paper is bundled, and met these."""
    made = bundled(dossier(paper(page(), **changes)))
    return replace(made, papers=(replace(made.papers[0], conflicts=conflicts),))


def first(one: Dossier) -> Paper:
    return one.papers[0]


@pytest.mark.parametrize(
    ("one", "sent"),
    [
        (conflict(), False),
        (conflict(choice=Choice.THEIRS), False),
        (conflict(choice=Choice.MINE), True),
        (conflict(choice=Choice.BOTH), True),
        (conflict(ours="another version"), True),
        (conflict(server="another server"), True),
    ],
)
def test_what_is_undecided_or_decided_for_theirs_is_not_sent(one: Conflict, sent: bool) -> None:
    assert plan(met(one), SERVER) == ((UPLOAD,) if sent else ())


def test_every_conflict_of_a_version_has_to_be_decided() -> None:
    both = met(conflict(choice=Choice.MINE), conflict(Kind.CLOSED))
    assert plan(both, SERVER) == ()
    undecided = both.undecided(first(both), SERVER)
    assert undecided is not None
    assert undecided.kind is Kind.CLOSED


def test_a_key_changes_only_by_a_decision_and_always_to_the_same() -> None:
    assert key_of("paper", (), SERVER) == "paper"
    assert key_of("paper", (conflict(choice=Choice.MINE),), SERVER) == "paper"
    assert key_of("paper", (conflict(Kind.OTHER, Choice.MINE),), SERVER) == "their-key"
    assert key_of("paper", (conflict(Kind.OTHER, Choice.MINE),), "another") == "paper"
    beside = key_of("paper", (conflict(choice=Choice.BOTH),), SERVER)
    assert beside not in ("paper", "their-key")
    assert beside == key_of("paper", (conflict(choice=Choice.BOTH),), SERVER)


def test_only_what_was_decided_for_ours_may_be_replaced() -> None:
    assert replaceable((conflict(choice=Choice.MINE),), SERVER) == {"7" * 64}
    for choice in (None, Choice.THEIRS, Choice.BOTH):
        assert replaceable((conflict(choice=choice),), SERVER) == frozenset()


def file(key: str, part: str = "TP01", size: int = 9) -> StoredFile:
    return StoredFile(key, part, "Tờ khai", size, "")


def found(one: Dossier, *files: StoredFile) -> list[Meets]:
    return list(meets(one, first(one), SERVER, files))


def test_what_a_paper_meets_is_told_by_facts_alone() -> None:
    assert found(met()) == []
    assert found(met(), file("paper"), file("x", "TP02"), file("y", size=0)) == []
    assert found(met(), file("x")) == [Meets(Kind.OTHER, "x", "Tờ khai")]
    assert found(met(multiple=True), file("x")) == []
    assert found(met(dropped=True)) == [Meets(Kind.DROPPED)]
    closed = replace(met(), ended=True, status="done")
    assert found(closed) == [Meets(Kind.CLOSED, word="done")]


def test_what_was_decided_for_ours_is_not_met_again() -> None:
    assert found(met(conflict(Kind.DROPPED, Choice.MINE), dropped=True)) == []
    assert found(met(conflict(Kind.OTHER, Choice.MINE)), file("their-key")) == []
    assert found(met(conflict(Kind.OTHER, Choice.THEIRS)), file("their-key")) != []


def test_a_file_that_is_there_counts_whoever_put_it() -> None:
    assert digitized(met(), SERVER).component is Reached.HERE
    assert digitized(met(elsewhere=1), SERVER).component is Reached.THERE
    assert digitized(met(conflict(choice=Choice.THEIRS)), SERVER).component is Reached.THERE
    assert digitized(met(conflict(Kind.CLOSED, Choice.THEIRS)), SERVER).component is Reached.HERE


def test_a_new_title_leaves_what_was_received_as_it_is() -> None:
    sent = received(met(), SERVER)
    renamed = replace(sent, papers=(replace(first(sent), title="Mới", sent_title="Tờ khai"),))
    assert plan(renamed, SERVER) == ()
    unsent = replace(met(), papers=(replace(first(met()), title="Mới"),))
    assert [work.kind for work in plan(unsent, SERVER)] == [WorkKind.BUNDLE]


def test_a_paper_the_list_lost_is_listed_only_while_something_is_in_it() -> None:
    empty = dossier(paper(dropped=True))
    assert empty.listed == ()
    assert met(dropped=True).listed != ()

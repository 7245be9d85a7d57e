"""What is signed here, as facts: what goes out, what waits for a signature, what stays good."""

from __future__ import annotations

import pytest
from facts import MOMENT, bundled, dossier, page, paper, received
from msgspec.structs import replace

from digitizer import signingrules
from digitizer.model import (
    Dossier,
    Look,
    Origin,
    PaperState,
    Receipt,
    Signature,
    Signed,
    SignedVersion,
    Standing,
    Style,
)
from digitizer.plan import Work, WorkKind, plan
from digitizer.sending import may_be_compact
from digitizer.signingrules import NONE, CopyKind, KeyKind, Rules
from digitizer.versions import Choice, Conflict, Kind

SERVER = "opencps http://127.0.0.1 1"
UNSIGNED, FIRST, SECOND = "b" * 64, "c" * 64, "d" * 64


def version(sha256: str, look: Look = Look.PERSONAL, number: int = 1) -> SignedVersion:
    return SignedVersion(
        number, UNSIGNED, sha256, 1500, look, None, "Nguyễn Văn Ánh", "", "e" * 64, False, False,
        MOMENT,
    )  # fmt: skip


def signed(one: Dossier, *versions: SignedVersion) -> Dossier:
    first = one.papers[0]
    return replace(one, papers=(replace(first, signings=versions), *one.papers[1:]))


def sent(one: Dossier, sha256: str) -> Dossier:
    first = one.papers[0]
    receipt = Receipt(first.bundles[0].fingerprint, sha256, SERVER, "ref", MOMENT)
    return replace(one, papers=(replace(first, receipts=(receipt,)),))


READY = bundled(dossier(paper(page())))
ASKED = replace(READY, sign_first=Look.PERSONAL)


def test_the_newest_signed_version_is_what_goes_out() -> None:
    one = signed(READY, version(FIRST), version(SECOND, Look.COPY, 2))
    assert plan(one, SERVER) == (Work(WorkKind.UPLOAD, "paper", SECOND),)
    (first,) = one.papers
    going, made = one.outgoing(first), one.bundle(first)
    assert going and made
    assert (going.sha256, going.bytes, made.sha256) == (SECOND, 1500, UNSIGNED)
    assert going.fingerprint == made.fingerprint


def test_what_must_be_signed_first_waits_for_that_and_is_not_sent() -> None:
    assert plan(ASKED, SERVER) == (Work(WorkKind.SIGN, "paper", UNSIGNED),)
    assert plan(ASKED, None) == (Work(WorkKind.SIGN, "paper", UNSIGNED),), "whoever it goes to"
    assert plan(signed(ASKED, version(FIRST)), SERVER) == (Work(WorkKind.UPLOAD, "paper", FIRST),)
    assert plan(signed(ASKED, version(FIRST)), None) == ()


def test_another_signature_than_was_asked_for_is_not_enough() -> None:
    one = signed(replace(READY, sign_first=Look.COPY), version(FIRST))
    assert plan(one, SERVER) == (Work(WorkKind.SIGN, "paper", FIRST),)


@pytest.mark.parametrize("held", ["withheld", "local", "stack"])
def test_what_is_not_to_be_sent_waits_for_no_signature(held: str) -> None:
    one = ASKED
    first = one.papers[0]
    if held == "withheld":
        one = replace(one, papers=(replace(first, way=replace(first.way, withheld=True)),))
    elif held == "stack":
        one = replace(one, papers=(replace(first, pages=(page(held=True),)),))
    else:
        local = replace(one, code=None, local_number=3)
        one = bundled(replace(local, papers=(replace(first, bundles=()),)))
    assert plan(one, SERVER) == ()


def test_what_was_received_unsigned_stays_when_the_rule_comes_later() -> None:
    one = replace(received(READY, SERVER), sign_first=Look.PERSONAL)
    assert plan(one, SERVER) == ()
    assert one.state(one.papers[0]) is PaperState.SENT


def test_signing_what_was_received_sends_the_signed_version_in_its_place() -> None:
    one = signed(received(READY, SERVER), version(FIRST))
    assert plan(one, SERVER) == (Work(WorkKind.UPLOAD, "paper", FIRST),)
    done = sent(one, FIRST)
    assert plan(done, SERVER) == ()
    receipt = done.receipt(done.papers[0], SERVER)
    assert receipt is not None
    assert receipt.sha256 == FIRST


def test_a_conflict_is_one_of_the_version_that_met_it() -> None:
    def met(sha256: str) -> Dossier:
        conflict = Conflict(1, Kind.CLOSED, SERVER, sha256, "", "", "done", MOMENT, Choice.THEIRS)
        one = signed(READY, version(FIRST))
        return replace(one, papers=(replace(one.papers[0], conflicts=(conflict,)),))

    assert plan(met(FIRST), SERVER) == ()
    assert plan(met(UNSIGNED), SERVER) == (Work(WorkKind.UPLOAD, "paper", FIRST),)


def test_a_paper_that_came_signed_is_passed_on_as_it_is() -> None:
    origin = page().sha256
    first = ASKED.papers[0]
    found = Signed((Signature("Ai", None, Standing.VALID),), pdfa=True)
    whole = replace(
        first,
        pages=(page(origin=Origin(origin, 1, 1)),),
        signed=((origin, found),),
        bundles=(),
    )
    one = bundled(replace(ASKED, papers=(whole,)))
    assert one.papers[0].signatures
    assert plan(one, SERVER) == (Work(WorkKind.UPLOAD, "paper", UNSIGNED),)


def test_a_signed_bundle_is_not_made_anew_for_a_style_nor_offered_to_be() -> None:
    one = signed(replace(READY, style=Style.COMPACT), version(FIRST))
    assert plan(one, SERVER) == (Work(WorkKind.UPLOAD, "paper", FIRST),)
    assert not may_be_compact(signed(READY, version(FIRST)), one.papers[0])
    assert may_be_compact(READY, READY.papers[0])


def test_a_page_that_is_turned_calls_for_a_new_bundle_and_its_undo_finds_the_signature() -> None:
    one = signed(ASKED, version(FIRST))
    first = one.papers[0]
    turned = replace(one, papers=(replace(first, pages=(page(turn=90),)),))
    assert [work.kind for work in plan(turned, SERVER)] == [WorkKind.BUNDLE]
    assert turned.signed(turned.papers[0]) == ()
    assert plan(replace(turned, papers=(first,)), SERVER) == plan(one, SERVER)


def test_rules_are_read_as_they_were_written() -> None:
    made = Rules(
        Look.COPY, Look.COPY, CopyKind.TRICH_SAO, KeyKind.TOKEN, "/usr/lib/token.so", "Văn thư",
        "2A00F1", "https://tsa.example.vn/ts", "UBND xã Tân Lập", 30,
    )  # fmt: skip
    assert Rules.of(made.settings()) == made
    assert Rules.of({}) == signingrules.UNSIGNED
    assert Rules.of(Rules().settings()) == signingrules.UNSIGNED
    assert not Rules().used


def test_the_signature_that_is_asked_for_is_the_one_that_is_made() -> None:
    said = {signingrules.BEFORE: "copy", signingrules.LOOK: "personal"}
    assert Rules.of(said).look is Look.COPY
    assert Rules.of({**said, signingrules.BEFORE: NONE}).look is Look.PERSONAL


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (signingrules.BEFORE, "seal"),
        (signingrules.KEY, "cloud"),
        (signingrules.LOOK, ""),
        (signingrules.COPY, "sao"),
        (signingrules.IDLE, 0),
        (signingrules.IDLE, True),
        (signingrules.IDLE, 10_000),
        (signingrules.IDLE, "0000000150"),
        (signingrules.TIMESTAMPS, "ftp://tsa"),
        (signingrules.TIMESTAMPS, "http://user:word@tsa"),
        (signingrules.TIMESTAMPS, "http://["),
        (signingrules.AGENCY, "UBND\nxã"),
        (signingrules.WHERE, "x" * 401),
    ],
)
def test_what_no_rule_can_be_counts_as_not_set(name: str, value: object) -> None:
    assert not signingrules.fits(name, value)
    assert Rules.of({name: str(value)}) in (signingrules.UNSIGNED, Rules(idle=15))

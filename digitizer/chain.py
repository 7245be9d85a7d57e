"""PURE: the lines of the audit record, their names, and the hash that chains them.

A line says who did what to which page, paper or dossier, by ids, hashes and codes alone: never what
a page holds, never a citizen's name, number or address. Used by the store, which writes lines, and
by whoever reads, exports or checks them. Knows no database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

NOTHING_BEFORE = "0" * 64
"""What stands in the first line for the hash of the line before it."""


class Act(StrEnum):
    """What was done. The values are kept for ever: they stand in homes and in exported files."""

    RECORD_BEGUN = "record.begun"
    HOME_UPGRADED = "home.upgraded"
    ENCRYPTION_BEGUN = "encryption.begun"  # the home is being encrypted from here on
    ENCRYPTION_DONE = "encryption.done"
    ENCRYPTION_ENDING = "encryption.ending"
    ENCRYPTION_ENDED = "encryption.ended"
    ENCRYPTION_CUSTODY = "encryption.custody"  # somebody else holds its key, or by another word
    ENCRYPTION_RECOVERED = "encryption.recovered"  # it was opened with the recovery key
    ENCRYPTION_RECOVERY_KEY = "encryption.recovery-key"  # there is another one
    DOSSIER_OPENED = "dossier.opened"
    DOSSIER_BOUND = "dossier.bound"
    DOSSIER_UNBOUND = "dossier.unbound"
    DOSSIER_MERGED = "dossier.merged"
    DOSSIER_DESCRIBED = "dossier.described"
    DOSSIER_FINISHED = "dossier.finished"
    DOSSIER_REOPENED = "dossier.reopened"
    DOSSIER_CLOSED = "dossier.closed"  # at the server: ended, or open again
    DOSSIER_ASKED = "dossier.asked"  # the server is asked to begin it
    DOSSIER_ASKED_NO_MORE = "dossier.asked-no-more"
    DOSSIER_EXPORTED = "dossier.exported"
    DOSSIER_RECEIVED = "dossier.received"  # a file of it, from another desk
    PAPER_ADDED = "paper.added"
    PAPER_CHANGED = "paper.changed"
    PAPER_HELD = "paper.held"
    PAPER_RELEASED = "paper.released"
    PAPER_STYLED = "paper.styled"
    PAPER_REUSED = "paper.reused"
    PAPER_REUSED_NO_MORE = "paper.reused-no-more"
    PAPER_BUNDLED = "paper.bundled"
    PAPER_SENT = "paper.sent"
    PAPER_CONFIRMED = "paper.confirmed"
    PAPER_UNCONFIRMED = "paper.unconfirmed"  # a receipt does not hold any more
    PAPER_COUNTED = "paper.counted"  # the server was told how many it has
    PAPER_SIGNED = "paper.signed"
    PAPER_SIGNATURE_WITHDRAWN = "paper.signature-withdrawn"
    CONFLICT_FOUND = "conflict.found"
    CONFLICT_DECIDED = "conflict.decided"
    SCAN_BEGUN = "scan.begun"
    SCAN_ENDED = "scan.ended"
    SCAN_RESUMED = "scan.resumed"
    SCAN_LED = "scan.led"  # what is still to come of it goes into another paper
    PAGE_SAVED = "page.saved"
    PAGE_MOVED = "page.moved"
    PAGE_LEFT = "page.left"  # it was moved into another dossier
    PAGE_ORDERED = "page.ordered"
    PAGE_TURNED = "page.turned"
    PAGE_CROPPED = "page.cropped"
    PAGE_DELETED = "page.deleted"
    PAGE_RESTORED = "page.restored"
    PAGE_SEPARATES = "page.separates"  # it is, or is no longer, a side of a separator sheet
    PAGE_KEPT = "page.kept"  # it looks like the one before it, and is wanted all the same
    PAGE_SEEN = "page.seen"
    PAGE_REREAD = "page.reread"
    ORIGINAL_KEPT = "original.kept"
    STACK_OPENED = "stack.opened"
    STACK_ACCEPTED = "stack.accepted"
    STACK_TAKEN_BACK = "stack.taken-back"
    FILE_ASKED = "file.asked"  # the same bytes again: take them?
    FILE_ANSWERED = "file.answered"
    MARKING_FOUND = "marking.found"  # a page may be a state secret
    MARKING_DECIDED = "marking.decided"
    COPIES_ASKED = "copies.asked"  # to be removed, at once or when their time comes
    COPIES_ASKED_NO_MORE = "copies.asked-no-more"
    COPIES_REMOVED = "copies.removed"
    COPIES_KEPT = "copies.kept"
    COPIES_KEPT_NO_MORE = "copies.kept-no-more"
    SETTING_CHANGED = "setting.changed"
    PROFILE_KEPT = "profile.kept"
    PROFILE_CHANGED = "profile.changed"
    PROFILE_REMOVED = "profile.removed"
    CLERK_ADDED = "clerk.added"
    CLERK_CHANGED = "clerk.changed"
    CLERK_REMOVED = "clerk.removed"
    CLERK_SEATED = "clerk.seated"
    WEB_ANSWERED = "web.answered"
    WEB_ASKED = "web.asked"
    WEB_GIVEN = "web.given"
    ROW_ADDED = "row.added"  # of a table without words of its own
    ROW_CHANGED = "row.changed"
    ROW_REMOVED = "row.removed"


class Door(StrEnum):
    """The way by which an act came in. A command's own name follows ``command``."""

    WINDOW = "window"
    COMMAND = "command"
    WATCH = "watch"
    WEB = "web"
    LANE = "lane"
    SERVER = "server"  # what the procedure system said was taken over
    RECOVERY = "recovery"
    POLICY = "policy"  # the administrator's file
    START = "start"


BY_ITSELF = frozenset({Door.LANE, Door.SERVER, Door.RECOVERY, Door.POLICY, Door.START})
"""Doors through which nobody comes: the program does it by itself."""
PROGRAM = "program"
"""Who did it where nobody did."""


class Line(Struct, frozen=True):
    """One line of the record.

    Attributes:
        seq: Its number: 1, 2, 3 … without a gap.
        at: When, as the store writes moments.
        who: ``clerk <id>``, ``user <the operating system's name>`` or ``program``.
        door: A ``Door``; of a command with its name behind it.
        act: An ``Act``; a newer version may know others.
        dossier: The id of the dossier it was done to; empty: to none.
        subject: The id of the page, paper, scan …, or the name of a setting.
        detail: What else there is to say: texts and whole numbers by name.
        before: The hash of the line before it.
        hash: Its own.
    """

    seq: int
    at: str
    who: str
    door: str
    act: str
    dossier: str
    subject: str
    detail: Mapping[str, Any]
    before: str
    hash: str

    def to_json(self) -> dict[str, Any]:
        """Return all of it, as it is exported."""
        return {**_words(self), "hash": self.hash}


def _words(line: Line) -> dict[str, Any]:
    names = ("seq", "at", "who", "door", "act", "dossier", "subject", "before")
    return {**{name: getattr(line, name) for name in names}, "detail": dict(line.detail)}


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, ASCII alone."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def hash_of(line: Line) -> str:
    """Return the SHA-256 of a line's canonical JSON without its own hash."""
    return hashlib.sha256(canonical(_words(line)).encode()).hexdigest()


def from_json(value: Any) -> Line | None:
    """Return the line that ``to_json`` gave; None where it is none."""
    texts = {"at", "who", "door", "act", "dossier", "subject", "before", "hash"}
    if not isinstance(value, dict) or type(value.get("seq")) is not int:
        return None
    if not all(isinstance(value.get(name), str) for name in texts):
        return None
    if set(value) != {*texts, "seq", "detail"} or not isinstance(value["detail"], dict):
        return None
    return Line(**value)


class Break(Struct, frozen=True):
    """A place where the record is not whole: the number of the line, and what is wrong there."""

    seq: int
    what: str


def breaks(lines: Iterable[Line], after: int = 0, before: str | None = None) -> Iterator[Break]:
    """Yield every place where lines do not follow from each other.

    Args:
        lines: In order.
        after: The number of the line before the first.
        before: The hash of that line; None: it is not known, as in the middle of a record.
    """
    if before is None and after == 0:
        before = NOTHING_BEFORE
    for line in lines:
        if line.seq != after + 1:
            yield Break(line.seq, f"it follows line {after}")
        elif before is not None and line.before != before:
            yield Break(line.seq, "it does not follow from the line before it")
        if hash_of(line) != line.hash:
            yield Break(line.seq, "its words are not those that its hash was made of")
        after, before = line.seq, line.hash

"""Two versions of one paper: where what is here met what the server has, and what the clerk said.

Frozen values and the rules on them. PURE. Part of ``digitizer.model``; a conflict is a fact, a
decision another, and what follows of them is derived.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What was met at the server."""

    CHANGED = "changed"  # the file we put there holds bytes that this machine never sent
    OTHER = "other"  # another desk's file is there, and the component takes one
    CLOSED = "closed"  # the dossier was closed or withdrawn
    DROPPED = "dropped"  # the procedure's list no longer has the component


class Choice(StrEnum):
    """What the clerk decided. Both versions are kept here, whatever it is."""

    MINE = "mine"  # ours takes its place, or goes there all the same
    THEIRS = "theirs"  # what is there stays; ours is not sent
    BOTH = "both"  # ours goes there beside it


class Conflict(Struct, frozen=True):
    """A version of a paper that met something else at the server.

    Attributes:
        server: The procedure system.
        ours: Hash of our bundle; another version meets it anew.
        theirs: Hash of the other version, in the vault; empty where there is none.
        ref: The other file's key there.
        word: What the server calls it: the other file's name, or the dossier's status.
        choice: What was decided last, or None.
        decided_at: When.
    """

    id: int
    kind: Kind
    server: str
    ours: str
    theirs: str
    ref: str
    word: str
    found_at: datetime
    choice: Choice | None = None
    decided_at: datetime | None = None

    def choices(self, *, multiple: bool) -> tuple[Choice, ...]:
        """Return what can be decided; ``multiple``: the component takes several files."""
        if self.kind is Kind.CHANGED and multiple:
            return tuple(Choice)
        return Choice.MINE, Choice.THEIRS


def about(
    conflicts: Iterable[Conflict], version: str, server: str | None = None
) -> tuple[Conflict, ...]:
    """Return the conflicts of one version of ours (at ``server``; None: at any)."""
    return tuple(c for c in conflicts if c.ours == version and server in (None, c.server))


def undecided(conflicts: Iterable[Conflict]) -> Conflict | None:
    """Return the first conflict that nobody has decided, or None."""
    return next((c for c in conflicts if c.choice is None), None)


def held_back(conflicts: Iterable[Conflict]) -> bool:
    """Tell whether a version is not to be sent: undecided, or theirs was preferred."""
    return any(c.choice in (None, Choice.THEIRS) for c in conflicts)


def decided_for_theirs(conflicts: Iterable[Conflict]) -> bool:
    """Tell whether a version stays here because theirs was preferred, and nothing is to decide."""
    found = tuple(conflicts)
    return undecided(found) is None and any(c.choice is Choice.THEIRS for c in found)


def key_of(paper_id: str, conflicts: Iterable[Conflict], server: str) -> str:
    """Return the key that a paper's file has at ``server``, by what was decided last.

    Ours in the place of another desk's file takes over its key; ours beside one that was changed
    takes a new one, the same however often it is asked for.
    """
    key = paper_id
    for one in conflicts:
        if one.server != server:
            continue
        if (one.kind, one.choice) == (Kind.OTHER, Choice.MINE):
            key = one.ref
        elif (one.kind, one.choice) == (Kind.CHANGED, Choice.BOTH):
            key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{paper_id}#{one.theirs}"))
    return key


def replaceable(conflicts: Iterable[Conflict], server: str) -> frozenset[str]:
    """Return the hashes of other versions at ``server`` that ours may take the place of."""
    return frozenset(
        c.theirs for c in conflicts if c.server == server and c.choice is Choice.MINE and c.theirs
    )

"""How it is said which line of the audit record a change of facts makes (``audited``).

In the SQL of a rule ``@`` stands for ``new`` (``old`` where a row goes). PURE.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from digitizer.chain import Act


class Event(StrEnum):
    """When a rule holds."""

    CAME = "AFTER INSERT"
    COMING = "BEFORE INSERT"  # also where the new row takes the place of an old one
    CHANGED = "AFTER UPDATE"
    WENT = "AFTER DELETE"


class Rule(Struct, frozen=True):
    """What one kind of change is called, and what its line says.

    Attributes:
        event: When.
        act: The line's act.
        of: The columns one of which is another now; for ``CHANGED`` alone.
        when: SQL that has to be true as well.
        subject, dossier: SQL, where they are other than the table's.
        detail: SQL by name; what is NULL is left out.
        names: The detail ``changed`` names the columns of ``of`` that are others now.
    """

    event: Event
    act: Act
    of: tuple[str, ...] = ()
    when: str = ""
    subject: str = ""
    dossier: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    names: bool = False


class Table(Struct, frozen=True):
    """The rules of one table.

    Attributes:
        subject, dossier: SQL for what its lines are about, and the dossier of that ('' = none).
        rules: Whatever none of them covers is recorded under a general name.
        quiet: Columns whose change makes no line, and why.
        proven: The column that the subject of the line of every row that came is equal to: a row
            without such a line was not written by this program. Empty: that is not looked at.
    """

    subject: str
    dossier: str
    rules: tuple[Rule, ...]
    quiet: Mapping[str, str] = field(default_factory=dict)
    proven: str = ""

    @property
    def came(self) -> Act:
        """Return what the line of a new row is called."""
        return next(rule.act for rule in self.rules if rule.event is Event.CAME)


def came(act: Act, *, when: str = "", subject: str = "", **detail: str) -> Rule:
    """A row came."""
    return Rule(Event.CAME, act, (), when, subject, "", detail)


def changed(act: Act, *of: str, when: str = "", dossier: str = "", **detail: str) -> Rule:
    """One of these columns is another now."""
    return Rule(Event.CHANGED, act, of, when, "", dossier, detail)


def named(act: Act, *of: str, **detail: str) -> Rule:
    """The same; the line names which of them."""
    return Rule(Event.CHANGED, act, of, detail=detail, names=True)


def went(act: Act, *, when: str = "", subject: str = "", **detail: str) -> Rule:
    """A row went."""
    return Rule(Event.WENT, act, (), when, subject, "", detail)


def of_paper(paper: str) -> str:
    """SQL for the id of the dossier of a paper."""
    return f"(SELECT dossier_id FROM paper WHERE id = {paper})"  # noqa: S608 - our own words

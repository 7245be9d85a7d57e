"""What is known of a page's being a state secret, as the commands print it."""

from __future__ import annotations

from typing import Any

from digitizer import clearance
from digitizer.counted import counted
from digitizer.model import Page
from digitizer.secrecy import Decision, Mark, Secrecy


def of_page(page: Page) -> dict[str, Any]:
    """Return what is known of a page: whether it was looked at, what it bears, what was said."""
    return {
        "looked": clearance.looked(page),
        "state": _state(page.secrecy),
        "marks": [_marked(mark) for mark in page.secrecy.marks],
        "decision": decided(page.secrecy.decision) if page.secrecy.decision else None,
    }


def _state(known: Secrecy) -> str | None:
    if known.confirmed:
        return "secret"
    if known.undecided:
        return "undecided"
    return "not-secret" if known.decision else None


def _marked(mark: Mark) -> dict[str, Any]:
    return {**mark.to_json(), "box": mark.box.to_json() if mark.box else None}


def decided(one: Decision) -> dict[str, Any]:
    """Return a decision about a page."""
    levels = sorted(level.value for level in one.levels)
    return {"secret": one.secret, "of": levels, "by": one.by or None, "at": one.at.isoformat()}


def stopped(number: int) -> str:
    """Return what stands behind a command's own line where so many dossiers are stopped."""
    if not number:
        return ""
    dossiers = counted(number, "dossier is", "dossiers are")
    return f"; {dossiers} stopped by the marking of a state secret: 'digitizer secret list'"

"""Which line of the audit record changes of a desk's own facts make: its stacks, settings, scan
profiles, clerks, web pages, and what it was asked about files. Part of ``audited``.
"""

from __future__ import annotations

from digitizer.chain import Act
from digitizer.storage.auditrules import Event, Rule, Table, came, changed, named, of_paper, went

TOLD = (
    "bridge.origins",
    "bridge.scan",
    "bundle.style",
    "local.pace",
    "server.auth",
    "server.group",
    "server.kind",
    "server.url",
    "sync.compact",
    "sync.hours",
    "sync.kbits",
    "sync.marks",
    "sync.minutes",
    "window.colours",
    "window.language",
    "window.text",
)
"""Settings whose value stands in the record; of any other it says only that it was changed."""
_TOLD = "iif(@.name IN ({}), @.value, NULL)".format(", ".join(f"'{name}'" for name in TOLD))
_TO_TELL = """@.name <> 'clerk.now' AND @.name NOT LIKE 'dossier.begun.%'
    AND @.name NOT LIKE 'profile.last.%'"""
"""Not told: who sits down (told as such), which dossiers pages began (their own lines do), which
profile somebody used last."""
_ANOTHER = "NOT EXISTS (SELECT 1 FROM setting WHERE name = new.name AND value = new.value)"

DESK: dict[str, Table] = {
    "stack": Table(
        "@.id",
        "''",
        (
            came(Act.STACK_OPENED),
            changed(Act.STACK_ACCEPTED, "accepted_at", when="new.accepted_at IS NOT NULL"),
            changed(Act.STACK_TAKEN_BACK, "accepted_at", when="new.accepted_at IS NULL"),
        ),
        {
            "finished": "remembers which dossiers accepting it finished; they have their lines",
            "accepted_by": "the line of accepting says who",
        },
        proven="id",
    ),
    "question": Table(
        "@.sha256",
        "''",
        (
            came(Act.FILE_ASKED, answer="@.answer"),
            changed(Act.FILE_ANSWERED, "answer", answer="new.answer"),
        ),
        {"settled_at": "that the answer was followed; pages that came of it have their lines"},
    ),
    "setting": Table(
        "@.name",
        "''",
        (
            Rule(
                Event.COMING,
                Act.CLERK_SEATED,
                when=f"new.name = 'clerk.now' AND {_ANOTHER}",
                subject="new.value",
            ),
            Rule(
                Event.COMING,
                Act.SETTING_CHANGED,
                when=f"{_TO_TELL} AND {_ANOTHER}",
                detail={"value": _TOLD},
            ),
            changed(Act.SETTING_CHANGED, "value", when=_TO_TELL, value=_TOLD),
            went(Act.CLERK_SEATED, when="old.name = 'clerk.now'", subject="''"),
            went(Act.SETTING_CHANGED, when=_TO_TELL, removed="1"),
        ),
    ),
    "profile": Table(
        "@.position",
        "''",
        (
            came(Act.PROFILE_KEPT, dpi="@.dpi", mode="@.mode"),
            named(
                Act.PROFILE_CHANGED,
                "name",
                "device",
                "source",
                "both_sides",
                "dpi",
                "mode",
                "width_mm",
                "height_mm",
                "double_feed",
                "wait",
                "below_floor",
                "position",
                dpi="new.dpi",
                mode="new.mode",
            ),
            went(Act.PROFILE_REMOVED),
        ),
    ),
    "clerk": Table(
        "@.id",
        "''",
        (
            came(Act.CLERK_ADDED),
            named(Act.CLERK_CHANGED, "name", "account"),
            changed(Act.CLERK_REMOVED, "removed_at"),
        ),
        proven="id",
    ),
    "consent": Table("@.origin", "''", (came(Act.WEB_ANSWERED, answer="@.answer"),)),
    "web_scan": Table(
        "@.paper_id",
        of_paper("@.paper_id"),
        (
            came(Act.WEB_ASKED, origin="@.origin"),
            changed(Act.WEB_GIVEN, "given", sha256="nullif(new.given, '')"),
        ),
        {"given_at": "comes with 'given'"},
        proven="paper_id",
    ),
}
"""What is recorded of each of these tables."""

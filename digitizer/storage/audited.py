"""Which line of the audit record each change of facts makes: a table of tables, and nothing else.

``digitizer.storage.audit`` makes triggers of it. A table that is not named here is recorded row by
row under general names, so that a new one cannot be forgotten; one that holds no facts is named as
a cache, with the reason.

No line holds what somebody typed or what a page says: no name, title, path or account, and a value
only of the settings that are named.
"""

from __future__ import annotations

from digitizer.chain import Act
from digitizer.storage.auditeddesk import DESK
from digitizer.storage.auditrules import Table, came, changed, named, of_paper, went

_OF_BATCH = """(SELECT paper.dossier_id FROM batch JOIN paper ON paper.id = batch.paper_id
    WHERE batch.id = @.batch_id)"""
_OF_CONFLICT = """(SELECT paper.dossier_id FROM conflict JOIN paper ON paper.id = conflict.paper_id
    WHERE conflict.id = @.conflict_id)"""

TABLES: dict[str, Table] = {
    "dossier": Table(
        "@.id",
        "@.id",
        (
            came(
                Act.DOSSIER_OPENED,
                code="@.code",
                number="@.local_number",
                procedure="nullif(@.procedure_code, '')",
            ),
            changed(Act.DOSSIER_BOUND, "code", when="new.code IS NOT NULL", code="new.code"),
            changed(Act.DOSSIER_UNBOUND, "code", when="new.code IS NULL", code="old.code"),
            changed(Act.DOSSIER_MERGED, "merged_into", into="new.merged_into"),
            changed(Act.DOSSIER_FINISHED, "finished_at", when="new.finished_at IS NOT NULL"),
            changed(Act.DOSSIER_REOPENED, "finished_at", when="new.finished_at IS NULL"),
            changed(Act.DOSSIER_CLOSED, "ended", ended="new.ended"),
            named(
                Act.DOSSIER_DESCRIBED,
                "procedure_code",
                "procedure_name",
                "holder",
                "template",
                procedure="nullif(new.procedure_code, '')",
            ),
        ),
        {
            "server_ref": "the server's key, found again by the code",
            "status": "the server's own word, fetched again; 'ended' is what counts of it",
            "received_at": "the server's, fetched again",
            "due_at": "the server's, fetched again",
            "finished_by": "the line of finishing says who",
            "removed_at": "the removal has its line",
        },
        proven="id",
    ),
    "paper": Table(
        "@.id",
        "@.dossier_id",
        (
            came(Act.PAPER_ADDED, part="@.part", copy="@.copy", kind="@.kind"),
            changed(Act.PAPER_ADDED, "id", was="old.id", part="new.part"),
            named(
                Act.PAPER_CHANGED,
                "part",
                "copy",
                "title",
                "kind",
                "required",
                "multiple",
                "file_template",
                "dropped_at",
                "dossier_id",
                part="new.part",
            ),
        ),
        {
            "position": "where the list shows it",
            "removed_at": "the removal has its line",
            "sent_title": "remembers a title that the list renamed; the renaming has its line",
        },
        proven="id",
    ),
    "batch": Table(
        "@.id",
        of_paper("@.paper_id"),
        (
            came(Act.SCAN_BEGUN, paper="@.paper_id", device="@.device"),
            changed(
                Act.SCAN_ENDED, "ended_at", when="new.ended_at IS NOT NULL", reason="new.reason"
            ),
            changed(Act.SCAN_RESUMED, "ended_at", when="new.ended_at IS NULL"),
            changed(Act.SCAN_LED, "paper_id", "stack", paper="new.paper_id", stack="new.stack"),
        ),
        {
            "reason": "comes and goes with 'ended_at'",
            "profile": "learns where the paper really lay",
        },
        proven="id",
    ),
    "page": Table(
        "@.id",
        of_paper("@.paper_id"),
        (
            came(
                Act.PAGE_SAVED,
                paper="@.paper_id",
                batch="@.batch_id",
                number="@.batch_seq",
                sha256="@.sha256",
            ),
            changed(
                Act.PAGE_MOVED,
                "paper_id",
                paper="new.paper_id",
                was="old.paper_id",
                by="new.placed_by",
                sha256="new.sha256",
            ),
            changed(
                Act.PAGE_LEFT,
                "paper_id",
                when=f"{of_paper('old.paper_id')} IS NOT {of_paper('new.paper_id')}",
                dossier=of_paper("old.paper_id"),
                paper="old.paper_id",
                into=of_paper("new.paper_id"),
            ),
            changed(
                Act.PAGE_ORDERED,
                "rank",
                when="new.paper_id IS old.paper_id",
                paper="new.paper_id",
            ),
            changed(Act.PAGE_TURNED, "turn", paper="new.paper_id", turn="new.turn", was="old.turn"),
            changed(
                Act.PAGE_CROPPED, "crop", paper="new.paper_id", crop="new.crop", was="old.crop"
            ),
            changed(
                Act.PAGE_DELETED,
                "deleted_at",
                when="new.deleted_at IS NOT NULL",
                paper="new.paper_id",
            ),
            changed(
                Act.PAGE_RESTORED,
                "deleted_at",
                when="new.deleted_at IS NULL",
                paper="new.paper_id",
            ),
            changed(
                Act.PAGE_SEPARATES, "separator", paper="new.paper_id", separates="new.separator"
            ),
            changed(Act.PAGE_KEPT, "kept", paper="new.paper_id", kept="new.kept"),
            changed(Act.PAGE_SEEN, "seen", paper="new.paper_id", seen="new.seen"),
        ),
        {"placed_by": "the line of the move says by whom"},
        proven="id",
    ),
    "original": Table(
        "@.sha256",
        _OF_BATCH,
        (came(Act.ORIGINAL_KEPT, batch="@.batch_id", first="@.first", pages="@.pages"),),
        proven="sha256",
    ),
    "bundle": Table(
        "@.paper_id",
        of_paper("@.paper_id"),
        (came(Act.PAPER_BUNDLED, sha256="@.sha256", pages="@.pages"),),
        proven="paper_id",
    ),
    "sending": Table(
        "@.paper_id",
        of_paper("@.paper_id"),
        (came(Act.PAPER_SENT, sha256="@.sha256", server="@.server", clerk="@.clerk"),),
        proven="paper_id",
    ),
    "receipt": Table(
        "@.paper_id",
        of_paper("@.paper_id"),
        (
            came(Act.PAPER_CONFIRMED, sha256="@.sha256", server="@.server", clerk="@.clerk"),
            went(Act.PAPER_UNCONFIRMED, sha256="@.sha256", server="@.server"),
        ),
        {"mark": "what the server calls the version it holds"},
        proven="paper_id",
    ),
    "mark": Table(
        "@.part",
        "@.dossier_id",
        (came(Act.PAPER_COUNTED, count="@.count", server="@.server"),),
    ),
    "conflict": Table(
        "@.paper_id",
        of_paper("@.paper_id"),
        (came(Act.CONFLICT_FOUND, conflict="@.id", kind="@.kind", sha256="@.ours"),),
        proven="paper_id",
    ),
    "decision": Table(
        "(SELECT paper_id FROM conflict WHERE id = @.conflict_id)",
        _OF_CONFLICT,
        (came(Act.CONFLICT_DECIDED, conflict="@.conflict_id", choice="@.choice"),),
    ),
    "creation": Table(
        "@.dossier_id",
        "@.dossier_id",
        (came(Act.DOSSIER_ASKED), went(Act.DOSSIER_ASKED_NO_MORE)),
    ),
    "way": Table(
        "@.paper_id",
        of_paper("@.paper_id"),
        (
            came(Act.PAPER_HELD, when="@.withheld_at IS NOT NULL"),
            came(Act.PAPER_STYLED, when="@.style <> ''", style="@.style"),
            changed(Act.PAPER_HELD, "withheld_at", when="new.withheld_at IS NOT NULL"),
            changed(Act.PAPER_RELEASED, "withheld_at", when="new.withheld_at IS NULL"),
            changed(Act.PAPER_STYLED, "style", style="new.style"),
        ),
    ),
    "reuse": Table(
        "@.paper_id",
        of_paper("@.paper_id"),
        (
            came(
                Act.PAPER_REUSED,
                source="nullif(@.source, '')",
                batch="nullif(@.batch, '')",
                of="iif(@.code = '', 'paper', 'result')",
            ),
            went(Act.PAPER_REUSED_NO_MORE),
        ),
        proven="paper_id",
    ),
    "signed_version": Table(
        "@.paper_id",
        of_paper("@.paper_id"),
        (
            came(
                Act.PAPER_SIGNED,
                sha256="@.sha256",
                look="@.look",
                certificate="@.certificate",
                clerk="@.clerk",
            ),
            changed(
                Act.PAPER_SIGNATURE_WITHDRAWN,
                "withdrawn_at",
                when="new.withdrawn_at IS NOT NULL",
                sha256="new.sha256",
            ),
        ),
        proven="paper_id",
    ),
    "secrecy_decision": Table(
        "@.sha256",
        "@.dossier_id",
        (came(Act.MARKING_DECIDED, stays="@.secret", levels="@.levels", clerk="@.clerk"),),
        proven="sha256",
    ),
    "secrecy_mark": Table(
        "@.sha256",
        "''",
        (
            came(Act.MARKING_FOUND, level="@.level", how="@.how"),
            went(Act.ROW_REMOVED, table="'secrecy_mark'", level="@.level"),
        ),
        {
            "how": "found again by a newer look",
            "read": "what the look read of the marking",
            "sure": "how sure that look is",
            "box": "where on the image",
            "looked": "by which look",
            "found_at": "when it was found again",
        },
    ),
    "removal": Table(
        "@.dossier_id",
        "@.dossier_id",
        (
            came(Act.COPIES_ASKED, why="@.why", due="@.due_at"),
            changed(
                Act.COPIES_ASKED_NO_MORE, "taken_back_at", when="new.taken_back_at IS NOT NULL"
            ),
            changed(
                Act.COPIES_REMOVED,
                "begun_at",
                when="new.begun_at IS NOT NULL",
                why="new.why",
                removal="new.id",
                files="(SELECT count(*) FROM removed WHERE removal_id = new.id)",
            ),
        ),
        {"done_at": "the files follow the facts; 'removed' names each"},
        proven="dossier_id",
    ),
    "kept": Table(
        "@.dossier_id",
        "@.dossier_id",
        (came(Act.COPIES_KEPT), went(Act.COPIES_KEPT_NO_MORE)),
    ),
    **DESK,
}
"""What is recorded of each table of facts."""

_THE_SERVERS = "what the procedure system said last; fetched again"
_FROM_THE_IMAGE = "what programs found in an image, and find in it again"
_INDEX = "the word index, which grows back"
_REMOVED = "the list of files of a removal, whose line says how many"
_PLAN = "the plan and its retries, which grow back"
_FOLDERS = "bookkeeping about files of watched folders; pages and answers have their lines"

CACHES: dict[str, str] = {
    "audit": "the record itself",
    "procedure": _THE_SERVERS,
    "procedure_paper": _THE_SERVERS,
    "worklist": _THE_SERVERS,
    "waiting": _THE_SERVERS,
    "elsewhere": _THE_SERVERS,
    "reading": _FROM_THE_IMAGE,
    "words": _FROM_THE_IMAGE,
    "page_text": _FROM_THE_IMAGE,
    "heading": _FROM_THE_IMAGE,
    "signed": "what a look at a PDF's signatures found, and finds again",
    "opening": "which paper a separator sheet began; that paper and its pages have their lines",
    "edit": "what undo needs; whatever an edit changes, or undoing it, has its own line",
    "taken": _FOLDERS,
    "gathering": _FOLDERS,
    "removed": _REMOVED,
    "work": _PLAN,
    "work_place": _PLAN,
    "line_speed": "how fast the line was",
    "unindexed_dossier": _INDEX,
    "unindexed_page": _INDEX,
    "dossier_words": _INDEX,
    "indexed_page": _INDEX,
}
"""Tables without a fact of their own, and why."""

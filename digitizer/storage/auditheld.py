"""What lines of the audit record say is in the database, and finding what is not: for ``verify``.

A row that was changed or deleted with another program made no line, so the last line about it still
says how it was. Each kind of line is held against its row; where that differs, a later line may
tell why (moved, taken back, replaced, found no more). One pass through the record in SQL, nothing
is kept in memory. Lines of homes that are older than the record say nothing, and are not missed.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from digitizer.chain import Act
from digitizer.storage.recorded import MARK_IS_THERE, MARK_WENT, OF_IMAGES, detail
from digitizer.storage.store import Store


class Held(Struct, frozen=True):
    """What a line says is there.

    Attributes:
        act: The line's.
        otherwise: What is told where it is not.
        there: SQL over the line (``said``) that is true while the row is there as it says.
        ended: SQL over ``said`` and a ``later`` line about the same subject that tells of another
            state; empty: this is so for good.
    """

    act: Act
    otherwise: str
    there: str
    ended: str = ""


def _row(table: str, tests: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {tests})"  # noqa: S608 - our own words


def _of_paper(table: str, *tests: str) -> str:
    """SQL: there is such a row of the line's paper."""
    return _row(table, " AND ".join((f"{table}.paper_id = said.subject", *tests)))


def _same(name: str) -> str:
    """SQL: the later line says the same of this."""
    return f"{detail('later', name)} IS {detail('said', name)}"


def _acts(*acts: Act) -> str:
    return "later.act IN ({})".format(", ".join(f"'{act}'" for act in acts))


def _told(table: str, **columns: str) -> str:
    """SQL: the row has in these columns what the line says of them, by what it calls them there; a
    line that does not say is right."""
    return " AND ".join(
        f"{table}.{column} IS coalesce({detail('said', name)}, {table}.{column})"
        for column, name in columns.items()
    )


def _of_page(act: Act, otherwise: str, **column: str) -> Held:
    """The newest line of such an act says how a page is."""
    return Held(act, otherwise, _row("page", f"{_PAGE} AND {_told('page', **column)}"), _acts(act))


_PAGE = "page.id = said.subject"
_SHA256 = detail("said", "sha256")
_SERVER = detail("said", "server")

_IN_PAPER = (
    "the page is not in that paper",
    _row("page", f"{_PAGE} AND page.paper_id = {detail('said', 'paper')}"),
    f"""{_acts(Act.PAGE_MOVED, Act.PAGE_LEFT)} AND
    coalesce({detail("later", "was")}, {detail("later", "paper")}) = {detail("said", "paper")}""",
)
_ALIVE = (
    "the page is not there, or deleted",
    _row("page", f"{_PAGE} AND page.deleted_at IS NULL"),
    _acts(Act.PAGE_DELETED),
)
_OF_CODE = (
    "no such dossier, or with another code",
    _row("dossier", f"dossier.id = said.subject AND dossier.code IS {detail('said', 'code')}"),
    _acts(Act.DOSSIER_BOUND, Act.DOSSIER_UNBOUND),
)
_VERSION = f"signed_version.sha256 = {_SHA256}"
_FILES = detail("said", "files")
_AS_MANY_FILES = f"""({_FILES} IS NULL OR {_FILES} = 0 OR ({detail("said", "removal")}, {_FILES})
    IN (SELECT removal_id, count(*) FROM removed GROUP BY removal_id))"""  # noqa: S608 - our own words
"""Lines of older versions do not say how many."""

HELD: tuple[Held, ...] = (
    Held(
        Act.PAGE_SAVED,
        "no such page, or with another image",
        _row("page", f"{_PAGE} AND page.sha256 = {_SHA256}"),
    ),
    Held(Act.PAGE_SAVED, *_IN_PAPER),
    Held(Act.PAGE_SAVED, *_ALIVE),
    Held(Act.PAGE_MOVED, *_IN_PAPER),
    Held(
        Act.PAGE_DELETED,
        "the page is not deleted",
        _row("page", f"{_PAGE} AND page.deleted_at IS NOT NULL"),
        _acts(Act.PAGE_RESTORED),
    ),
    Held(Act.PAGE_RESTORED, *_ALIVE),
    _of_page(Act.PAGE_TURNED, "the page is turned otherwise", turn="turn"),
    _of_page(Act.PAGE_CROPPED, "the page is cropped otherwise", crop="crop"),
    _of_page(Act.PAGE_SEPARATES, "the page is a separator, or none", separator="separates"),
    _of_page(Act.PAGE_KEPT, "the page is kept, or not", kept="kept"),
    _of_page(Act.PAGE_SEEN, "the page was seen, or not", seen="seen"),
    Held(Act.SCAN_BEGUN, "no such scan", _row("batch", "batch.id = said.subject")),
    Held(
        Act.PAPER_BUNDLED,
        "no such bundle",
        _of_paper("bundle", f"bundle.sha256 = {_SHA256}"),
        _acts(Act.PAPER_BUNDLED),
    ),
    Held(
        Act.PAPER_SENT,
        "no such sending",
        _of_paper(
            "sending",
            f"sending.sha256 = {_SHA256}",
            f"sending.server = {_SERVER}",
            _told("sending", clerk="clerk"),
        ),
    ),
    Held(
        Act.PAPER_CONFIRMED,
        "no such receipt",
        _of_paper(
            "receipt",
            f"receipt.sha256 = {_SHA256}",
            f"receipt.server = {_SERVER}",
            _told("receipt", clerk="clerk"),
        ),
        f"{_acts(Act.PAPER_CONFIRMED, Act.PAPER_UNCONFIRMED)} AND {_same('server')}",
    ),
    Held(Act.DOSSIER_OPENED, *_OF_CODE),
    Held(Act.DOSSIER_BOUND, *_OF_CODE),
    Held(
        Act.DOSSIER_UNBOUND,
        "no such dossier, or with a code",
        _row("dossier", "dossier.id = said.subject AND dossier.code IS NULL"),
        _acts(Act.DOSSIER_BOUND),
    ),
    Held(
        Act.PAPER_ADDED,
        "no such paper in the dossier",
        _row("paper", "paper.id = said.subject AND paper.dossier_id = said.dossier"),
        f"later.act = '{Act.PAPER_ADDED}' AND {detail('later', 'was')} = said.subject",
    ),
    Held(
        Act.PAPER_HELD,
        "the paper is not held back",
        _of_paper("way", "way.withheld_at IS NOT NULL"),
        _acts(Act.PAPER_RELEASED),
    ),
    Held(
        Act.PAPER_REUSED,
        "the paper is not reused",
        _of_paper("reuse"),
        _acts(Act.PAPER_REUSED_NO_MORE),
    ),
    Held(
        Act.PAPER_SIGNED,
        "no such signed version, or signed otherwise",
        _of_paper(
            "signed_version",
            _VERSION,
            _told("signed_version", look="look", certificate="certificate", clerk="clerk"),
        ),
    ),
    Held(
        Act.PAPER_SIGNED,
        "the signed version is withdrawn",
        _of_paper("signed_version", _VERSION, "signed_version.withdrawn_at IS NULL"),
        f"{_acts(Act.PAPER_SIGNATURE_WITHDRAWN)} AND {_same('sha256')}",
    ),
    Held(
        Act.PAPER_SIGNATURE_WITHDRAWN,
        "the signed version is not withdrawn",
        _of_paper("signed_version", _VERSION, "signed_version.withdrawn_at IS NOT NULL"),
    ),
    Held(Act.MARKING_FOUND, "the image bears no such marking", MARK_IS_THERE, MARK_WENT),
    Held(
        Act.MARKING_DECIDED,
        "no such decision about the image",
        _row(
            "secrecy_decision AS made",
            "made.sha256 = said.subject AND made.dossier_id = said.dossier "
            f"AND made.secret = {detail('said', 'stays')} "
            f"AND made.levels = {detail('said', 'levels')}",
        ),
    ),
    Held(
        Act.CONFLICT_FOUND,
        "no such conflict",
        _row(
            "conflict",
            f"conflict.id = {detail('said', 'conflict')} AND conflict.paper_id = said.subject "
            f"AND {_told('conflict', kind='kind', ours='sha256')}",
        ),
    ),
    Held(
        Act.CONFLICT_DECIDED,
        "no such decision",
        _row(
            "decision AS made",
            f"made.conflict_id = {detail('said', 'conflict')} "
            f"AND made.choice = {detail('said', 'choice')}",
        ),
    ),
    Held(Act.ORIGINAL_KEPT, "no such original", _row("original", "original.sha256 = said.subject")),
    Held(
        Act.PAPER_COUNTED,
        "no such count",
        _row(
            "mark",
            f"mark.dossier_id = said.dossier AND mark.part = said.subject "
            f"AND mark.server = {_SERVER}",
        ),
    ),
    Held(
        Act.COPIES_ASKED,
        "no such removal",
        # removals have no index by dossier: IN reads them once, EXISTS would for each line
        f"(said.subject, {detail('said', 'why')}, {detail('said', 'due')}) "  # noqa: S608 - names from here
        "IN (SELECT dossier_id, why, due_at FROM removal)",
    ),
    Held(
        Act.COPIES_ASKED_NO_MORE,
        "no removal that was taken back",
        "said.subject IN (SELECT dossier_id FROM removal WHERE taken_back_at IS NOT NULL)",
    ),
    Held(
        Act.COPIES_REMOVED,
        "the dossier is not removed",
        _row("dossier", "dossier.id = said.subject AND dossier.removed_at IS NOT NULL"),
    ),
    Held(
        Act.COPIES_REMOVED,
        "no removal that has begun",
        "said.subject IN (SELECT dossier_id FROM removal WHERE begun_at IS NOT NULL)",
    ),
    Held(Act.COPIES_REMOVED, "the log of removed files has not as many of it", _AS_MANY_FILES),
    Held(
        Act.COPIES_KEPT,
        "the dossier is not kept",
        _row("kept", "kept.dossier_id = said.subject"),
        _acts(Act.COPIES_KEPT_NO_MORE),
    ),
    Held(Act.STACK_OPENED, "no such stack", _row("stack", "stack.id = said.subject")),
    Held(Act.CLERK_ADDED, "no such clerk", _row("clerk", "clerk.id = said.subject")),
    Held(
        Act.WEB_ASKED,
        "no such scan for a web page",
        _of_paper("web_scan"),
    ),
    Held(
        Act.WEB_ANSWERED,
        "no such answer to a web page",
        _row(
            "consent",
            f"consent.origin = said.subject AND consent.answer = {detail('said', 'answer')}",
        ),
    ),
)
"""The most frequent acts first. Not held: what no row keeps (an export), settings and profiles
(replaced at will), and what is on its way (questions, dossiers asked for at the server)."""


def _broken(number: int, held: Held) -> str:
    """SQL: the number of what a line says and is not so, and no later line tells why. Looked for
    among the dossier's lines first; a page may have been in another one since."""
    ended = ""
    if held.ended:
        about = f"later.seq > said.seq AND ({held.ended})"
        if held.act is not Act.PAPER_ADDED:
            about += " AND later.subject = said.subject"
        near = "later.dossier = said.dossier AND later.dossier <> ''"
        if held.act is Act.MARKING_FOUND:
            near = f"later.{OF_IMAGES}"
        ended = "".join(
            f" AND NOT EXISTS (SELECT 1 FROM audit AS later WHERE {where})"  # noqa: S608 - our own words
            for where in (f"{near} AND {about}", about)
        )
    return f"WHEN said.act = '{held.act}' AND NOT {held.there}{ended} THEN {number}"


def missing(store: Store) -> Iterator[str]:
    """Yield what lines say is there and is not, in their order."""
    cases = " ".join(_broken(number, held) for number, held in enumerate(HELD))
    sql = (
        f"SELECT seq, subject, CASE {cases} END AS broken FROM audit AS said "  # noqa: S608 - our own words
        "WHERE broken IS NOT NULL ORDER BY seq"
    )
    for row in store.each(sql):
        held = HELD[row["broken"]]
        yield f"line {row['seq']}, {held.act} {row['subject']}: {held.otherwise}"

"""Commands on dossiers: ``dossier new``, ``list``, ``show``, ``close``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

import typer
from msgspec.structs import asdict

from digitizer import worklist
from digitizer.app import App, Facts
from digitizer.boxes import Cropping, text_of
from digitizer.bundle.request import is_padded
from digitizer.cli import marked
from digitizer.cli.shell import day, shell
from digitizer.cli.signatures import awaits, signed_here
from digitizer.counted import counted
from digitizer.digitized import digitized
from digitizer.errors import DossierUnknown
from digitizer.identifiers import local_code, normal_code
from digitizer.model import Dossier, Page, Paper, Reading
from digitizer.pagetext import PageText
from digitizer.proposing import for_page, suggestions
from digitizer.rereading import unreadable
from digitizer.servers import server_of
from digitizer.storage import clerks, queries, signings, texts
from digitizer.storage.clerks import NOTHING, Done
from digitizer.twins import twins

_Name = Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ or local number.")]


group = typer.Typer(help="Make, list, show and close dossiers.")
"""The group ``dossier``; ``cli.binding`` adds to it."""


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group.command("new")(new)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("close")(close)
    app.add_typer(group, name="dossier")


def new(
    context: typer.Context,
    code: Annotated[str | None, typer.Option(help="Mã hồ sơ.")] = None,
    local: Annotated[bool, typer.Option("--local", help="Begin under a local number.")] = False,
    procedure: Annotated[str, typer.Option(help="Mã TTHC.")] = "",
    holder: Annotated[str, typer.Option(help="The citizen's name.")] = "",
) -> None:
    """Begin a dossier."""
    if (code is None) == (not local):
        raise typer.BadParameter("give either --code CODE or --local")
    here = shell(context)
    with App(here.home, "dossier new") as app:
        made = app.dossiers.open_new(code=code, procedure=procedure, holder=holder)
    here.value(as_json(made, None), f"dossier {made.name}")


def list_(context: typer.Context) -> None:
    """List the dossiers kept here, newest first."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = queries.dossier_heads(facts.store)
    rows = [
        {
            "code": one.name,
            "local": one.code is None,
            "procedure": one.procedure_code,
            "procedure_name": one.procedure_name,
            "holder": one.holder,
            "status": one.status,
            "due_at": one.due_at.isoformat() if one.due_at else None,
            "opened_at": one.opened_at.isoformat(),
            "closed": one.finished_at is not None,
            "removed_at": one.removed_at and one.removed_at.isoformat(),
        }
        for one in found
    ]
    text = "\n".join(f"{one.name}  {one.holder}  {one.procedure_name}" for one in found)
    here.value(rows, text or "no dossier yet; make one with 'digitizer dossier new'")


def show(context: typer.Context, code: _Name) -> None:
    """Show a dossier's papers, pages, bundles and receipts."""
    here = shell(context)
    with Facts(here.home) as facts:
        dossier_id = queries.dossier_id_of(facts.store, normal_code(code))
        found = queries.dossier(facts.store, dossier_id) if dossier_id else None
        if found is None:
            raise DossierUnknown(code.strip()[:60])
        doubled = twins(facts.store, facts.vault, found)
        said = texts.of_dossier(facts.store, found.id)
        done = clerks.done(facts.store, found.id)
        signers = signings.signers(facts.store, found.id)
        to = server_of(facts.store)
        server = to.name if to else None
        told = worklist.told_at(facts.store, found.id, server)
    lines = [f"{found.name}  {found.holder}  {found.procedure_name}"]
    lines += [f"  copies here were removed on {day(found.removed_at)}"] if found.removed_at else []
    lines += [
        f"  {paper.part}  {paper.name}: {counted(len(paper.live_pages), 'page')}, "
        f"{found.state(paper, server)}"
        + (", the server still holds it" if found.left_behind(paper, server) else "")
        + (", no longer in the procedure's list" if paper.dropped else "")
        + (", another desk has put a file there" if paper.elsewhere else "")
        + (", see 'digitizer conflict list'" if found.undecided(paper, server) else "")
        + (", left here" if paper.way.withheld else "")
        + (f", its copy here was removed on {day(paper.removed_at)}" if paper.removed_at else "")
        + (f", reused {paper.reuse.code}".rstrip() if paper.reuse else "")
        + "".join(f", signed by {s.signer}: {s.standing}" for s in paper.signatures)
        + (", edited: its signature does not carry over" if paper.signature_lost else "")
        + "".join(f", signed here by {v.signer}" for v in found.signed(paper))
        + (", waits for a signature" if awaits(found, paper) else "")
        for paper in found.papers
    ]
    names = {
        page.id: (paper, number)
        for paper in found.papers
        for number, page in enumerate(paper.pages, start=1)
    }
    shown = []
    for twin in doubled:
        (paper, number), (_, first) = names[twin.page.id], names[twin.first.id]
        lines.append(f"  {paper.part}  page {number} looks like page {first}, scanned twice?")
        shown.append({"part": paper.part, "copy": paper.copy, "page": number, "of": first})
    for paper in found.papers:
        for one in suggestions(found, paper):
            numbers = ",".join(str(names[page.id][1]) for page in one.pages)
            goal = one.proposal
            lines.append(f"  {paper.part}  pages {numbers} look like {goal.part}  {goal.title}")
    for page in unreadable(found):
        paper, number = names[page.id]
        lines.append(
            f"  {paper.part}  page {number} has no text, its words could not be read; "
            f"try again: digitizer page read {found.name}"
        )
    value = {**as_json(found, server, said, done, signers), "twins": shown}
    here.value({**value, "fetched_at": told and told.isoformat()}, "\n".join(lines))


def close(context: typer.Context, code: _Name) -> None:
    """Mark a dossier as finished by the clerk."""
    here = shell(context)
    with App(here.home, "dossier close") as app:
        done = app.dossiers.finish(app.dossiers.find(code).id)
        server = app.work.server
    here.value(as_json(done, server), f"dossier {done.name} closed")


def as_json(
    dossier: Dossier,
    server: str | None,
    said: Mapping[texts.Key, PageText] | None = None,
    done: Done = NOTHING,
    signers: Mapping[int, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return a dossier as ``dossier show`` prints it.

    Args:
        dossier: All facts of it.
        server: The procedure system whose receipts count; None: any.
        said: What its pages say, by image, turn and crop; None: not told.
        done: Who did what to it.
        signers: Who was at the desk, by the id of a signed version.
    """
    return {
        "code": dossier.name,
        "local": dossier.code is None,
        "procedure": dossier.procedure_code,
        "procedure_name": dossier.procedure_name,
        "holder": dossier.holder,
        "local_number": local_code(dossier.local_number) if dossier.local_number else None,
        "status": dossier.status,
        "ended": dossier.ended,
        "closed": dossier.finished_at is not None,
        "closed_by": done.finished or None,
        "removed_at": dossier.removed_at and dossier.removed_at.isoformat(),
        "digitized": digitized(dossier, server).counts,
        "papers": [
            _paper(dossier, paper, server, said or {}, done) | signed_here(dossier, paper, signers)
            for paper in dossier.papers
        ],
    }


def _paper(
    dossier: Dossier,
    paper: Paper,
    server: str | None,
    said: Mapping[texts.Key, PageText],
    done: Done,
) -> dict[str, Any]:
    bundle, receipt = dossier.bundle(paper), dossier.receipt(paper, server)
    conflicts = dossier.conflicts(paper, server)
    sent = (paper.id, receipt.fingerprint, receipt.server) if receipt else ("", "", "")
    return {
        "part": paper.part,
        "copy": paper.copy,
        "title": paper.title,
        "kind": paper.kind.value,
        "required": paper.required,
        "state": dossier.state(paper, server).value,
        "left_behind": dossier.left_behind(paper, server),
        "dropped": paper.dropped,
        "elsewhere": paper.elsewhere,
        "conflicts": [
            {"id": one.id, "kind": one.kind.value, "choice": one.choice and one.choice.value}
            for one in conflicts
        ],
        "withheld": paper.way.withheld,
        "removed_at": paper.removed_at and paper.removed_at.isoformat(),
        "style": dossier.style_of(paper).value,
        "reuse": paper.reuse
        and {"flag": int(paper.reuse.flag), "result": paper.reuse.code or None},
        "pages": [
            {**_page(dossier, page, seq, said), "by": done.batches.get(page.batch_id)}
            for seq, page in enumerate(paper.pages, start=1)
        ],
        "bundle": bundle
        and {
            "sha256": bundle.sha256,
            "pages": bundle.pages,
            "bytes": bundle.bytes,
            "pdfa": paper.pdfa,
        },
        "signatures": [signature.to_json() for signature in paper.signatures],
        "signature_lost": paper.signature_lost,
        "receipt": receipt
        and {
            "sha256": receipt.sha256,
            "at": receipt.at.isoformat(),
            "by": done.receipts.get(sent) or None,
            "account": done.accounts.get(sent) or None,
        },
    }


def _size(page: Page, reading: Reading) -> list[float]:
    """Return the width and height of the page on paper, upright, to a tenth of a millimetre."""
    sides = reading.canvas.size_mm(page.box, page.full_turn or 0)
    return [round(side, 1) for side in sides]


def _page(
    dossier: Dossier, page: Page, seq: int, said: Mapping[texts.Key, PageText]
) -> dict[str, Any]:
    reading = page.reading
    proposal = for_page(dossier, page)
    found = said.get((page.sha256, page.full_turn or 0, text_of(page.box)), PageText())
    return {
        "seq": seq,
        "id": page.id,
        "sha256": page.sha256,
        "batch": page.batch_id,
        "batch_seq": page.batch_seq,
        "blank": reading.blank if reading else None,
        "blank_reason": reading.blank_reason if reading else None,
        "turn": page.full_turn,
        "turn_confidence": reading.turn_confidence if reading else None,
        "skew": reading.skew if reading else None,
        "crop": page.box.to_json() if page.box else None,
        "crop_by": "clerk" if page.crop is not Cropping.AUTO else "auto" if page.box else None,
        "crop_found": reading.crop.to_json() if reading and reading.crop else None,
        "size_mm": _size(page, reading) if reading else None,
        "padded": is_padded(reading.canvas.size_mm(page.box, 0)) if reading else None,
        "codes": [{"format": c.format, "text": c.text} for c in reading.codes] if reading else [],
        "confidence": page.words.confidence if page.words else None,
        "text_error": (page.words.failed or None) if page.words else None,
        "text": found.text,
        "changes": [change.to_json() for change in found.changes],
        "fields": [field.to_json() for field in found.fields],
        "deleted": page.deleted,
        "separator": page.separator,
        "secrecy": marked.of_page(page),
        "proposal": proposal and asdict(proposal),
    }

"""Commands on state secrets: ``secret list``, ``show``, ``decide``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from digitizer import clearance
from digitizer.app import App, Facts
from digitizer.clearing import Suspect, in_dossier, waiting
from digitizer.cli import marked
from digitizer.cli.page import find_pages, paper_in
from digitizer.cli.shell import shell
from digitizer.counted import counted
from digitizer.errors import DossierUnknown
from digitizer.identifiers import normal_code
from digitizer.model import OTHER_PART
from digitizer.storage import queries, secrecy
from digitizer.storage.vault import Vault

_Code = Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ or local number.")]


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Pages marked MẬT, TỐI MẬT or TUYỆT MẬT: they stop their dossier.")
    group.command("list")(list_)
    group.command("show")(show)
    group.command("decide")(decide)
    app.add_typer(group, name="secret")


def list_(context: typer.Context) -> None:
    """List the pages that stop a dossier: to be decided about first, then those that are secret."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = waiting(facts.store)
        rows = [as_json(one, facts.vault) for one in found]
    here.value(rows, "\n".join(_line(one) for one in found) or "no page stops a dossier")


def show(context: typer.Context, code: _Code) -> None:
    """Show whether a dossier may leave, what stops it, and every decision that was made in it."""
    here = shell(context)
    with Facts(here.home) as facts:
        dossier_id = queries.dossier_id_of(facts.store, normal_code(code))
        dossier = queries.dossier(facts.store, dossier_id) if dossier_id else None
        if dossier is None:
            raise DossierUnknown(code.strip()[:60])
        found = in_dossier(facts.store, dossier.id)
        said = secrecy.history(facts.store, dossier.id)
        cleared = clearance.of(dossier)
        value = {
            "dossier": dossier.name,
            "leaves": cleared.given,
            "error": cleared.refusal.code if cleared.refusal else None,
            "unseen": len(cleared.unseen),
            "pages": [as_json(one, facts.vault) for one in found],
            "decisions": [{"sha256": sha256, **marked.decided(one)} for sha256, one in said],
        }
    lines = [f"{dossier.name}: {cleared.refusal.says if cleared.refusal else 'it may leave'}"]
    lines += [f"  {_line(one)}" for one in found]
    lines += [
        f"  {one.at.astimezone().isoformat(timespec='seconds')}  {sha256[:12]}  "
        f"{'a state secret' if one.secret else 'no state secret'}  {one.by}".rstrip()
        for sha256, one in said
    ]
    here.value(value, "\n".join(lines))


def decide(
    context: typer.Context,
    code: _Code,
    pages: Annotated[str, typer.Argument(metavar="PAGES", help="As 3 or 1,4-6.")],
    found_secret: Annotated[
        bool, typer.Option("--secret", help="Somebody who looked at them found one.")
    ] = False,
    found_none: Annotated[
        bool, typer.Option("--not-secret", help="Somebody who looked at them found none.")
    ] = False,
    part: Annotated[
        str, typer.Option("--paper", metavar="PART", help="TP01, or TP99#2: its second.")
    ] = OTHER_PART,
) -> None:
    """Say of pages that somebody looked at whether they are state secrets; it is recorded."""
    if found_secret == found_none:
        raise typer.BadParameter("give either --secret or --not-secret")
    secret = found_secret
    here = shell(context)
    with App(here.home, "secret decide") as app:
        dossier = app.dossiers.find(code)
        chosen = find_pages(paper_in(dossier, part), pages)
        for page in chosen:
            if secret:
                app.clearing.find_secret(dossier.id, page.id)
            else:
                app.clearing.find_ordinary(dossier.id, page.id)
        cleared = clearance.of(app.dossiers.get(dossier.id))
    here.value(
        {
            "dossier": dossier.name,
            "pages": len(chosen),
            "secret": secret,
            "leaves": cleared.given,
            "error": cleared.refusal.code if cleared.refusal else None,
        },
        f"{counted(len(chosen), 'page')}: {'a state secret' if secret else 'no state secret'}; "
        f"{cleared.refusal.says if cleared.refusal else 'the dossier may leave'}",
    )


def as_json(one: Suspect, vault: Vault) -> dict[str, Any]:
    """Return a page that stops its dossier as these commands print it."""
    return {
        "dossier": one.dossier.name,
        "paper": one.paper.part,
        "copy": one.paper.copy,
        "title": one.paper.name,
        "page": one.number,
        "sha256": one.page.sha256,
        "file": str(vault.path(one.page.sha256)),
        "deleted": one.page.deleted,
        **marked.of_page(one.page),
        "sent": [paper.part for paper in one.sent],
    }


def _line(one: Suspect) -> str:
    state = "a state secret" if one.page.secrecy.confirmed else "to be decided"
    worst = one.page.secrecy.worst
    read = f', reads "{worst.read}"' if worst and worst.read else ""
    sent = f"; sent before: {', '.join(paper.part for paper in one.sent)}" if one.sent else ""
    where = f"{one.dossier.name}  {one.paper.part}  page {one.number}"
    return f"{where}: {one.level.value}{read}, {state}{sent}"

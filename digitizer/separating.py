"""Which separator sheets to print, and what people read on them.

Called by the command line. Drawing and writing them is a program's work
(``digitizer.bundle.sheets``).
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from digitizer import catalogue, programs, separators
from digitizer.bundle.request import BundleMade
from digitizer.bundle.sheets import Sheet, request
from digitizer.durable import sync_folder
from digitizer.errors import (
    BadIdentifier,
    DiskFull,
    OutputUnwritable,
    ProcedureUnknown,
    from_os,
)
from digitizer.identifiers import is_dossier_code, normal_code
from digitizer.separators import Parts, Separator, payload
from digitizer.storage.store import Store

_SECONDS, _SECONDS_A_SHEET = 60.0, 3.0
_TITLE = "Tờ phân cách"
_FOOT = (
    "In hai mặt, khổ A4. Đặt tờ này lên trước các trang cần tách. Mặt nào lên trên, xuôi hay "
    "ngược đều được. Phần mềm tự nhận ra tờ này và không đưa nó vào hồ sơ."
)


class Wanted(Struct, frozen=True):
    """A sheet to print: what its codes say, and a smaller line for people."""

    says: Separator
    more: str = ""


def for_dossiers(store: Store, codes: Sequence[str]) -> list[Wanted]:
    """Return a sheet for each mã hồ sơ, in order, whether its dossier is here or not.

    Raises:
        BadIdentifier: one is not of the shape of a mã hồ sơ; a local number means another
            dossier at the next desk.
    """
    found = []
    for code in map(normal_code, codes):
        if not is_dossier_code(code):
            raise BadIdentifier(code[:60])
        rows = store.rows("SELECT procedure_name FROM dossier WHERE code = ?", code)
        found.append(Wanted(Separator(Parts.DOSSIER, code), rows[0][0] if rows else ""))
    return found


def for_waiting(store: Store) -> list[Wanted]:
    """Return a sheet for each dossier that is open and has no page yet, oldest first."""
    rows = store.rows(
        "SELECT code FROM dossier WHERE code IS NOT NULL AND finished_at IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id "
        "WHERE paper.dossier_id = dossier.id AND page.deleted_at IS NULL) ORDER BY opened_at, id"
    )
    return for_dossiers(store, [row["code"] for row in rows])


def for_papers(store: Store, procedure: str) -> list[Wanted]:
    """Return a sheet for each paper that a procedure asks for, in the order of its list.

    Raises:
        ProcedureUnknown: nothing is known of it here.
    """
    known = catalogue.known_procedure(store.reader, procedure.strip())
    if known is None:
        raise ProcedureUnknown(procedure.strip()[:60])
    rows = store.rows(
        "SELECT part, title FROM procedure_paper WHERE procedure_code = ? ORDER BY position",
        known["code"],
    )
    return [
        Wanted(Separator(Parts.PAPER, "", known["code"], row["part"], row["title"]), known["name"])
        for row in rows
    ]


def write(wanted: Sequence[Wanted], out: Path, stop: threading.Event) -> BundleMade:
    """Write the sheets as one PDF/A-2b, whole or not at all.

    Raises:
        Stopped: ``stop`` was set.
        OutputUnwritable, DiskFull: The output's folder does not take it.
        ToolMissing: There is no font with Vietnamese letters.
    """
    out = out.absolute()
    try:
        with tempfile.TemporaryDirectory(prefix=".digitizer-", dir=out.parent) as beside:
            ready = Path(beside, out.name)  # the program may write nowhere else
            file = Path(beside, f"{out.name}.json")
            asked = request([_sheet(one) for one in wanted], ready, _TITLE)
            file.write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
            answer = programs.run_module(
                "digitizer.bundle.sheets",
                str(file),
                timeout=_SECONDS + _SECONDS_A_SHEET * len(wanted),
                stop=stop,
            )
            ready.replace(out)
            sync_folder(out.parent)
    except OSError as error:
        known = from_os(error, out.name)
        raise known if isinstance(known, DiskFull) else OutputUnwritable(out.name) from error
    return replace(BundleMade.from_json(answer), out=out)


def _sheet(wanted: Wanted) -> Sheet:
    says = wanted.says
    if says.parts is Parts.DOSSIER:
        begins = "Từ đây là hồ sơ" if says.code else ""
        name = says.code or "HỒ SƠ TIẾP THEO"
    else:
        begins = "Từ đây là giấy tờ" if says.part else ""
        name = says.title or says.part or "GIẤY TỜ TIẾP THEO"
    more = " · ".join(part for part in (says.part, wanted.more) if part)
    return Sheet(separators.HEADLINES[says.parts], begins, name, more, payload(says), _FOOT)

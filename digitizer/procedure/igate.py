"""The procedure system VNPT iGate v2, as far as its calls are known: dossiers are found and read.

An adapter of ``procedure.port``, made by ``procedure.connect``. Its shapes come from programs that
speak to it (domain facts §7), no official text. The call that binds a file to a row of a dossier's
form is not known: nothing is uploaded, for a file that no row names would be lost to the office.
The papers wait, and can be carried as a folder meanwhile.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from digitizer.errors import (
    AnswerUnexpected,
    CodesNotGiven,
    DossierNotAtServer,
    NotAllowed,
    NotSupported,
)
from digitizer.identifiers import is_dossier_code, one_line
from digitizer.model import PaperKind
from digitizer.procedure.addresses import checked
from digitizer.procedure.opencps_http import Answer, Line, Patience
from digitizer.procedure.port import (
    Ability,
    Mark,
    NewDossier,
    PaperList,
    RequiredPaper,
    ServerDossier,
    Stored,
    StoredFile,
    Upload,
)
from digitizer.procedure.sign_in import PasswordGrant

log = logging.getLogger(__name__)

_CLIENT = "web-onegate"
_TOKEN_PATH = "/auth/realms/digo/protocol/openid-connect/token"  # noqa: S105 (an address)
_NOBODYS = "000.00.00.X00-000101-0000"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_ROWS = 1_000
_TEXT = 2_000


class IGate:
    """ProcedureSystem over VNPT iGate v2. One connection per call, none held in between."""

    abilities: ClassVar = frozenset({Ability.PAPERS})

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        sso: str = "",
        ca: str = "",
        patience: Patience | None = None,
    ) -> None:
        """Nothing is sent yet.

        Args:
            url: The address below which ``/pa/…`` answers.
            user: Account.
            password: Its password; kept in memory, sent to the sign-in alone, never logged.
            sso: The sign-in's address; empty: it is on the same host.
            ca: A CA (PEM) that is trusted for both beside those the machine trusts.
            patience: Time-outs.

        Raises:
            AddressUnusable: an address is no such thing, or the password would cross the network
                in clear.
            CertificateUnreadable, CertificateNotCa: ``ca`` is none.
        """
        there = checked(sso) if sso else ""
        self._line = Line(
            url,
            "",
            lambda origin: PasswordGrant((there or origin) + _TOKEN_PATH, _CLIENT, user, password),
            patience or Patience(),
            base_path="",
            sso=there,
            ca=ca,
        )

    def check(self) -> None:
        """Sign in and search for nobody's dossier; see the port."""
        self._search(_NOBODYS)

    def waiting(self) -> Iterator[ServerDossier]:
        """Yield nothing: no call that lists an office's dossiers is known."""
        return iter(())

    def find(self, code: str) -> ServerDossier:
        """Return the dossier with exactly this code."""
        wanted = code.strip()
        if not is_dossier_code(wanted.upper()):
            raise DossierNotAtServer(wanted[:60])
        for item in self._search(wanted):
            found = _dossier(item)
            if found is not None and found.code.upper() == wanted.upper():
                return found
        raise DossierNotAtServer(wanted)

    def papers(self, template: str) -> tuple[RequiredPaper, ...]:
        """Return the rows of a dossier's form: here each dossier has a list of its own."""
        return _papers(self._form(template))

    def papers_since(self, template: str, version: str) -> PaperList | None:
        """Return the same: no version of a form is told."""
        return PaperList(self.papers(template))

    def create(self, new: NewDossier) -> ServerDossier:
        """Raise CodesNotGiven: no such call is known."""
        raise CodesNotGiven

    def files(self, dossier_ref: str) -> tuple[StoredFile, ...]:
        """Return the files that the rows of a dossier's form name."""
        return _files(self._form(dossier_ref))

    def put(self, upload: Upload) -> Stored:
        """Raise NotSupported: nobody knows yet how a file becomes a row's."""
        raise NotSupported("VNPT iGate")

    def read(self, dossier_ref: str, key: str, into: Path) -> str | None:
        """Return None: nothing of ours can be there."""
        return None

    def break_off(self) -> None:
        """Cut every call that waits; see the port."""
        self._line.cut()

    def mark(self, marks: Iterable[Mark], told: Callable[[Mark], None]) -> None:
        """Raise NotSupported: no such call is known."""
        raise NotSupported("VNPT iGate")

    def _form(self, dossier_ref: str) -> list[Any]:
        """Return the rows of a dossier's form."""
        if not _ID.fullmatch(dossier_ref):
            raise DossierNotAtServer("not a dossier's number")
        with self._line.session() as session:
            answer = session.get(f"/pa/dossier/{quote(dossier_ref, safe='')}/--online")
        if answer.status in (400, 403, 404):
            raise DossierNotAtServer(dossier_ref)
        value = _expect(answer).json()
        rows = value.get("dossierFormFile") if isinstance(value, dict) else None
        if not isinstance(rows, list):
            raise AnswerUnexpected("a dossier without the rows of its form")
        return rows[:_ROWS]

    def _search(self, code: str) -> list[Any]:
        with self._line.session() as session:
            value = _expect(session.get("/pa/dossier/search", {"code": code})).json()
        items = value.get("content") if isinstance(value, dict) else None
        if not isinstance(items, list):
            raise AnswerUnexpected("no result of a search")
        return items


def _expect(answer: Answer) -> Answer:
    if answer.status == 403:
        raise NotAllowed
    if answer.status != 200:
        raise AnswerUnexpected(f"status {answer.status}")
    return answer


def _dossier(item: Any) -> ServerDossier | None:
    """Read one hit of a search; what else it tells has no name that is known."""
    if not isinstance(item, dict):
        return None
    ref, code = _text(item.get("id")), _text(item.get("code"))
    if not _ID.fullmatch(ref) or not code:
        return None
    return ServerDossier(ref, code, "", "", "", "", template=ref)


def _papers(rows: list[Any]) -> tuple[RequiredPaper, ...]:
    found: dict[str, RequiredPaper] = {}
    for row in rows:
        form = row.get("procedureForm") if isinstance(row, dict) else None
        part = _text(form.get("id")) if isinstance(form, dict) else ""
        if not isinstance(form, dict) or not part:
            continue
        asked = row.get("requirement")
        quantity = asked.get("quantity") if isinstance(asked, dict) else None
        many = isinstance(quantity, int) and not isinstance(quantity, bool) and quantity > 1
        title = _text(form.get("name")) or part
        paper = RequiredPaper(part, title, PaperKind.COMPONENT, required=True, multiple=many)
        found.setdefault(part, paper)
    if len(found) < len(rows):
        log.warning("%d of %d rows of a form left out", len(rows) - len(found), len(rows))
    return tuple(found.values())


def _files(rows: list[Any]) -> tuple[StoredFile, ...]:
    found = []
    for row in rows:
        form = row.get("procedureForm") if isinstance(row, dict) else None
        listed = row.get("file") if isinstance(row, dict) else None
        part = _text(form.get("id")) if isinstance(form, dict) else ""
        for file in listed[:_ROWS] if isinstance(listed, list) else ():
            key = _text(file.get("id")) if isinstance(file, dict) else ""
            if not key:
                continue
            size = file.get("size")
            told = isinstance(size, int) and not isinstance(size, bool) and size >= 0
            mark = f"{_text(file.get('uuid'))} {_text(size)}"
            title = _text(file.get("filename"))
            found.append(StoredFile(key, part, title, size if told else -1, mark))
    return tuple(found)


def _text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 2**63 else ""
    if not isinstance(value, str):
        return ""
    return one_line(value[:_TEXT].encode("utf-8", "replace").decode("utf-8"))

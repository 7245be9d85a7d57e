"""The procedure system OpenCPS v2 (VietOpenCPS/opencps-v2), over its HTTP API.

An adapter of ``procedure.port``, made by ``procedure.connect``. Holds what an uploader must know
of that server (domain facts §6): a storage failure answers 200, so nothing counts as stored
before it was downloaded and hashed; a form without its file wipes the file, so the file always
goes along; neither clock is trusted. Knows no store and no work table.

How a paper gets there exactly once: the first send carries the oldest ``modifiedDate`` there is,
so the server itself refuses to touch a row that exists. Only after looking at what the row holds
(nothing, ours, an older version of ours) is anything overwritten.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from digitizer.errors import (
    AnswerUnexpected,
    DigitizerError,
    DossierNotAtServer,
    FileMissing,
    ReceiptMismatch,
    ServerTrouble,
    UploadConflict,
    UploadRefused,
)
from digitizer.procedure import opencps_dossiers
from digitizer.procedure import opencps_shapes as shapes
from digitizer.procedure.opencps_dossiers import expect as _expect
from digitizer.procedure.opencps_dossiers import files_path as _files_path
from digitizer.procedure.opencps_dossiers import segment as _segment
from digitizer.procedure.opencps_http import Answer, Line, Patience, Session
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
from digitizer.procedure.sendable import check_file
from digitizer.procedure.sign_in import EachCall, PortalSession, SignIn

log = logging.getLogger(__name__)

_PAGE = 100
_PAGES = 200
_OLDEST = "1"  # epoch ms: older than any row, so an existing row is a conflict, never overwritten
_CONFLICT = "conflict dossier file"
_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,63}")


class _Held(Struct, frozen=True):
    """What the server has under a key: a row or none, and the hash of its bytes if it has any."""

    row: bool
    sha256: str | None = None


class OpenCps:
    """ProcedureSystem over OpenCPS v2. One connection per call, none held in between."""

    abilities: ClassVar = frozenset(Ability)

    def __init__(
        self,
        url: str,
        group: str,
        user: str,
        password: str,
        *,
        session: bool = False,
        ca: str = "",
        patience: Patience | None = None,
    ) -> None:
        """Nothing is sent yet.

        Args:
            url: ``https://<host>/o/rest/v2``, or the host alone. Plain http only to this
                machine or a private address.
            group: The site's number, header ``groupId``.
            user: Account.
            password: Its password; kept in memory, sent to this host alone, never logged.
            session: Sign in once for many calls, as the portal's own pages do, instead of sending
                the account along with each.
            ca: A CA (PEM) that is trusted for this host beside those the machine trusts.
            patience: Time-outs.

        Raises:
            AddressUnusable: the address or group is no such thing, or the password would cross
                the network in clear.
            CertificateUnreadable, CertificateNotCa: ``ca`` is none.
        """

        def sign_in(origin: str) -> SignIn:
            return PortalSession(origin, user, password) if session else EachCall(user, password)

        self._line = Line(url, group, sign_in, patience or Patience(), ca=ca)

    def check(self) -> None:
        """Sign in and return; see the port."""
        with self._line.session() as session:
            answer = session.get("/dossiers", {"start": 0, "end": 1})
            shapes.page(_expect(answer).json())

    def waiting(self) -> Iterator[ServerDossier]:
        """Yield the dossiers on this account's list; those without a mã hồ sơ are left out."""
        with self._line.session() as session:
            yield from _listed(session, "/dossiers/todo", {})

    def find(self, code: str) -> ServerDossier:
        """Return the dossier with exactly this code; the server's own search is a looser one."""
        wanted = code.strip()
        with self._line.session() as session:
            for found in _listed(session, "/dossiers", {"dossierNo": wanted}):
                if found.code.upper() == wanted.upper():
                    return found
        raise DossierNotAtServer(wanted)

    def papers(self, template: str) -> tuple[RequiredPaper, ...]:
        """Return the template's parts."""
        found = self.papers_since(template, "")
        return found.papers if found is not None else ()

    def papers_since(self, template: str, version: str) -> PaperList | None:
        """Return the template's parts with its ETag; an unchanged template is a 304."""
        path = f"/dossiertemplates/{_segment(template)}"
        with self._line.session() as session:
            answer = session.get(path, headers={"If-None-Match": version} if version else None)
            if answer.status == 304:
                if version:
                    return None
                answer = session.get(path, headers={"Cache-Control": "no-cache"})
            return PaperList(_parts(session, _expect(answer).json()), answer.etag)

    def create(self, new: NewDossier) -> ServerDossier:
        """Begin a dossier, or find the one that is there under our key; see the port."""
        with self._line.session() as session:
            return opencps_dossiers.create(session, new)

    def files(self, dossier_ref: str) -> tuple[StoredFile, ...]:
        """Return the files in a dossier; see the port."""
        with self._line.session() as session:
            return opencps_dossiers.files(session, dossier_ref)

    def put(self, upload: Upload) -> Stored:
        """Make the server hold the file exactly once and prove it; see the port."""
        _check(upload)
        with self._line.session() as session, upload.passage.over(session.cut):
            if not _carries_code(session, upload.dossier_ref, upload.code):
                raise DossierNotAtServer(upload.name)
            held = _look(session, upload) if upload.tried else _Held(row=False)
            if not held.row:
                if _add(session, upload):
                    return _proven(session, upload)
                held = _look(session, upload)
                if not held.row:
                    raise ServerTrouble(f"{upload.part}: a conflict with a file it does not have")
            if held.sha256 == upload.sha256:
                return Stored(upload.sha256, upload.key)
            if held.sha256 is None:
                _refill(session, upload)
            elif held.sha256 in upload.known:
                _replace(session, upload)
            else:
                raise UploadConflict(upload.part)
            return _proven(session, upload)

    def read(self, dossier_ref: str, key: str, into: Path) -> str | None:
        """Download what is stored under ``key``; see the port."""
        with self._line.session() as session:
            return session.download(_file_path(dossier_ref, key), into).sha256

    def break_off(self) -> None:
        """Cut every call that waits; see the port."""
        self._line.cut()

    def mark(self, marks: Iterable[Mark], told: Callable[[Mark], None]) -> None:
        """Tell how many papers of parts were received, over one connection; see the port.

        The server takes a mark as a whole: what it has noted so far (which kind of copy, whether
        an officer looked at it, the remark) is read first and goes back with it.
        """
        with self._line.session() as session:
            seen = None
            for mark in marks:
                path = f"/dossiers/{mark.dossier_ref}/marks"
                if seen is None:
                    if not _carries_code(session, mark.dossier_ref, mark.code):
                        raise DossierNotAtServer(mark.part)
                    seen = session.get(path)  # builds without such a list answer 403 or 404
                noted = shapes.noted(seen.json() if seen.status == 200 else None, mark.part)
                if noted.count != str(mark.count):
                    _note(session, f"{path}/{_segment(mark.part)}", mark, noted)
                told(mark)


def _note(session: Session, path: str, mark: Mark, noted: shapes.Noted) -> None:
    """Have the server note a count beside what it has noted."""
    fields = {"fileCheck": noted.checked or "1", "fileComment": noted.comment}
    fields |= {"fileMark": noted.kind} if noted.kind else {}  # no number, no field
    fields |= {"recordCount": str(mark.count)}
    answer = session.post(path, fields)
    if answer.status in (400, 403) and answer.description() is not None:
        raise UploadRefused(f"{mark.part}: no mark, status {answer.status}")
    _expect(answer)


def _listed(session: Session, path: str, query: dict[str, str]) -> Iterator[ServerDossier]:
    """Yield the dossiers of a list, page by page, each once, however the server counts."""
    seen: set[str] = set()
    left_out = 0
    for number in range(_PAGES):
        window = {"start": number * _PAGE, "end": (number + 1) * _PAGE}
        listed = shapes.page(_expect(session.get(path, {**query, **window})).json())
        news = False
        for item in listed.items:
            found = shapes.dossier(item)
            if found is None:
                left_out += 1
            elif found.ref not in seen:
                seen.add(found.ref)
                news = True
                yield found
        ended = listed.total is not None and (number + 1) * _PAGE >= listed.total
        if ended or not news or len(listed.items) < _PAGE:
            break
    if left_out:
        log.info("%d dossiers without a code left out of %s", left_out, path)


def _parts(session: Session, template: object) -> tuple[RequiredPaper, ...]:
    """Return the parts inside a template's answer, or ask for them where it holds none."""
    if not isinstance(template, dict):
        raise AnswerUnexpected("not a template")
    inside = template.get("dossierParts")
    if isinstance(inside, list):
        return shapes.parts(inside)
    number = shapes.template_id(template)
    if number is None:
        raise AnswerUnexpected("a template without parts")
    answer = session.get(f"/dossiertemplates/{number}/parts")
    return shapes.parts(shapes.page(_expect(answer).json()).items)


def _check(upload: Upload) -> None:
    """Refuse to send what could not be stored or proven."""
    if not _KEY.fullmatch(upload.key) or not upload.part:
        raise UploadRefused("no key or no part")
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._-]{0,199}", upload.name):
        raise UploadRefused(f"{upload.part}: the file name is not plain ASCII")
    check_file(upload)


def _look(session: Session, upload: Upload) -> _Held:
    """Download and hash what is there. A 403 is the server's word for 'no such file'."""
    found = session.download(_own_path(upload), None, upload.file.stat().st_size)
    if found.status in (200, 204):
        return _Held(True, found.sha256)
    if found.status == 403:
        return _Held(False)
    raise AnswerUnexpected(f"status {found.status}")


def _add(session: Session, upload: Upload) -> bool:
    """Send the file without touching a row that exists; False where there is one."""
    answer = _send(session, upload, _files_path(upload.dossier_ref), {"modifiedDate": _OLDEST})
    if answer.status == 200:
        return True
    if _is_conflict(answer):
        return False
    raise _refusal(session, upload, answer)


def _refill(session: Session, upload: Upload) -> None:
    """Send the file to a row that has lost its bytes: add without ``modifiedDate`` (the server
    takes its own clock), or replace where that clock was put back since."""
    _send_over(session, upload, _files_path(upload.dossier_ref), _own_path(upload))


def _replace(session: Session, upload: Upload) -> None:
    """Send a new version; some builds look for the row in the wrong dossier, so add as well."""
    _send_over(session, upload, _own_path(upload), _files_path(upload.dossier_ref))


def _send_over(session: Session, upload: Upload, path: str, otherwise: str) -> None:
    answer = _send(session, upload, path, {})
    if answer.status != 200 and (_is_conflict(answer) or answer.description() == ""):
        if _look(session, upload).sha256 == upload.sha256:
            return  # it came twice on its way: the first was taken, the second answered
        answer = _send(session, upload, otherwise, {})
    if _is_conflict(answer):
        raise ServerTrouble(f"{upload.part}: neither added nor replaced")
    if answer.status != 200:
        raise _refusal(session, upload, answer)


def _proven(session: Session, upload: Upload) -> Stored:
    """Read back what was just accepted; send it once more if the server lost or broke it."""
    held = _look(session, upload)
    if held.row and held.sha256 != upload.sha256:
        log.warning("part %s was accepted but not kept; sending it once more", upload.part)
        _refill(session, upload)
        held = _look(session, upload)
    if held.sha256 == upload.sha256:
        return Stored(upload.sha256, upload.key)
    if not held.row:
        raise ServerTrouble(f"{upload.part}: accepted, but not there")
    what = "other" if held.sha256 else "no"
    raise ReceiptMismatch(f"{upload.part}: {what} bytes", held.sha256 or "")


def _send(session: Session, upload: Upload, path: str, more: dict[str, str]) -> Answer:
    """Post every field the server knows, blank where unknown, and always the file itself."""
    fields = {
        "referenceUid": upload.key,
        "dossierTemplateNo": upload.template,
        "dossierPartNo": upload.part,
        "fileTemplateNo": upload.file_template,
        "displayName": upload.title,
        "fileType": "pdf",
        "isSync": "false",
        "formData": "",
        "removed": "false",
        "eForm": "false",
        **more,
    }
    try:
        with upload.file.open("rb") as file:
            size = upload.file.stat().st_size
            return session.post_file(
                path, fields, upload.name, file, size, upload.told, upload.passage
            )
    except OSError as error:
        raise FileMissing(upload.name) from error


def _is_conflict(answer: Answer) -> bool:
    if answer.status == 409:  # older builds
        return True
    return answer.status == 403 and (answer.description() or "").casefold() == _CONFLICT


def _carries_code(session: Session, dossier_ref: str, code: str) -> bool:
    """Tell whether the dossier to send to is the one meant: keys of another server, or of one
    that was set up anew, name somebody else's."""
    _files_path(dossier_ref)
    asked = session.get(f"/dossiers/{_segment(dossier_ref)}")
    if asked.status == 404 or (asked.status == 403 and asked.description() is not None):
        return False
    found = shapes.dossier(_expect(asked).json())
    return found is not None and found.code.upper() == code.upper()


def _refusal(session: Session, upload: Upload, answer: Answer) -> DigitizerError:
    """Return what a refused upload means. A 403 that says nothing: the dossier, or a fault."""
    if answer.status == 403 and answer.description() == "":
        if _carries_code(session, upload.dossier_ref, upload.code):
            return ServerTrouble(f"{upload.part}: refused without a reason")
        return DossierNotAtServer(upload.name)
    if answer.status in (400, 403, 413):
        return UploadRefused(f"{upload.part}, status {answer.status}")
    return AnswerUnexpected(f"status {answer.status}")


def _file_path(dossier_ref: str, key: str) -> str:
    if not _KEY.fullmatch(key):
        raise UploadRefused("not a file's key")
    return f"{_files_path(dossier_ref)}/{key}"


def _own_path(upload: Upload) -> str:
    return _file_path(upload.dossier_ref, upload.key)

"""OpenCPS v2: dossiers that are begun there, and the files that are in one.

Called by ``opencps``, which holds the rest of the API. Knows no store.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from digitizer.errors import (
    AnswerUnexpected,
    CreationRefused,
    DossierNotAtServer,
    NotAllowed,
    ServerTrouble,
)
from digitizer.procedure import opencps_shapes as shapes
from digitizer.procedure.opencps_http import Answer, Session
from digitizer.procedure.port import NewDossier, ServerDossier, StoredFile

_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,63}")
_REF = re.compile(r"[0-9]{1,18}")


def expect(answer: Answer) -> Answer:
    """Return the answer to a question if it is one. Raises what its status means."""
    if answer.status == 200:
        return answer
    if answer.status == 403 and answer.description() is not None:
        raise ServerTrouble("status 403")
    if answer.status == 403:
        raise NotAllowed
    raise AnswerUnexpected(f"status {answer.status}")


def segment(text: str) -> str:
    """Return ``text`` as one step of a path."""
    if not text.strip(". "):
        raise AnswerUnexpected("no name to ask for")
    return quote(text, safe="")


def files_path(dossier_ref: str) -> str:
    """Return where a dossier's files are. Raises ``DossierNotAtServer`` for what is no number."""
    if not _REF.fullmatch(dossier_ref):
        raise DossierNotAtServer("not a dossier's number")
    return f"/dossiers/{dossier_ref}/files"


def create(session: Session, new: NewDossier) -> ServerDossier:
    """Begin a dossier under our key, or find the one that is there under it.

    Looked for first: an answer that never came must not make a second one, whatever the server
    does with a key that it knows.
    """
    if not _KEY.fullmatch(new.key):
        raise CreationRefused("no key")
    there = _under(session, new.key)
    if there is not None:
        return there
    fields = {
        "referenceUid": new.key,
        "serviceCode": new.procedure_code,
        "govAgencyCode": new.agency,
        "dossierTemplateNo": new.template,
        "applicantName": new.holder,
        "applicantIdType": new.holder_kind,
        "applicantIdNo": new.holder_id,
        "address": new.address,
        "contactTelNo": new.phone,
    }
    answer = session.post("/dossiers", fields)
    if answer.status in (400, 403, 409):
        there = _under(session, new.key)  # it came twice, or late
        if there is None:
            raise CreationRefused(f"status {answer.status}")
        return there
    made = shapes.new_dossier(expect(answer).json())
    if made is None:
        raise AnswerUnexpected("a dossier without a number")
    return made


def files(session: Session, dossier_ref: str) -> tuple[StoredFile, ...]:
    """Return the files in a dossier."""
    answer = session.get(files_path(dossier_ref))
    if answer.status == 404 or (answer.status == 403 and answer.description() == ""):
        raise DossierNotAtServer("it has no list of files")
    listed = shapes.page(expect(answer).json())
    if listed.total is not None and listed.total > len(listed.items):
        raise AnswerUnexpected("a part of a list of files")
    return shapes.files(listed.items)


def _under(session: Session, key: str) -> ServerDossier | None:
    """Return the dossier that was begun under our key, or None: a 403 is the server's word for
    'no such dossier'."""
    answer = session.get(f"/dossiers/{segment(key)}")
    if answer.status == 404 or (answer.status == 403 and answer.description() is not None):
        return None
    found = shapes.new_dossier(expect(answer).json())
    if found is None:
        raise AnswerUnexpected("a dossier without a number")
    return found

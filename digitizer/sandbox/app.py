"""The HTTP side of the sandbox: OpenCPS v2's calls, statuses and error bodies as Starlette routes.

Made by ``server``. Status codes after domain facts §6: 203 not signed in, 401 not this group's
account, 403 with ``{message, code, description}`` for everything else, 204 for a row without
bytes. What the server remembers is ``records``; what goes wrong on purpose is ``gate`` and, for
uploads, here.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import zxingcpp
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from digitizer.sandbox import answers, igate, portal
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.gate import Cutter, Gate, no_answer, stray_page
from digitizer.sandbox.records import Form, Records, Refused, Row

BASE_PATH = "/o/rest/v2"
_FIELD_BYTES = 1024 * 1024
_NEEDED = (
    "referenceUid", "dossierTemplateNo", "dossierPartNo", "fileTemplateNo", "displayName",
    "fileType", "isSync", "formData",
)  # fmt: skip
_PLAIN_NAME = re.compile(r"[0-9A-Za-z._ -]{1,200}")

Handler = Callable[[Request], Awaitable[Response]]


def make(
    records: Records,
    faults: Faults,
    cut: Cutter,
    capacity: int | None = None,
    heard: Callable[[int], None] = lambda _status: None,
) -> Starlette:
    """Return the application: routes behind the gate that signs in and misbehaves."""
    calls = _Calls(records, faults)
    one, file = "/dossiers/{id}", "/dossiers/{id}/files/{key}"
    routes = [
        Route("/dossiers", calls.search),
        Route("/dossiers", calls.create, methods=["POST"]),
        Route("/dossiers/todo", calls.todo),
        Route(one, calls.show),
        Route(f"{one}/barcode", calls.barcode),
        Route(f"{one}/qrcode", calls.qrcode),
        Route(f"{one}/marks", calls.marks),
        Route(f"{one}/marks/{{part}}", calls.mark, methods=["POST"]),
        Route(f"{one}/files", calls.files),
        Route(f"{one}/files", calls.upload, methods=["POST"]),
        Route(file, calls.download),
        Route(file, calls.replace, methods=["POST"]),
        Route(file, calls.remove, methods=["DELETE"]),
        Route("/dossiertemplates", calls.templates),
        Route("/dossiertemplates/{id}", calls.template),
        Route("/dossiertemplates/{id}/parts", calls.parts),
    ]
    sessions = portal.Sessions(faults)
    gate = Middleware(
        Gate,
        faults=faults,
        cut=cut,
        sessions=sessions,
        below=BASE_PATH,
        capacity=capacity,
        heard=heard,
    )
    beside = [*portal.routes(sessions), *igate.routes(records, faults)]
    return Starlette(
        routes=[Mount(BASE_PATH, routes=routes), *beside],
        middleware=[gate],
        exception_handlers={Refused: _refused, HTTPException: _bad_request},
    )


async def _refused(_: Request, error: Exception) -> Response:
    description = error.description if isinstance(error, Refused) else ""
    body = {"message": "No Content.", "code": 403, "description": description}
    return JSONResponse(body, 403)


async def _bad_request(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return Response(status_code=status)


class _Calls:
    """The calls, one method each. Rows are read and written off the event loop."""

    def __init__(self, records: Records, faults: Faults) -> None:
        self._records = records
        self._faults = faults
        self._delayed: list[Callable[[], Row]] = []

    # --- dossiers ---

    async def search(self, request: Request) -> Response:
        """Find dossiers, loosely: every text given must be somewhere in its field."""
        rows = await run_in_threadpool(self._records.dossiers)
        asked = request.query_params
        number, holder = asked.get("dossierNo", ""), asked.get("applicantIdNo", "")
        states = [state for state in asked.get("status", "").split(",") if state]
        word = asked.get("keyword", "").casefold()
        found = [
            row
            for row in rows
            if number.casefold() in row["no"].casefold()
            and holder in row["holder_id"]
            and (not states or row["status"] in states)
            and word in f"{row['no']} {row['holder']} {row['service_name']}".casefold()
        ]
        return _window(request, found)

    async def todo(self, request: Request) -> Response:
        """List what waits at this desk."""
        rows = await run_in_threadpool(self._records.dossiers)
        return _window(request, [row for row in rows if row["status"] not in _ENDED])

    async def show(self, request: Request) -> Response:
        return JSONResponse(self._told(await self._dossier(request)))

    async def create(self, request: Request) -> Response:
        fields = {key: str(value) for key, value in (await _form(request)).items()}
        row = await run_in_threadpool(self._records.add_dossier, fields)
        if self._faults.take(Fault.LATE_ANSWER):
            return no_answer()
        return JSONResponse(self._told(row))

    async def barcode(self, request: Request) -> Response:
        number = (await self._dossier(request))["no"]
        code = answers.picture(number, zxingcpp.BarcodeFormat.Code128)
        return Response(code, media_type="image/png")

    async def qrcode(self, request: Request) -> Response:
        number = (await self._dossier(request))["no"]
        code = answers.picture(number, zxingcpp.BarcodeFormat.QRCode)
        return Response(code, media_type="image/png")

    async def marks(self, request: Request) -> Response:
        """List what was noted about a dossier's parts."""
        dossier = await self._dossier(request)
        rows = await run_in_threadpool(self._records.marks, dossier["id"])
        return JSONResponse({"total": len(rows), "data": [answers.mark(row) for row in rows]})

    async def mark(self, request: Request) -> Response:
        """Note the received count of a part: what is not sent stays, but for the remark."""
        dossier = await self._dossier(request)
        if self._faults.take(Fault.MARK_REFUSED):
            raise Refused
        form = await _form(request)
        if any(form.get(name) == "" for name in ("fileMark", "fileCheck")):
            raise HTTPException(400)  # the framework cannot read a number from nothing
        fields: dict[str, int | str | None] = {
            "mark": _int(form.get("fileMark")),
            "checked": _int(form.get("fileCheck")),
            "comment": str(form.get("fileComment") or ""),
            "count": _int(form.get("recordCount")),
        }
        part = request.path_params["part"]
        _, parts = await run_in_threadpool(self._records.template, dossier["template"])
        if part not in {row["no"] for row in parts}:
            raise Refused("NoSuchDossierPartException")
        row = await run_in_threadpool(self._records.set_mark, dossier["id"], part, fields)
        return JSONResponse(answers.mark(row))

    # --- templates ---

    async def templates(self, request: Request) -> Response:
        rows = await run_in_threadpool(self._records.templates)
        data = [answers.template(row, None) for row in rows]
        return JSONResponse({"total": len(data), "data": data})

    async def template(self, request: Request) -> Response:
        row, parts = await run_in_threadpool(self._records.template, request.path_params["id"])
        etag = self._records.etag(row, parts)
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return JSONResponse(answers.template(row, parts), headers={"ETag": etag})

    async def parts(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        if not wanted.isdecimal():
            raise HTTPException(404)
        _, parts = await run_in_threadpool(self._records.template, wanted)
        return JSONResponse({"total": len(parts), "data": [answers.part(p) for p in parts]})

    # --- files ---

    async def files(self, request: Request) -> Response:
        dossier = await self._dossier(request)
        rows = await run_in_threadpool(self._records.files, dossier["id"])
        return JSONResponse({"total": len(rows), "data": [answers.file(row) for row in rows]})

    async def upload(self, request: Request) -> Response:
        """Add or change a file; see ``Records.add_file``."""
        async with request.form(max_files=1, max_part_size=_FIELD_BYTES) as sent:
            if any(field not in sent for field in _NEEDED):
                raise HTTPException(400)
            dossier = await self._dossier(request)
            name, blob = await self._kept(sent)
            form = _upload_form(sent, name)
        return await self._stored(
            request,
            lambda: self._records.note_arrival(dossier["id"], form.reference, blob),
            lambda: self._records.add_file(dossier, form, blob),
        )

    async def replace(self, request: Request) -> Response:
        """Give a file new bytes."""
        async with request.form(max_files=1, max_part_size=_FIELD_BYTES) as sent:
            if self._faults.take(Fault.REPLACE_BROKEN):
                raise Refused
            dossier = await self._dossier(request)
            name, blob = await self._kept(sent)
        key = request.path_params["key"]
        return await self._stored(
            request,
            lambda: self._records.note_arrival(dossier["id"], key, blob),
            lambda: self._records.replace_file(dossier["id"], key, name, blob),
        )

    async def download(self, request: Request) -> Response:
        row = await self._file(request)
        path = self._records.blob(row)
        if self._faults.take(Fault.PORTAL):
            return stray_page()
        if path is None:
            return Response(status_code=204)
        return FileResponse(path, media_type="application/pdf", filename=row["name"])

    async def remove(self, request: Request) -> Response:
        row = await self._file(request)
        await run_in_threadpool(self._records.remove_file, row["dossier"], row["reference"])
        return JSONResponse(answers.file(row))

    # --- inside ---

    def _told(self, row: Row) -> dict[str, object]:
        told = answers.dossier(row)
        return {**told, "dossierNo": ""} if self._faults.take(Fault.NO_CODE) else told

    async def _dossier(self, request: Request, *, by_no: bool = True) -> Row:
        wanted = request.path_params["id"]
        return await run_in_threadpool(self._records.dossier, wanted, by_no=by_no)

    async def _file(self, request: Request) -> Row:
        dossier = await self._dossier(request, by_no=False)
        return await run_in_threadpool(
            self._records.file, dossier["id"], request.path_params["key"]
        )

    async def _kept(self, sent: FormData) -> tuple[str, str | None]:
        """Take in the file of a form: its name as the store has it, and where its bytes are."""
        file = sent.get("file")
        if not isinstance(file, UploadFile):
            return "", None
        name = file.filename or ""
        if not _PLAIN_NAME.fullmatch(name):
            name = f"{time.time_ns() // 1_000_000}.pdf"
        return name, await run_in_threadpool(self._records.keep, file.file)

    async def _stored(
        self, request: Request, note: Callable[[], None], store: Callable[[], Row]
    ) -> Response:
        """Store a file that has come in whole, as often and as late as the faults will have it."""
        await run_in_threadpool(note)
        if self._faults.take(Fault.DELAYED):
            self._delayed.append(store)
            return no_answer()
        late, self._delayed = self._delayed, []
        try:
            row = await run_in_threadpool(store)
            if self._faults.take(Fault.REPEATED):
                row = await run_in_threadpool(store)
        finally:
            for one in late:
                with contextlib.suppress(Refused):
                    await run_in_threadpool(one)
        return await self._answer_upload(row)

    async def _answer_upload(self, row: Row) -> Response:
        if self._faults.take(Fault.NO_BYTES) or self._faults.take_first(
            Fault.NO_BYTES_ONCE, row["reference"]
        ):
            await run_in_threadpool(self._records.lose_bytes, row)
        elif self._faults.take(Fault.WRONG_BYTES):
            await run_in_threadpool(self._records.damage_bytes, row)
        if self._faults.take(Fault.LATE_ANSWER):
            return no_answer()
        return JSONResponse(answers.file(row))


_ENDED = frozenset({"done", "cancelled", "denied", "unresolved"})


async def _form(request: Request) -> FormData:
    try:
        return await request.form(max_files=1, max_part_size=_FIELD_BYTES)
    except MultiPartException:
        raise HTTPException(400) from None


def _upload_form(sent: FormData, name: str) -> Form:
    text = {key: str(value) for key, value in sent.items() if not isinstance(value, UploadFile)}
    modified = text.get("modifiedDate")
    if modified is not None and _int(modified) is None:
        raise HTTPException(400)
    return Form(
        reference=text["referenceUid"],
        part=text["dossierPartNo"],
        template=text["dossierTemplateNo"],
        display=text["displayName"],
        name=name,
        type=text["fileType"],
        form=text["formData"] if text.get("eForm") == "true" else "",
        modified=_int(modified),
    )


def _window(request: Request, rows: list[Row]) -> Response:
    """Return the rows from ``start`` to before ``end``; without an end, all of them."""
    start, end = (_int(request.query_params.get(name)) or 0 for name in ("start", "end"))
    shown = rows[start:end] if end else rows
    return JSONResponse({"total": len(rows), "data": answers.dossiers(shown)})


def _int(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def open_records(home: Path) -> Records:
    """Return the sandbox's memory in ``home``, which is made if need be."""
    home.mkdir(parents=True, exist_ok=True)
    return Records(home)

"""A stand-in for the VGCA signing service: WebSocket over TLS, files over HTTP, as it is described.

It signs with a key of its own, through pyHanko alone. ``fault`` makes it err as services do.
"""

from __future__ import annotations

import io
import json
import re
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

import httpx
import trustme
from pyhanko.pdf_utils.generic import NameObject, NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from websockets.sync.server import Server, ServerConnection, serve

from tests.signing.issuing import PASSWORD

Fault = Callable[["Vgca", dict[str, str]], object]


class Vgca:
    """The service; use it as a context manager."""

    def __init__(self, folder: Path, keyfile: Path) -> None:
        ca = trustme.CA()
        self.trust = folder / "trust"
        self.trust.mkdir()
        ca.cert_pem.write_to_path(str(self.trust / "vgca.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert("127.0.0.1").configure_cert(context)
        signer = SimpleSigner.load_pkcs12(str(keyfile), passphrase=PASSWORD.encode())
        assert signer is not None
        self.signer = signer
        self.fault: Fault | None = None
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._server: Server = serve(self._talk, "127.0.0.1", 0, ssl=context)
        port = self._server.socket.getsockname()[1]
        self.address = f"wss://127.0.0.1:{port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()

    def _talk(self, line: ServerConnection) -> None:
        assert line.request is not None
        asked = json.loads(line.recv())
        self.asked.append((line.request.path, asked))
        if self.fault is not None:
            answer = self.fault(self, asked)
            if answer is not None:
                line.send(answer if isinstance(answer, str) else json.dumps(answer))
            return
        self.post(asked, self.signed(self.fetch(asked)))
        line.send(json.dumps(ok()))

    def fetch(self, asked: dict[str, str]) -> bytes:
        """Fetch what is to be signed."""
        return httpx.get(asked["FileName"]).content

    def signed(self, data: bytes, change: Callable[[IncrementalPdfFileWriter], None] = id) -> bytes:
        """Sign it; ``change`` does something more to it first, in the same revision."""
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        change(writer)
        about = PdfSignatureMetadata(
            field_name="VGCA", subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
        )
        out = PdfSigner(about, signer=self.signer).sign_pdf(writer)
        return bytes(out.getbuffer())

    def post(self, asked: dict[str, str], data: bytes, field: str = "uploadfile") -> int:
        """Post what came of it; return the status."""
        files = {field: ("a.pdf", data, "application/pdf")}
        return httpx.post(asked["FileUploadHandler"], files=files).status_code


def ok(status: int = 0) -> dict[str, object]:
    """Return the service's answer."""
    return {"Status": status, "Message": "", "FileName": "a.pdf", "FileServer": "a.pdf"}


def turn_page(writer: IncrementalPdfFileWriter) -> None:
    """Change what is shown."""
    page = writer.find_page_for_modification(0)[0].get_object()
    page[NameObject("/Rotate")] = NumberObject(180)
    writer.update_container(page)


def elsewhere(address: str) -> str:
    """Return the address with another path that nobody told."""
    return re.sub(r"(://[^/]+)/.*", r"\1/guessed", address)

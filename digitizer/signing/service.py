"""The VGCA signing service of this machine, which asks for its PIN and shows its windows itself.

Called by the signing program. One WebSocket message names where it fetches the file and where it
posts what came of it (``exchange``). What it signs with, and where on the page, it decides with the
signer; whether what came back may be kept is for ``verdict`` to say.
"""

from __future__ import annotations

import json
import ssl
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto import pem
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import ClientConnection, connect

from digitizer.errors import (
    SigningServiceMissing,
    SigningServiceRefused,
    SigningServiceUntrusted,
)
from digitizer.pages.signatures import certificates_in
from digitizer.signing.exchange import Exchange
from digitizer.signing.model import Look
from digitizer.signingrules import is_service

_PATHS = {Look.PERSONAL: "SignApproved", Look.COPY: "SignCopy"}
_GREETING_SECONDS = 10
_SIGNER_SECONDS = 570
"""People read, choose a place and type a PIN meanwhile."""
_MOST_ANSWER = 64 * 1024


class Service:
    """The service at an address of this machine."""

    def __init__(self, address: str, authorities: Path | None) -> None:
        """Raises ``SigningServiceUntrusted`` unless ``address`` is ``wss://`` and of this machine.

        ``authorities``: a folder of certificates that may speak for it besides the system's.
        """
        if not is_service(address):
            raise SigningServiceUntrusted("no wss:// address of this machine")
        self._base = f"wss://{urlsplit(address).netloc}"
        self._trust = ssl.create_default_context()
        for one in certificates_in(authorities) if authorities is not None else ():
            text = pem.armor("CERTIFICATE", one.dump()).decode("ascii")
            self._trust.load_verify_locations(cadata=text)

    def sign(self, source: Path, out: Path, look: Look) -> None:
        """Have ``source`` signed; write what comes back, unchecked, to ``out``.

        Raises:
            SigningServiceMissing, SigningServiceUntrusted, SigningServiceRefused: as they say.
        """
        with self._connected(look) as line, Exchange(source, out) as exchange:
            line.send(
                json.dumps(
                    {
                        "FileUploadHandler": exchange.address("upload"),
                        "SessionId": uuid.uuid4().hex,
                        "JWTToken": "",
                        "FileName": exchange.address("file"),
                        "MetaData": [],
                    }
                )
            )
            try:
                answer = line.recv(timeout=_SIGNER_SECONDS)
            except TimeoutError as error:
                raise SigningServiceRefused("no answer") from error
            except ConnectionClosed as error:
                raise SigningServiceRefused("it broke off") from error
            status = _status(answer)
            if status != 0:
                raise SigningServiceRefused(f"status {status}")
            if not exchange.received.is_set():
                raise SigningServiceRefused("it gave nothing back")

    def _connected(self, look: Look) -> ClientConnection:
        try:
            return connect(
                f"{self._base}/{_PATHS[look]}",
                ssl=self._trust,
                open_timeout=_GREETING_SECONDS,
                close_timeout=2,
                max_size=_MOST_ANSWER,
                compression=None,
                proxy=None,
            )
        except ssl.SSLCertVerificationError as error:
            raise SigningServiceUntrusted(error.verify_message) from error
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI, EOFError) as error:
            raise SigningServiceMissing(type(error).__name__) from error


def _status(answer: str | bytes) -> int:
    """Return the number that an answer says; its message may name people and is left unread."""
    try:
        value = json.loads(answer)
        status = value["Status"]
    except (ValueError, TypeError, KeyError) as error:
        raise SigningServiceRefused("its answer makes no sense") from error
    if isinstance(status, bool) or not isinstance(status, int):
        raise SigningServiceRefused("its answer makes no sense")
    return status

"""The signing program: ``python -m digitizer.signing``. It alone holds a key and its PIN.

A ``Session`` keeps it and speaks with it over pipes: ``open SOURCE PIN OPTIONS``, then
``sign ORDER`` any number of times. ``tokens MODULE`` lists what is plugged in. A token's maker's
library runs inside it, and may take it down.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digitizer import programs
from digitizer.confinement import Rights
from digitizer.errors import SigningClosed
from digitizer.signing import certificates, keyfile
from digitizer.signing.key import Key
from digitizer.signing.model import KeyKind, KeySource, Look, Plugged

_NOWHERE = "/nowhere"
"""Nothing is kept from it."""


class Signer:
    """The program: which key is open."""

    def __init__(self) -> None:
        self._key: Key | None = None
        self._proof: Any = None
        self._service: Any = None

    def main(self, argv: list[str]) -> Any:
        """Answer one question."""
        match argv:
            case ["tokens", module]:
                from digitizer.signing import usbtoken

                return {"tokens": [one.to_json() for one in usbtoken.plugged(Path(module))]}
            case ["open", source, pin, options]:
                return self._open(KeySource.from_json(json.loads(source)), pin, json.loads(options))
            case ["sign", order]:
                return self._sign(json.loads(order))
        raise ValueError(argv[:1])

    def _open(self, source: KeySource, pin: str, options: dict[str, Any]) -> dict[str, Any]:
        from digitizer.signing.proof import Proof

        authorities = Path(options["authorities"]) if options["authorities"] else None
        if source.kind is KeyKind.SERVICE:
            from digitizer.signing.service import Service

            self._service = Service(source.path, authorities)
            return {"certificate": None}
        if source.kind is KeyKind.TOKEN:
            from digitizer.signing import usbtoken

            self._key = usbtoken.unlock(
                Path(source.path), Plugged(source.label, source.serial), pin
            )
        else:
            self._key = keyfile.unlock(Path(source.path), pin)
        self._proof = Proof(options["timestamps"], authorities)
        return {"certificate": certificates.describe(self._key.certificate).to_json()}

    def _sign(self, order: dict[str, Any]) -> dict[str, Any]:
        from digitizer.signing import pades
        from digitizer.signing.drawing import Drawn

        source, out = Path(order["source"]), Path(order["out"])
        if self._service is not None:
            self._service.sign(source, out, Look(order["look"]))
            return {}
        if self._key is None:
            raise SigningClosed
        certificates.check(certificates.describe(self._key.certificate), datetime.now(UTC))
        place = order["place"]
        drawn = Drawn(
            tuple(place["lines"]),
            place["size"],
            place["width"],
            place["height"],
            place["turn"],
            place["unit"],
        )
        at = datetime.fromisoformat(order["at"])
        pades.sign(self._key, pades.Order(source, out, at, tuple(place["box"]), drawn), self._proof)
        return {}


def rights(_argv: list[str]) -> Rights:
    """Return what the program needs: a token's library is its maker's, and reads, writes, connects
    and starts what it is used to. Nothing from outside is parsed here but what it answers."""
    return Rights(writes=("/",), network=True, around=(_NOWHERE,))


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"  # a zone of the system's that pyHanko cannot name would end it
    for library in ("pyhanko", "pyhanko_certvalidator", "aiohttp", "websockets"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # they name signers and addresses
    programs.serve(Signer().main, rights)

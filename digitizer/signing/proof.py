"""What proves a signature later: a timestamp, and that its certificate was good at that time.

Called by ``pades``, for the life of a session. All of it comes over the network; where that is not
there a signature goes without, and the network is left alone for a while.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from asn1crypto import x509
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.fetchers.api import FetchLimits, OwnedFetcherBackend

from digitizer.errors import SigningCertificateRevoked
from digitizer.pages.signatures import certificates_in
from digitizer.signing.key import Key

log = logging.getLogger(__name__)

DIGEST = "sha256"
_ANSWER_SECONDS = 10
_RESTS_SECONDS = 120.0
_FRESH_SECONDS = 600.0
_MOST_BYTES = 300_000
"""A list of revoked certificates can be larger than the paper; every signed copy would carry it."""
_UNPROVEN = (
    PathError,
    ValidationError,
    CRLValidationError,
    OCSPValidationError,
    OSError,
    TimeoutError,
    ValueError,
)


class Stamper(HTTPTimeStamper):
    """A timestamp server; what proves its certificates is wanted, not needed."""

    async def validation_paths(self, validation_context: ValidationContext) -> AsyncIterator[Any]:
        """Yield what proves the server's certificates, as far as it is to be had."""
        try:
            found = super().validation_paths(validation_context)  # type: ignore[no-untyped-call]
            paths = [path async for path in found]
        except _UNPROVEN as error:
            log.info("the timestamp server's certificate is not proven: %s", type(error).__name__)
            return
        for path in paths:
            yield path


class Proof:
    """Gets timestamps and what is known of certificates, and remembers when there is no line."""

    def __init__(self, timestamps: str | None, authorities: Path | None) -> None:
        """``timestamps``: the server's address; ``authorities``: a folder of certificates."""
        self._address = timestamps
        self._roots = list(certificates_in(authorities)) if authorities is not None else []
        self._stamps_again = self._looks_again = 0.0
        self._stamper: Stamper | None = None
        self._last: tuple[float, ValidationContext] | None = None

    def stamper(self) -> Stamper | None:
        """Return the timestamp server if one is set and answers."""
        if self._address is None or time.monotonic() < self._stamps_again:
            return None
        if self._stamper is None:
            asked = Stamper(self._address, timeout=_ANSWER_SECONDS)
            try:
                asyncio.run(asked.async_dummy_response(DIGEST))
            except (OSError, ValueError, TimeoutError) as error:
                log.warning("no timestamp: %s", type(error).__name__)
                self.rest_stamps()
                return None
            self._stamper = asked
            self._last = None  # what is remembered proves nothing of this server's certificate
        return self._stamper

    def rest_stamps(self) -> None:
        """Ask for no timestamp for a while: the server has just failed."""
        self._stamper = None
        self._stamps_again = time.monotonic() + _RESTS_SECONDS

    def context(self, key: Key) -> ValidationContext | None:
        """Return what is known of the key's certificate, None where it is not all to be had.

        Raises:
            SigningCertificateRevoked: its issuer has taken it back.
        """
        if time.monotonic() < self._looks_again:
            return None
        try:
            context = self._remembered(key) or self._fetched(key)
        except RevokedError as error:
            raise SigningCertificateRevoked from error
        except _UNPROVEN as error:
            log.warning("no long-term proof: %s", type(error).__name__)
            self._looks_again = time.monotonic() + _RESTS_SECONDS
            return None
        size = sum(len(one.dump()) for one in (*context.ocsps, *context.crls))
        if size > _MOST_BYTES:
            log.warning("no long-term proof: it would be %s bytes", size)
            self._looks_again = time.monotonic() + _RESTS_SECONDS
            return None
        return context

    def _fetched(self, key: Key) -> ValidationContext:
        """Ask the network, and remember what it said."""
        backend = AIOHttpFetcherBackend(
            per_request_timeout=_ANSWER_SECONDS, limits=FetchLimits(max_requests=40)
        )
        context = self._context(key, fetcher_backend=OwnedFetcherBackend(backend))
        asyncio.run(_look(key, context))
        self._last = (time.monotonic(), context)
        return context

    def _remembered(self, key: Key) -> ValidationContext | None:
        """Return what was asked for the papers before, the timestamp server's too, if that will do
        for this key: a stack asks once."""
        since, before = self._last or (0.0, None)
        if before is None or time.monotonic() - since >= _FRESH_SECONDS:
            return None
        context = self._context(
            key, allow_fetching=False, ocsps=list(before.ocsps), crls=list(before.crls)
        )
        try:
            asyncio.run(_look(key, context))
        except RevokedError:
            raise
        except _UNPROVEN:
            return None
        return context

    def _context(self, key: Key, *, allow_fetching: bool = True, **more: Any) -> ValidationContext:
        return ValidationContext(
            trust_roots=[*self._roots, *_tops(key.chain)],
            other_certs=key.chain,
            allow_fetching=allow_fetching,
            revocation_mode="require",
            **more,
        )


async def _look(key: Key, context: ValidationContext) -> None:
    try:
        validator = CertificateValidator(
            key.certificate, intermediate_certs=key.chain, validation_context=context
        )
        await validator.async_validate_usage(set())
    finally:
        await context.aclose()


def _tops(chain: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """Return the CAs of a chain whose own issuer is not in it.

    What is looked up is kept beside the signature, nothing is trusted for it: any end will do.
    """
    authorities = [one for one in chain if one.ca]
    subjects = {one.subject.hashable for one in authorities}
    return [
        one
        for one in authorities
        if one.issuer.hashable == one.subject.hashable or one.issuer.hashable not in subjects
    ]

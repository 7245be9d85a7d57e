"""Whom a connection to a procedure system trusts, and what it means where it does not.

Certificates are always checked, their chain and their name: nothing in here, and no setting,
turns that off. Called by the adapters that speak HTTP. Knows no request.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from digitizer.authority import authority_of
from digitizer.errors import ClockWrong, ServerExpired, ServerMisnamed, ServerUntrusted

# OpenSSL's X509_V_ERR_… numbers
_NOT_YET_VALID, _HAS_EXPIRED = 9, 10
_NAME_MISMATCH, _ADDRESS_MISMATCH = 62, 64


def trusting(ca: str, *, everybody: bool = True) -> ssl.SSLContext:
    """Return how to check a server's certificate.

    Args:
        ca: A CA (PEM) that is trusted as well; empty: none.
        everybody: Trust the CAs that the machine trusts; else none of them.

    Raises:
        CertificateUnreadable, CertificateNotCa: ``ca`` is none.
    """
    if not everybody:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = httpx.create_ssl_context()
    context.load_default_certs()
    if ca:
        context.load_verify_locations(cadata=authority_of(ca).pem)
    return context


def untrusted(error: ssl.SSLCertVerificationError) -> ServerUntrusted:
    """Return the row for a certificate that was not accepted."""
    said = str(error.verify_message)
    if error.verify_code in (_NAME_MISMATCH, _ADDRESS_MISMATCH):
        return ServerMisnamed(said)
    if error.verify_code == _NOT_YET_VALID:
        return ClockWrong(said)  # nobody puts up a certificate for later
    if error.verify_code == _HAS_EXPIRED:
        known = httpx.create_ssl_context().get_ca_certs()
        return ClockWrong(said) if too_late(known, datetime.now(UTC)) else ServerExpired(said)
    return ServerUntrusted(said)


def too_late(known: Iterable[Mapping[str, Any]], now: datetime) -> bool:
    """Tell whether a clock that says ``now`` is ahead: by it most of the CAs that the machine
    knows would have ended, and they live for decades."""
    ends = [ssl.cert_time_to_seconds(one["notAfter"]) for one in known]
    return bool(ends) and sum(end < now.timestamp() for end in ends) * 2 > len(ends)

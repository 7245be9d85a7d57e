"""Signers' certificates: what they say, which of several signs, whether it may today.

PURE but for the clock that callers give. Called by the programs of this package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509

from digitizer.errors import NoKey, SigningCertificateExpired, SigningCertificateNotYet
from digitizer.signing.model import Certificate

_MOST_LETTERS = 200
_SIGNING = {"digital_signature", "non_repudiation"}


def describe(certificate: x509.Certificate) -> Certificate:
    """Return what a certificate says of itself, made harmless to show."""
    subject, issuer = certificate.subject.native, certificate.issuer.native
    validity = certificate["tbs_certificate"]["validity"]
    return Certificate(
        _text(subject, "common_name", "organization_name"),
        _text(subject, "organization_name", "organizational_unit_name"),
        _text(issuer, "common_name", "organization_name"),
        f"{certificate.serial_number:x}",
        hashlib.sha256(certificate.dump()).hexdigest(),
        validity["not_before"].native,
        validity["not_after"].native,
    )


def choose(found: Sequence[x509.Certificate], now: datetime) -> x509.Certificate:
    """Return the one of ``found``, whose keys are all at hand, to sign with.

    Certificates of a CA and those that are for encryption only are left aside; of several the one
    that is valid the longest is taken.

    Raises:
        NoKey: none is for signing.
        SigningCertificateExpired, SigningCertificateNotYet: the only ones there are.
    """
    able = [one for one in found if _signs(one)]
    if not able:
        raise NoKey
    best = max(able, key=lambda one: (_is_valid(one, now), describe(one).not_after))
    check(describe(best), now)
    return best


def check(certificate: Certificate, now: datetime) -> None:
    """Raise ``SigningCertificateExpired`` or ``SigningCertificateNotYet`` if it may not sign."""
    if now > certificate.not_after:
        raise SigningCertificateExpired(f"{certificate.not_after:%Y-%m-%d}")
    if now < certificate.not_before:
        raise SigningCertificateNotYet(f"{certificate.not_before:%Y-%m-%d}")


def _is_valid(certificate: x509.Certificate, now: datetime) -> bool:
    says = describe(certificate)
    return says.not_before <= now <= says.not_after


def _signs(certificate: x509.Certificate) -> bool:
    if certificate.ca:
        return False
    usage = certificate.key_usage_value
    return usage is None or bool(_SIGNING & set(usage.native))


def _text(name: dict[str, Any], *keys: str) -> str:
    for key in keys:
        value = name.get(key)
        if value:
            text = value if isinstance(value, str) else ", ".join(map(str, value))
            return "".join(sign for sign in text if sign.isprintable())[:_MOST_LETTERS]
    return ""

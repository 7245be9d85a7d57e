"""A key that is unlocked, wherever it is kept. Lives in the signing program alone."""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import x509
from pyhanko.sign.signers import Signer


@dataclass(frozen=True, slots=True)
class Key:
    """A key.

    Attributes:
        signer: pyHanko's handle of it.
        certificate: Whose it is.
        chain: Certificates that came with it: those of its issuers, as far as they are there.
    """

    signer: Signer
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

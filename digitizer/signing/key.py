"""A key that is unlocked, wherever it is kept. Lives in the signing program alone."""

from __future__ import annotations

from asn1crypto import x509
from msgspec import Struct
from pyhanko.sign.signers import Signer


class Key(Struct, frozen=True):
    """A key.

    Attributes:
        signer: pyHanko's handle of it.
        certificate: Whose it is.
        chain: Certificates that came with it: those of its issuers, as far as they are there.
    """

    signer: Signer
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

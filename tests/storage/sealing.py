"""Seals for tests, and the age format opened by its description alone."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from digitizer.storage.seal import Seal

_PIECE = (1 << 16) + 16
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def new_identity() -> str:
    """A fresh age identity, as text."""
    return str(pyrage.x25519.Identity.generate())


def new_seal() -> Seal:
    """A seal with a key that nobody else has."""
    return Seal(new_identity())


def open_by_the_book(sealed: bytes, identity: str) -> bytes:
    """Open an age file as its specification says, without the library that sealed it."""
    own = X25519PrivateKey.from_private_bytes(_key_of(identity))
    public = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    head, _, rest = sealed.partition(b"\n--- ")
    mac, _, payload = rest.partition(b"\n")
    lines = head.decode("ascii").split("\n")
    assert lines[0] == "age-encryption.org/v1"
    at = next(n for n, line in enumerate(lines) if line.startswith("-> X25519 "))
    share = _decoded(lines[at].split(" ")[2])
    wrap = HKDF(hashes.SHA256(), 32, share + public, b"age-encryption.org/v1/X25519").derive(
        own.exchange(X25519PublicKey.from_public_bytes(share))
    )
    key = ChaCha20Poly1305(wrap).decrypt(bytes(12), _decoded(lines[at + 1]), None)
    checked = HKDF(hashes.SHA256(), 32, None, b"header").derive(key)
    assert hmac.digest(checked, head + b"\n---", sha256) == _decoded(mac.decode("ascii"))
    nonce, pieces = payload[:16], payload[16:]
    stream = ChaCha20Poly1305(HKDF(hashes.SHA256(), 32, nonce, b"payload").derive(key))
    plain = b""
    for number, begin in enumerate(range(0, len(pieces), _PIECE)):
        last = begin + _PIECE >= len(pieces)
        counter = number.to_bytes(11, "big") + bytes([last])
        plain += stream.decrypt(counter, pieces[begin : begin + _PIECE], None)
    return plain


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))


def _key_of(identity: str) -> bytes:
    """The 32 bytes of an identity: Bech32, whose check sum the library has looked at."""
    found = 0
    letters = identity.lower().rpartition("1")[2][:-6]
    for letter in letters:
        found = found << 5 | _LETTERS.index(letter)
    return (found >> (len(letters) * 5 - 256)).to_bytes(32, "big")

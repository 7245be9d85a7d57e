"""Seals a few bytes for a passphrase, and opens them: the age format's own way (scrypt), with a
work factor that is always the same.

The age libraries measure the machine at that moment instead: on a busy one they may refuse the
right passphrase, or make a file that takes a gigabyte to open. What is sealed here any age program
opens, and the other way round (age-encryption.org/v1). Called by ``digitizer.homekeys`` and
``digitizer.unlocking``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re

WORK = 17
"""The work factor: 128 MB of memory, and about half a second on a desk's machine, each guess."""
MOST_WORK = 20
_SALT = b"age-encryption.org/v1/scrypt"
_HEAD = re.compile(
    rb"(age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n"
    rb"([A-Za-z0-9+/]{43})\n---) ([A-Za-z0-9+/]{43})\n"
)
_PIECE = (1 << 16) + 16
_FIRST, _ONLY = bytes(12), bytes(11) + b"\1"
"""Nonces: of a key that is used once; of a file's first piece that is its last one too."""


class Broken(Exception):
    """It was not sealed by a passphrase, not with that one, or was changed."""


def seal(data: bytes, passphrase: str) -> bytes:
    """Return ``data`` (64 KB at most), sealed. Takes about half a second."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    wrapped = ChaCha20Poly1305(_stretched(passphrase, salt, WORK)).encrypt(_FIRST, key, None)
    head = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (_b64(salt), WORK, _b64(wrapped))
    body = ChaCha20Poly1305(_derived(key, nonce, b"payload")).encrypt(_ONLY, data, None)
    return head + b" " + _b64(_mac(key, head)) + b"\n" + nonce + body


def open_(sealed: bytes, passphrase: str) -> bytes:
    """Return what was sealed, here or by another age program. Raises ``Broken``."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    found = _HEAD.match(sealed)
    if found is None or int(found[3]) > MOST_WORK or len(sealed) - found.end() > 16 + _PIECE:
        raise Broken
    try:
        salt, wrapped, mac = (_from_b64(found[group]) for group in (2, 4, 5))
        stretched = _stretched(passphrase, salt, int(found[3]))
        key = ChaCha20Poly1305(stretched).decrypt(_FIRST, wrapped, None)
        if not hmac.compare_digest(mac, _mac(key, found[1])):
            raise Broken
        nonce, body = sealed[found.end() :][:16], sealed[found.end() + 16 :]
        return ChaCha20Poly1305(_derived(key, nonce, b"payload")).decrypt(_ONLY, body, None)
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise Broken from error


def _stretched(passphrase: str, salt: bytes, work: int) -> bytes:
    room = 128 * 8 * (1 << work) + (1 << 20)
    return hashlib.scrypt(
        passphrase.encode(), salt=_SALT + salt, n=1 << work, r=8, p=1, maxmem=room, dklen=32
    )


def _derived(key: bytes, salt: bytes, what: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length=32, salt=salt, info=what).derive(key)


def _mac(key: bytes, head: bytes) -> bytes:
    return hmac.digest(_derived(key, b"", b"header"), head, "sha256")


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _from_b64(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)

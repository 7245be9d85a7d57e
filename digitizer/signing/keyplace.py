"""Whether there is a key where somebody says: a PKCS#12 file, or a token's library.

Looks at how the file begins, and loads and decrypts nothing: whose file it is, nobody knows yet.
Called where an office's key is set; what unlocks it looks for itself.
"""

from __future__ import annotations

import sys
from pathlib import Path

from digitizer.errors import FileForbidden, FileMissing, KeyFileBroken, TokenUnusable
from digitizer.signingrules import KeyKind, Rules

_HEAD = 16
_VERSION_3 = b"\x02\x01\x03"
_ELF, _PE = b"\x7fELF", b"MZ"
_ELF_OF_THIS_SIZE = _ELF + (b"\x02" if sys.maxsize > 2**32 else b"\x01")
_MACH_O = tuple(bytes.fromhex(one) for one in ("cffaedfe", "cefaedfe", "cafebabe", "cafebabf"))


def check(rules: Rules) -> None:
    """Look at the place of the key that rules name; a service is asked when something is signed.

    Raises:
        FileMissing, FileForbidden; KeyFileBroken: it is no PKCS#12 file; TokenUnusable: it is no
        library of this system.
    """
    file = Path(rules.path)
    if rules.key is KeyKind.FILE and not _is_pkcs12(_head(file)):
        raise KeyFileBroken(file.name)
    if rules.key is KeyKind.TOKEN and not _is_library(_head(file), sys.platform):
        raise TokenUnusable(f"{file.name} is no library of this system")


def _head(file: Path) -> bytes:
    """Return how a file begins; nothing of what is no plain file, and might never answer."""
    try:
        if not file.exists():
            raise FileMissing(file.name)
        if not file.is_file():
            return b""
        with file.open("rb") as opened:
            return opened.read(_HEAD)
    except PermissionError as error:
        raise FileForbidden(file.name) from error
    except OSError as error:
        raise FileMissing(file.name) from error


def _is_pkcs12(head: bytes) -> bool:
    """Tell whether a file begins as PKCS#12 does: a sequence whose first member is the version."""
    if len(head) < _HEAD or head[0] != 0x30:
        return False
    length = head[1] & 0x7F if head[1] & 0x80 else 0  # bytes that tell how long it is
    return head[2 + length :].startswith(_VERSION_3)


def _is_library(head: bytes, platform: str) -> bool:
    if platform == "win32":
        return head.startswith(_PE)
    return head.startswith(_MACH_O if platform == "darwin" else _ELF_OF_THIS_SIZE)

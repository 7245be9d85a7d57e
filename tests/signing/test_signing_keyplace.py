"""Whether there is a key where somebody says: nothing of it is loaded or decrypted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from digitizer.errors import FileMissing, KeyFileBroken, TokenUnusable
from digitizer.signing import keyplace
from digitizer.signingrules import KeyKind, Rules
from tests.signed.office import key_file


def check(kind: KeyKind, path: Path | str) -> None:
    keyplace.check(Rules(key=kind, path=str(path)))


def test_a_key_file_is_one_by_how_it_begins(tmp_path: Path) -> None:
    file = key_file(tmp_path)
    check(KeyKind.FILE, file)
    link = tmp_path / "link.p12"
    link.symlink_to(file)
    check(KeyKind.FILE, link)
    data = file.read_bytes()
    other = tmp_path / "other.p12"
    for bad in (b"", data[:8], b"-----BEGIN CERTIFICATE-----", b"\x30\x80" + bytes(20)):
        other.write_bytes(bad)
        with pytest.raises(KeyFileBroken, match=r"other\.p12"):
            check(KeyKind.FILE, other)
    other.write_bytes(b"\x30\x80" + data[data.index(b"\2\1\3") :] + b"\0\0")
    check(KeyKind.FILE, other)  # of a length that is told at the end, as some programs write it
    with pytest.raises(FileMissing):
        check(KeyKind.FILE, tmp_path / "nothere.p12")
    with pytest.raises(KeyFileBroken):
        check(KeyKind.FILE, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="what a library of Linux is")
def test_a_library_is_one_of_this_system(tmp_path: Path) -> None:
    source = tmp_path / "library.c"
    source.write_text("int nothing;\n")
    library = tmp_path / "library.so"
    subprocess.run(["gcc", "-shared", "-o", library, source], check=True)
    check(KeyKind.TOKEN, library)
    other = tmp_path / "other.dll"
    small = bytearray(library.read_bytes())
    small[4] ^= 3
    for bad in (b"", b"MZ" + bytes(60), b"root:x:0:0\n", bytes(small)):
        other.write_bytes(bad)
        with pytest.raises(TokenUnusable, match=r"other\.dll"):
            check(KeyKind.TOKEN, other)
    with pytest.raises(FileMissing):
        check(KeyKind.TOKEN, tmp_path / "nothere.so")
    os.mkfifo(tmp_path / "pipe.so")
    with pytest.raises(TokenUnusable):
        check(KeyKind.TOKEN, tmp_path / "pipe.so")


def test_a_service_is_asked_when_something_is_signed() -> None:
    check(KeyKind.SERVICE, "wss://127.0.0.1:8987")

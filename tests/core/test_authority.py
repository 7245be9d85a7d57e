"""An office's CA from a file: taken in either form, and nothing that is not exactly that."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.authority import authority_of, read_authority
from digitizer.errors import (
    CertificateNotCa,
    CertificateOutOfDate,
    CertificateUnreadable,
    DigitizerError,
    FileForbidden,
    FileIsFolder,
    FileMissing,
)
from tests.certificates import der, pem, root

KEY = b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ca.crt"


@pytest.mark.parametrize("form", [pem, der])
def test_a_ca_is_described_and_kept_as_its_certificate_alone(
    file: Path, form: Callable[..., bytes]
) -> None:
    made = root()
    file.write_bytes(form(made))
    found = read_authority(file)
    assert found.subject == "UBND xã, CA xã Tân Lập"
    assert found.sha256 == hashlib.sha256(der(made)).hexdigest()
    assert found.ends - found.begins == timedelta(days=2)
    assert found.fingerprint.count(":") == 31
    assert authority_of(found.pem) == found
    for said in (found.sha256, found.fingerprint, found.fingerprint.lower().replace(":", " ")):
        assert found.is_known_as(said)
    assert not found.is_known_as(found.sha256[:-1])
    assert not found.is_known_as("")


def test_nothing_that_stands_beside_a_certificate_is_kept(file: Path) -> None:
    file.write_bytes(KEY + b"Subject: somebody\n" + pem(root()) + b"the end\n")
    kept = read_authority(file).pem
    assert "PRIVATE" not in kept
    assert "somebody" not in kept


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", CertificateUnreadable),
        (b"no certificate", CertificateUnreadable),
        (KEY, CertificateUnreadable),
        (pem(root()) + pem(root()), CertificateUnreadable),
        (der(root()) + der(root()), CertificateUnreadable),
        (pem(root()).replace(b"A", b"\xff"), CertificateUnreadable),
        (der(root())[:-5], CertificateUnreadable),
        (b"x" * 100_000, CertificateUnreadable),
        (pem(root()) + b" " * 100_000, CertificateUnreadable),
        (pem(root(ca=False)), CertificateNotCa),
        (pem(root(begins=-9, ends=-1)), CertificateOutOfDate),
        (pem(root(begins=1, ends=9)), CertificateOutOfDate),
    ],
)
def test_what_is_no_ca_in_date_is_refused(
    file: Path, data: bytes, trouble: type[DigitizerError]
) -> None:
    file.write_bytes(data)
    with pytest.raises(trouble):
        read_authority(file)


def test_no_link_is_followed_and_nothing_waited_for(tmp_path: Path, file: Path) -> None:
    (tmp_path / "true.crt").write_bytes(pem(root()))
    file.symlink_to(tmp_path / "true.crt")
    os.mkfifo(tmp_path / "pipe")
    for path, trouble in (
        (file, CertificateUnreadable),
        (tmp_path / "pipe", CertificateUnreadable),
        (Path("/dev/zero"), CertificateUnreadable),
        (tmp_path, FileIsFolder),
        (tmp_path / "gone", FileMissing),
        (tmp_path / "true.crt" / "below", FileMissing),
    ):
        with pytest.raises(trouble):
            read_authority(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read(file: Path) -> None:
    file.write_bytes(pem(root()))
    file.chmod(0)
    with pytest.raises(FileForbidden):
        read_authority(file)


def test_a_name_cannot_steer_the_screen(file: Path) -> None:
    file.write_bytes(pem(root(name="CA\u202eNB\x1b[2J" + "x" * 40)))
    subject = read_authority(file).subject
    assert subject.isprintable()
    assert "CA\ufffdNB\ufffd[2J" in subject


@given(st.binary(max_size=400))
def test_whatever_a_file_holds_it_is_a_row_of_the_table(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.crt"
    file.write_bytes(b"-----BEGIN CERTIFICATE-----" + data if len(data) % 2 else data)
    with pytest.raises(DigitizerError):
        read_authority(file)

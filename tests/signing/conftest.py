"""An issuer, key files of its making, and papers to sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from digitizer.signing.model import CopyKind, KeyKind, KeySource, Look, Stamp
from digitizer.signing.session import Session
from tests.signing import papers
from tests.signing.issuing import OFFICE, OFFICER, PASSWORD, Issuer

AT = datetime.now(timezone(timedelta(hours=7))).replace(microsecond=0)
"""Certificates here begin a day ago: a moment that is written down would be before that soon."""
PERSONAL = Stamp(Look.PERSONAL, OFFICER, "", None, AT)
COPY = Stamp(Look.COPY, "", OFFICE, CopyKind.SAO_Y, AT)

Opened = Callable[..., Session]


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def keyfile(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = rsa.generate_private_key(65537, 2048)  # what offices have
    return issuer.keyfile(tmp_path_factory.mktemp("key") / "own.p12", issuer.issue(key=key))


@pytest.fixture(scope="session")
def trust(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issuer.trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF/A-2b of a scanned page of text."""
    folder = tmp_path_factory.mktemp("paper")
    return papers.bundle(folder / "paper.pdf", papers.page(folder / "page.jpg"))


@pytest.fixture(scope="module")
def session(keyfile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session with the key file, open for a whole file of tests."""
    made = Session(KeySource(KeyKind.FILE, str(keyfile)), tmp_path_factory.mktemp("scratch"))
    made.open(PASSWORD)
    yield made
    made.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Open a session with a source, a PIN and what else a session takes; closed by itself."""
    found: list[Session] = []

    def opened(source: KeySource, pin: str, **more: object) -> Session:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        made = Session(source, scratch, **more)  # type: ignore[arg-type]
        found.append(made)
        made.open(pin)
        return made

    yield opened
    for one in found:
        one.close()

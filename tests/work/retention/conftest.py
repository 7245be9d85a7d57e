"""A home the morning after its dossier was sent and done with, against a real sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from shelves import send_all

from digitizer.app import App
from digitizer.model import Dossier
from digitizer.policy import Policy
from digitizer.sandbox.meddling import Meddling
from digitizer.sandbox.server import Address


@pytest.fixture
def there(tmp_path: Path, sandbox: Address) -> Meddling:
    """The hand that meddles at the server."""
    return Meddling(tmp_path / "sandbox")


@pytest.fixture
def sent(tmp_path: Path, sandbox: Address, there: Meddling) -> Dossier:
    """A dossier of two papers, sent, done with, off the server's list."""
    return send_all(tmp_path / "home", sandbox, there)


@pytest.fixture
def app(tmp_path: Path, sent: Dossier) -> Iterator[App]:
    """The home with that dossier, the morning after."""
    with App(tmp_path / "home", "test", policy=Policy()) as opened:
        yield opened

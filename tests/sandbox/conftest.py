"""A running sandbox, and a plain HTTP client that is signed in to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Sandbox


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def raw(tmp_path: Path, faults: Faults) -> Iterator[httpx.Client]:
    with (
        Sandbox(tmp_path / "server", faults) as address,
        httpx.Client(
            base_url=address.url,
            auth=(address.user, address.password),
            headers={"groupId": address.group, "Accept": "application/json"},
            trust_env=False,
        ) as client,
    ):
        yield client

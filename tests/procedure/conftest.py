"""A sandbox on loopback whose faults the test holds, and an adapter to it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from digitizer.procedure.opencps import OpenCps
from digitizer.procedure.opencps_http import Patience
from digitizer.procedure.port import Upload
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox

CODE = "000.00.20.H02-261122-0007"


@pytest.fixture
def faults() -> Faults:
    return Faults(slow_seconds=1.5)


@pytest.fixture
def address(tmp_path: Path, faults: Faults) -> Iterator[Address]:
    with Sandbox(tmp_path / "server", faults) as address:
        yield address


@pytest.fixture
def system(address: Address) -> OpenCps:
    return OpenCps(
        address.url,
        address.group,
        address.user,
        address.password,
        patience=Patience(connect=2, answer=1),
    )


@pytest.fixture
def raw(address: Address) -> Iterator[httpx.Client]:
    """The server without the adapter."""
    with httpx.Client(
        base_url=address.url,
        auth=(address.user, address.password),
        headers={"groupId": address.group},
        trust_env=False,
    ) as client:
        yield client


@pytest.fixture
def make_upload(tmp_path: Path, system: OpenCps) -> Callable[..., Upload]:
    def make(content: bytes = b"%PDF one", **changes: Any) -> Upload:
        file = tmp_path / f"{uuid.uuid4()}.pdf"
        file.write_bytes(content)
        found = system.find(CODE)
        values: dict[str, Any] = {
            "key": str(uuid.uuid4()),
            "dossier_ref": found.ref,
            "code": CODE,
            "template": found.template,
            "part": "TP01",
            "file_template": "",
            "file": file,
            "sha256": hashlib.sha256(content).hexdigest(),
            "name": f"{CODE}.01.pdf",
            "title": "Tờ khai",
        }
        return Upload(**{**values, **changes})

    return make

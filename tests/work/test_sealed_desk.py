"""A desk whose home is encrypted, from the scan to the signed paper, with the programs themselves;
and what of it ever lies in clear."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import drawn

from digitizer import batchsigning, exporting
from digitizer.app import App
from digitizer.batchsigning import Outcome
from digitizer.config import Home
from digitizer.durable import sha256_of
from digitizer.homekeys import Custody
from digitizer.sandbox.server import Address
from digitizer.scanning import EndReason, Profile
from digitizer.servers import Server
from digitizer.storage import holdings
from digitizer.twins import twins
from digitizer.verifying import verify
from drivers.host import HostedScanner
from tests.signed.office import PIN, key_file, rules
from tests.work.test_passwords import ring as ring

CODE = "000.00.20.H02-261122-0001"
STILL = threading.Event()
BEGINNINGS = (b"\xff\xd8\xff", b"%PDF-", b"level\tpage_num", b"SQLite format 3")
"""Of pages, bundles, tables of words and a plain database."""


def in_clear(home: Home) -> list[str]:
    """Files of a home that begin as one in clear does."""
    return [
        str(file.relative_to(home.root))
        for file in home.root.rglob("*")
        if file.is_file() and file.read_bytes()[:24].startswith(BEGINNINGS)
    ]

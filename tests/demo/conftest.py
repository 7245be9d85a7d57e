"""A demonstration that went through, for all tests to look at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.demo.demonstrating import Run, run


@pytest.fixture(scope="session")
def through(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A demonstration that nothing disturbed."""
    return run(tmp_path_factory.mktemp("demo") / "place")


@pytest.fixture
def place(through: Run, tmp_path: Path) -> Path:
    """Where another demonstration finds its paper drawn."""
    root = tmp_path / "place"
    shutil.copytree(through.root / "paper", root / "paper")
    (root / ".digitizer-demo").touch()
    return root

"""Pages to read: the rendered stack, once per session."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitizer.sandbox import stack
from digitizer.sandbox.stack import StackPage

CODE = "000.00.20.H02-261122-0007"
HOLDER = "Nguyễn Thị Hạnh Dung"


@pytest.fixture(scope="session")
def receipt() -> StackPage:
    return stack.receipt(CODE, HOLDER)


@pytest.fixture(scope="session")
def form() -> StackPage:
    return stack.form(HOLDER)


@pytest.fixture(scope="session")
def statement() -> StackPage:
    return stack.askew_statement(HOLDER)


@pytest.fixture(scope="session")
def back() -> StackPage:
    return stack.blank_back()


@pytest.fixture
def scanned(tmp_path: Path, receipt: StackPage) -> Path:
    """The receipt as a scanner's JPEG."""
    return stack.save(receipt, tmp_path)

"""What holds for all tests, whoever wrote them: how several run at once, and that none looks around
on the network for scanners: what is found there is no test's business.

Only `make test` runs several; without pytest-xdist nothing here is asked how.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

WINDOWS = "tests/ui/"


def pytest_configure() -> None:
    """Child processes inherit it."""
    os.environ["DIGITIZER_DISCOVERY"] = "off"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """A file stays on one worker, so its servers start once; all windows stay on one worker.

    Windows of two workers on one display would take each other's focus. The mark `xdist_group`
    would say the same, but pytest-xdist 3.8 silently ignores it under pytest 9.2 (its issue 1386).
    """
    from xdist.scheduler import LoadScopeScheduling

    class FilesAndWindows(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return WINDOWS if nodeid.startswith(WINDOWS) else nodeid.partition("::")[0]

    return FilesAndWindows(config, log)

"""What holds for all tests, whoever wrote them: which take long, which begin first, and that none
looks around on the network for scanners: what is found there is no test's business.

`make test` runs several files at once (``--dist loadfile``): a file stays on one worker, so its
servers start once; each worker has a display of its own, so no window takes another's focus.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from starting import Starter

FIRST = (
    "tests/faults/test_matrix.py",
    "tests/histories/test_histories.py",
    "tests/cli/test_cli_sync.py",
    "tests/ui/test_stack_review.py",
    "tests/cli/test_cli_interrupt.py",
    "tests/crash/test_crash.py",
    "tests/cli/test_cli_scan.py",
    "tests/ui/test_counter.py",
    "tests/demo/test_demo.py",
    "tests/cli/test_cli_watch.py",
    "tests/cli/test_cli_separators.py",
    "tests/pages/test_reading.py",
    "tests/cli/test_cli_homes.py",
    "tests/cli/test_cli_import.py",
    "tests/faults/test_kills.py",
)
"""Files that take long, the longest first: begun last, one of them would keep one worker busy when
all others have nothing left to do."""

SLOW = (
    "tests/bridge/test_browser.py",
    "tests/bridge/test_scan_for_pages.py",
    "tests/cli/test_cli_audit.py",
    "tests/cli/test_cli_background.py",
    "tests/cli/test_cli_bridge.py",
    "tests/cli/test_cli_carrying.py",
    "tests/cli/test_cli_clerk.py",
    "tests/cli/test_cli_encryption.py",
    "tests/cli/test_cli_full_disk.py",
    "tests/cli/test_cli_homes.py",
    "tests/cli/test_cli_import.py",
    "tests/cli/test_cli_interrupt.py",
    "tests/cli/test_cli_line.py",
    "tests/cli/test_cli_outside.py",
    "tests/cli/test_cli_pages.py",
    "tests/cli/test_cli_retention.py",
    "tests/cli/test_cli_scan.py",
    "tests/cli/test_cli_search.py",
    "tests/cli/test_cli_secrets.py",
    "tests/cli/test_cli_separators.py",
    "tests/cli/test_cli_signed.py",
    "tests/cli/test_cli_signing.py",
    "tests/cli/test_cli_streams.py",
    "tests/cli/test_cli_sync.py",
    "tests/cli/test_cli_training.py",
    "tests/cli/test_cli_trust.py",
    "tests/cli/test_cli_versions.py",
    "tests/cli/test_cli_watch.py",
    "tests/cli/test_cli_without_sane.py",
    "tests/crash/",
    "tests/demo/",
    "tests/drivers/test_escl_search.py",
    "tests/drivers/test_escl_waiting.py",
    "tests/faults/",
    "tests/fuzz/",
    "tests/histories/",
    "tests/line/",
    "tests/load/",
    "tests/pages/test_hostile_pdf.py",
    "tests/pages/test_tesseract.py",
    "tests/setup/",
    "tests/signing/",
    "tests/ui/test_carrying.py",
    "tests/ui/test_day_lists.py",
    "tests/ui/test_encrypted_home.py",
    "tests/ui/test_first_run.py",
    "tests/ui/test_folders.py",
    "tests/ui/test_local_dossiers.py",
    "tests/ui/test_locked_settings.py",
    "tests/ui/test_scanning_on.py",
    "tests/ui/test_secret_pages.py",
    "tests/ui/test_signing_desk.py",
    "tests/ui/test_signing_in.py",
    "tests/ui/test_stack_review.py",
    "tests/ui/test_suggestions.py",
    "tests/ui/test_training.py",
    "tests/ui/test_two_versions.py",
    "tests/ui/test_unlocking.py",
    "tests/ui/test_web_pages.py",
    "tests/work/test_background.py",
    "tests/work/test_batch_signing.py",
    "tests/work/test_exporting.py",
    "tests/work/test_lists.py",
    "tests/work/test_marks.py",
    "tests/work/test_originals.py",
    "tests/work/test_receiving.py",
    "tests/work/test_sealed_desk.py",
)
"""What goes through every case, kills at every step, works whole stacks or takes long for what few
changes touch: left to `make test-slow` and CI, so that `make test` ends while somebody waits."""

WHOLE = (
    "tests/bridge/",
    "tests/faults/test_kills.py",
    "tests/histories/",
    "tests/pages/",
    "tests/ui/",
    "tests/work/",
)
"""Of what is slow, what CI leaves to a whole `make test-slow`, so that its verdict comes in less
than half an hour: what is drawn by lot over and over, and parts of the desk that few changes touch.
A kill after a call to the system finds the disk as the kill before the next call does: of these two
CI does the second."""
IN_CI = (
    "tests/ui/test_day_lists.py",
    "tests/ui/test_signing_desk.py",
    "tests/ui/test_stack_review.py",
    "tests/work/test_batch_signing.py",
)
"""What it does of these all the same."""


def pytest_configure() -> None:
    """Child processes inherit it."""
    os.environ["DIGITIZER_DISCOVERY"] = "off"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, before any is chosen by that mark, and put what takes long first."""
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
            if _is_for_the_whole(item.nodeid):
                item.add_marker(pytest.mark.whole)
    place = {file: number for number, file in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(FIRST)))


def _is_for_the_whole(nodeid: str) -> bool:
    after = nodeid.startswith("tests/crash/") and nodeid.endswith("[after]")
    return after or (nodeid.startswith(WHOLE) and not nodeid.startswith(IN_CI))


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    """What starts commands cheaply."""
    found = Starter()
    yield found
    found.close()

"""The order of words on the command line."""

from __future__ import annotations

import pytest

from digitizer.cli.main import globals_first


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["status", "--json"], ["--json", "status"]),
        (["work", "--home", "X", "--until-idle"], ["--home", "X", "work", "--until-idle"]),
        (["status", "--home=X"], ["--home=X", "status"]),
        (["--json", "status"], ["--json", "status"]),
        (["inspect", "--", "--json"], ["inspect", "--", "--json"]),
        (["status", "--home"], ["--home", "status"]),
        ([], []),
    ],
)
def test_options_for_all_commands_may_stand_anywhere(typed: list[str], read: list[str]) -> None:
    assert globals_first(typed) == read

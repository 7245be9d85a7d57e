"""The error table: whole, in Vietnamese and English, without two rows of one code."""

from __future__ import annotations

import errno

import pytest

from digitizer import errors
from digitizer.errors import DigitizerError


def rows(base: type[DigitizerError] = DigitizerError) -> list[type[DigitizerError]]:
    return [row for child in base.__subclasses__() for row in (child, *rows(child))]


TABLE = [row for row in rows() if "code" in vars(row)]


def test_no_code_stands_twice() -> None:
    codes = [row.code for row in TABLE]
    assert len(codes) == len(set(codes)) > 30


def test_the_package_lists_every_row_of_its_parts() -> None:
    home = f"{errors.__name__}."
    unlisted = [
        row.__name__
        for row in rows()
        if row.__module__.startswith(home) and getattr(errors, row.__name__, None) is not row
    ]
    assert unlisted == []


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_every_row_says_what_happened_and_what_to_do(row: type[DigitizerError]) -> None:
    assert "title" in vars(row)
    assert row.hint
    assert row.says
    assert str(row("x\ny")).count("\n") == 0
    assert type(errors.from_code(row.code, "detail")) is row


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk-full"), (errno.EDQUOT, "disk-full"), (errno.EROFS, "home-read-only")],
)
def test_what_the_file_system_said_becomes_a_row(number: int, code: str) -> None:
    assert errors.from_os(OSError(number, "words", "/home")).code == code

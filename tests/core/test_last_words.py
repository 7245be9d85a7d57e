"""What of a child's end a log may hold."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from digitizer import programs
from digitizer.errors import ProgramCrashed
from digitizer.lastwords import last_words

NAME = "Nguyễn Văn An"


def test_a_traceback_is_told_by_its_places_and_its_kind() -> None:
    program = f"def read():\n    int({NAME!r})\nread()\n"
    said = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE).stderr
    assert NAME in said.decode()
    assert last_words(said) == "ValueError at <string>:2 read < <string>:3 <module>"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"", "nothing was said"),
        (f"Error in pixRead: {NAME}.jpg\n".encode(), "39 bytes of complaint are not kept"),
        (
            b'Traceback (most recent call last):\n  File "/srv/an/digitizer/pages/whole.py", '
            b"line 7, in read\n    x\nMemoryError\n",
            "MemoryError at pages/whole.py:7 read",
        ),
        (
            b'  File "C:\\Users\\an\\digitizer\\pages\\whole.py", line 7, in read\n'
            b"PIL.UnidentifiedImageError: cannot identify 'An.jpg'\n",
            "PIL.UnidentifiedImageError at pages/whole.py:7 read",
        ),
        (b'  File "a/b.py", line 7, in read\n  cut of', "41 bytes of complaint are not kept"),
    ],
)
def test_nothing_else_is_told(said: bytes, told: str) -> None:
    assert last_words(said) == told


def test_the_log_says_where_a_program_crashed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(ProgramCrashed):
        programs.run_module("digitizer.pages.reading", timeout=60)  # it wants a file
    (line,) = caplog.messages
    assert line.startswith("reading exited 1 without an answer; ValueError at pages/reading.py:")
    assert "not enough values" not in line

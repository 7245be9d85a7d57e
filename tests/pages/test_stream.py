"""Files on their way to ``inspect`` and ``bundle``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digitizer.errors import FileUnreadable
from digitizer.pages.stream import worked


def test_a_pipe_is_no_paper_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "scratch").mkdir()
    with pytest.raises(FileUnreadable):
        list(worked([tmp_path / "pipe.jpg"], tmp_path / "scratch", jobs=1))

"""The home's lock right after whoever held it was killed."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from pathlib import Path

from digitizer.storage.homelock import HomeLock


def test_what_a_dead_holder_s_child_still_holds_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    with subprocess.Popen(["sleep", "0.3"], pass_fds=(held,)) as child:
        os.close(held)
        gone = subprocess.Popen(["true"])
        gone.wait()
        note = {"pid": gone.pid, "command": "scan"}
        path.with_name("lock.holder").write_text(json.dumps(note), encoding="utf-8")
        with HomeLock(path, "test"):
            assert child.wait() == 0

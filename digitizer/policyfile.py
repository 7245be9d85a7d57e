"""The administrator's file: where it lies, and reading it. Never raises, never writes.

``digitizer.toml`` in the system's configuration folder, which only an administrator may write.
Called when a home is opened and by the doctor.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from digitizer import policy
from digitizer.policy import Policy

VARIABLE = "DIGITIZER_POLICY"
"""Names another file; empty: there is none."""
_NAME = "digitizer.toml"
_BYTES = 1 << 20


def place() -> Path | None:
    """Return where the file is looked for; None where none is wanted."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    return Path(platformdirs.site_config_dir("digitizer", False)) / _NAME


def read_policy() -> Policy:
    """Return what the file says; one that cannot be read says so in ``Policy.problem``."""
    file = place()
    if file is None:
        return policy.FREE
    try:
        with file.open("rb") as opened:
            data = opened.read(_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Policy(file)
    except OSError as error:
        return Policy(file, problem=error.strerror or type(error).__name__)
    if len(data) > _BYTES:
        return Policy(file, problem="larger than 1 MB")
    try:
        return policy.read(data.decode("utf-8-sig"), file)
    except UnicodeDecodeError:
        return Policy(file, problem="not UTF-8 text")

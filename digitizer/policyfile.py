"""The administrator's file: where it lies, and reading it, with the certificate that it names.
Never raises, never writes.

``digitizer.toml`` in the system's configuration folder, which only an administrator may write.
Called when a home is opened and by the doctor.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from msgspec.structs import replace

from digitizer import policy
from digitizer.authority import read_authority
from digitizer.errors import DigitizerError
from digitizer.policy import Policy

VARIABLE = "DIGITIZER_POLICY"
"""Names another file, which has to be there; empty: there is none."""
_ASTRAY = f"{VARIABLE} names it, and it is not there"
_NAME = "digitizer.toml"
_BYTES = 1 << 20
_CA = "server.ca"


def place() -> Path | None:
    """Return where the file is looked for; None where none is wanted."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    return Path(platformdirs.site_config_dir("digitizer", False)) / _NAME


def read_policy() -> Policy:
    """Return what the file says; one that cannot be read, or is named and not there, says so in
    ``Policy.problem``."""
    file = place()
    if file is None:
        return policy.FREE
    try:
        with file.open("rb") as opened:
            data = opened.read(_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Policy(file, problem=_ASTRAY if os.environ.get(VARIABLE) else "")
    except OSError as error:
        return Policy(file, problem=error.strerror or type(error).__name__)
    if len(data) > _BYTES:
        return Policy(file, problem="larger than 1 MB")
    try:
        return _with_certificates(policy.read(data.decode("utf-8-sig"), file))
    except UnicodeDecodeError:
        return Policy(file, problem="not UTF-8 text")


def _with_certificates(found: Policy) -> Policy:
    """Put the CA itself where the file names one; one that cannot be used counts as unknown."""
    default, no_default = _with_certificate(found.default)
    locked, no_locked = _with_certificate(found.locked)
    bad = [f"{name}.{_CA}" for name, no in (("default", no_default), ("locked", no_locked)) if no]
    return replace(found, default=default, locked=locked, unknown=(*found.unknown, *bad))


def _with_certificate(chosen: Mapping[str, str]) -> tuple[Mapping[str, str], bool]:
    """Return settings with the certificate in the place of its file's path, and whether that
    could not be used."""
    if not chosen.get(_CA):
        return chosen, False
    try:
        return {**chosen, _CA: read_authority(Path(chosen[_CA])).pem}, False
    except DigitizerError:
        return {name: value for name, value in chosen.items() if name != _CA}, True

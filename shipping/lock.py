"""The pinned packages of a lock file, as ``packaging/lock.sh`` writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

RUN = Path(__file__).resolve().parent.parent / "packaging/run.lock"
_PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\$")
_HASH = re.compile(r" {4}--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package: its normal name, its one version, where it is wanted (empty: everywhere), the
    SHA-256 of each file that may be installed for it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def wanted(self, environment: Mapping[str, str] | None = None) -> bool:
        """Tell whether it is installed on this machine (or in another ``environment``)."""
        given = None if environment is None else dict(environment)
        return not self.marker or Marker(self.marker).evaluate(given)


def pins(file: Path = RUN) -> tuple[Pin, ...]:
    """Return what a lock pins, in its order.

    Raises:
        ValueError: a line is neither a pin nor a hash of one.
    """
    found: list[Pin] = []
    hashes: list[str] = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if pin := _PIN.match(line):
            hashes = []
            found.append(Pin(pin["name"], pin["version"], pin["marker"] or "", ()))
        elif (digest := _HASH.match(line)) and found:
            hashes.append(digest[1])
            last = found[-1]
            found[-1] = Pin(last.name, last.version, last.marker, tuple(hashes))
        else:
            raise ValueError(f"{file.name}, line {number}: no pin and no hash")
    return tuple(found)

"""Known vulnerabilities of the pinned packages: ``python -m shipping.audit``, in ``make check``.

pip-audit asks; this runs it within a time, and judges. Without a line nothing is checked, which is
said and lets the check pass: the same holds on a machine that never had one. A finding fails it,
unless ``packaging/accepted-vulnerabilities.toml`` has it, with a reason and a last day.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shipping.lock import RUN

ACCEPTED = RUN.with_name("accepted-vulnerabilities.toml")
_SECONDS = 45.0
_ASKED_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A vulnerability of a pinned package; ``fixed``: versions without it."""

    package: str
    version: str
    id: str
    aliases: tuple[str, ...]
    fixed: tuple[str, ...]

    def __str__(self) -> str:
        """One line: what, where, what to do."""
        names = ", ".join((self.id, *self.aliases))
        cure = f"mended in {' or '.join(self.fixed)}" if self.fixed else "not mended yet"
        return f"{self.package} {self.version}: {names}; {cure}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """Somebody's word that a vulnerability does not touch us, until a day."""

    id: str
    package: str
    reason: str
    until: date


def command(lock: Path, python: str) -> list[str]:
    """Return what asks about a lock: nothing is resolved or installed, hashes are asked for."""
    flags = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json")
    asked = ("--timeout", str(_ASKED_SECONDS))
    return [python, "-m", "pip_audit", *flags, *asked, "--requirement", str(lock)]


def ask(argv: Sequence[str], seconds: float = _SECONDS) -> tuple[Finding, ...] | str:
    """Run pip-audit; returns what it found, or why nothing was checked."""
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {seconds:.0f} seconds"
    except OSError as error:
        return error.strerror or type(error).__name__
    try:
        return findings(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().splitlines()
        return said[-1][:200] if said else f"pip-audit ended with {done.returncode}"


def findings(answer: Any) -> tuple[Finding, ...]:
    """PURE: read pip-audit's JSON. Raises KeyError, TypeError, ValueError where it is other."""
    return tuple(
        Finding(
            one["name"],
            one["version"],
            found["id"],
            tuple(found.get("aliases", ())),
            tuple(found.get("fix_versions", ())),
        )
        for one in answer["dependencies"]
        for found in one.get("vulns", ())
    )


def accepted(file: Path = ACCEPTED) -> tuple[Accepted, ...]:
    """Return what is accepted.

    Raises:
        ValueError: an entry lacks its reason, its package or its day.
    """
    with file.open("rb") as opened:
        rows = tomllib.load(opened).get("accepted", [])
    found = []
    for row in rows:
        if not (row.get("reason", "").strip() and row.get("package") and row.get("id")):
            raise ValueError(f"{file.name}: each entry has id, package, reason, until")
        if type(row.get("until")) is not date:
            raise ValueError(f"{file.name}: {row['id']}: until is a day, such as 2027-03-31")
        found.append(Accepted(row["id"], row["package"], row["reason"], row["until"]))
    return tuple(found)


def not_accepted(
    found: Sequence[Finding], let_pass: Sequence[Accepted], today: date
) -> tuple[Finding, ...]:
    """PURE: return what is left of ``found``; what was accepted until before ``today`` is too."""

    def passes(one: Finding) -> bool:
        names = {one.id, *one.aliases}
        return any(
            row.id in names and row.package == one.package and today <= row.until
            for row in let_pass
        )

    return tuple(one for one in found if not passes(one))


def main() -> int:
    """Audit the program's lock; returns the exit code."""
    let_pass = accepted()
    found = ask(command(RUN, sys.executable))
    if isinstance(found, str):
        sys.stdout.write(f"vulnerabilities: not checked ({found})\n")
        return 0
    left = not_accepted(found, let_pass, date.today())
    for one in left:
        sys.stderr.write(f"vulnerabilities: {one}\n")
    if left:
        sys.stderr.write(
            "vulnerabilities: renew the package (LOCK_ARGS='--upgrade-package NAME' make lock), or"
            f" say in {ACCEPTED.name} why it does not touch us\n"
        )
        return 1
    more = f", {len(found)} of them accepted" if found else ""
    sys.stdout.write(f"vulnerabilities: none known{more}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Under which licences the packages of a lock come, whether we may hand them out, their texts.

``python -m shipping.licences`` is part of ``make check``: it fails on a licence that nobody has
allowed. The texts go into every package that is handed out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from boolean import ParseError
from license_expression import ExpressionError, Licensing

from shipping.lock import RUN, pins

OWN = Path(__file__).resolve().parent.parent / "packaging/licences"
"""Texts that packages do not bring: Qt's, Python's."""

ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "MIT", "MIT-0",
    "MIT-CMU", "PSF-2.0", "Unicode-3.0", "Zlib",
    "LGPL-2.1-or-later",  # as modules or libraries of their own that can be replaced
    "LGPL-3.0-only",  # the same: Qt
    "MPL-2.0",  # files of theirs unchanged; where their source lies is named
}  # fmt: skip
"""What may be handed out with a program under Apache-2.0."""

STATED = {
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",  # its own words, and those of its PDFium
    "pyrage": "MIT AND BSD-3-Clause AND Unicode-3.0",  # its LICENSE, and what its own list names
    "pyside6-essentials": "LGPL-3.0-only",  # of the three it offers
    "python-sane": "HPND",  # its LICENSE file; its metadata says nothing
    "shiboken6": "LGPL-3.0-only",
    "sqlcipher3": "Zlib AND BSD-3-Clause AND Apache-2.0",  # its LICENSE; SQLCipher; OpenSSL
}
"""Read by a person where the metadata does not say it, by a package's name."""

_WORDS = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
_TEXT = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Licensed:
    """A package: name, version, SPDX expression (empty: not known), what may be wrong with it."""

    name: str
    version: str
    licence: str
    trouble: str


def of_lock(file: Path = RUN) -> tuple[Licensed, ...]:
    """Return what a lock installs here, with licences; the packages must be installed."""
    return tuple(of_package(pin.name) for pin in pins(file) if pin.wanted())


def of_package(name: str) -> Licensed:
    """Return an installed package with its licence.

    Raises:
        PackageNotFoundError: it is not installed.
    """
    about = metadata.metadata(name)
    expression, words = (
        next(iter(about.get_all(field) or ()), None) for field in ("License-Expression", "License")
    )
    said = STATED.get(name) or spdx(expression, words, about.get_all("Classifier") or ())
    return Licensed(name, about["Version"], said, trouble(said))


def spdx(expression: str | None, words: str | None, classifiers: Iterable[str]) -> str:
    """PURE: return the SPDX expression that a package's metadata amounts to, or nothing.

    Args:
        expression: Its ``License-Expression``: believed.
        words: Its ``License``, free text; a whole licence counts as nothing.
        classifiers: Its classifiers.
    """
    if expression:
        return expression
    said = (words or "").strip()
    if said in ALLOWED:
        return said
    if said.lower() in _WORDS:
        return _WORDS[said.lower()]
    found = [one.rpartition(" :: ")[2].lower() for one in classifiers if one.startswith("License")]
    known = {_WORDS[one] for one in found if one in _WORDS}
    return " AND ".join(sorted(known)) if known and len(known) == len(found) else said


def trouble(expression: str) -> str:
    """PURE: return why something under this licence may not be handed out; empty: it may."""
    if not expression:
        return "no licence is stated"
    try:
        parsed = Licensing().parse(expression)
    except (ExpressionError, ParseError) as error:
        return f"not an SPDX expression: {expression} ({type(error).__name__})"
    return "" if _allows(parsed) else f"not allowed: {expression}"


def _allows(parsed: object) -> bool:
    parts = getattr(parsed, "args", ())
    if not parts:
        return getattr(parsed, "key", "") in ALLOWED
    allowed = [_allows(part) for part in parts]
    return any(allowed) if getattr(parsed, "operator", "").strip() == "OR" else all(allowed)


def texts(names: Iterable[str]) -> str:
    """Return a list of packages and, behind it, every licence text that they bring."""
    found = [of_package(name) for name in names]
    listed = [f"{one.name} {one.version}: {one.licence}" for one in found]
    pages = ["Packages in this program and their licences\n", *listed, ""]
    for one in found:
        for title, text in _brought(one.name):
            pages += ["=" * 79, f"{one.name} {one.version}: {title}", "=" * 79, text.strip(), ""]
    for file in sorted(OWN.glob("*.txt")):
        pages += ["=" * 79, file.stem, "=" * 79, file.read_text("utf-8").strip(), ""]
    return "\n".join(pages) + "\n"


def _brought(name: str) -> list[tuple[str, str]]:
    files = metadata.files(name) or []
    chosen = sorted(
        (str(file), file)
        for file in files
        if any(step.endswith(".dist-info") for step in file.parts[:1]) and _TEXT.search(file.name)
    )
    return [
        (title.partition("/")[2], Path(str(file.locate())).read_text("utf-8", "replace"))
        for title, file in chosen
    ]


def main() -> int:
    """Check what the program is made of; returns the exit code."""
    found = of_lock()
    bad = [one for one in found if one.trouble]
    for one in bad:
        sys.stderr.write(f"licences: {one.name} {one.version}: {one.trouble}\n")
    if bad:
        sys.stderr.write("licences: read them; then allow them in shipping/licences.py, or not\n")
        return 1
    sys.stdout.write(f"licences: {len(found)} packages, all allowed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Licences, known vulnerabilities, the bill of materials, the locks: what is checked, and that the
checks bite."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from shipping import audit, licences, sbom
from shipping.audit import Accepted, Finding
from shipping.licences import Licensed
from shipping.lock import RUN, pins

LOCKS = sorted(RUN.parent.glob("*.lock"))
FOUND = Finding("pillow", "1.0", "PYSEC-1", ("CVE-1",), ("1.1",))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_has_hashes_and_names_no_place(lock: Path) -> None:
    found = pins(lock)
    assert found
    assert [pin.name for pin in found if not pin.hashes] == []
    assert "://" not in lock.read_text("utf-8")


def test_a_line_that_is_no_pin_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text("left-pad @ file:x\n", "utf-8")
    with pytest.raises(ValueError, match="line 1"):
        pins(lock)


def test_every_package_of_the_program_may_be_handed_out() -> None:
    found = licences.of_lock()
    assert len(found) > 40
    assert [str(one) for one in found if one.trouble] == []


def test_what_somebody_read_is_of_packages_that_are_there() -> None:
    assert set(licences.STATED) <= {pin.name for pin in pins()}


@pytest.mark.parametrize(
    ("expression", "words", "classifiers", "said"),
    [
        ("MIT OR GPL-2.0-only", None, (), "MIT OR GPL-2.0-only"),
        (None, "BSD-3-Clause", (), "BSD-3-Clause"),
        (None, "Apache 2.0", (), "Apache-2.0"),
        (None, None, ("License :: OSI Approved :: MIT License",), "MIT"),
        (None, "All of it\nby lines", ("License :: Free",), "All of it\nby lines"),
        (None, None, (), ""),
    ],
)
def test_a_licence_is_read_from_metadata(
    expression: str | None, words: str | None, classifiers: tuple[str, ...], said: str
) -> None:
    assert licences.spdx(expression, words, classifiers) == said


@pytest.mark.parametrize(
    "expression", ["MIT", "Apache-2.0 AND MIT", "GPL-3.0-only OR MIT", "MIT AND (ISC OR GPL-2.0)"]
)
def test_allowed_licences_pass(expression: str) -> None:
    assert licences.trouble(expression) == ""


@pytest.mark.parametrize(
    "expression", ["", "GPL-3.0-only", "MIT AND AGPL-3.0-only", "Proprietary", "see LICENSE (file"]
)
def test_any_other_licence_is_told(expression: str) -> None:
    assert licences.trouble(expression)


def test_the_licences_have_their_texts() -> None:
    text = licences.texts(["numpy", "pyside6-essentials"])
    assert "numpy " in text and "pyside6-essentials 6.11" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in text
    assert "Redistribution and use in source and binary forms" in text


def test_the_bill_names_everything_and_is_the_same_each_time() -> None:
    packages = licences.of_lock()
    others = (Licensed("cpython", "3.11.2", "PSF-2.0", ""),)
    text = sbom.made("1.0", packages, others=others, at=1_700_000_000)
    assert text == sbom.made("1.0", packages, others=others, at=1_700_000_000)
    bill = json.loads(text)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    components = {one["name"]: one for one in bill["components"]}
    assert set(components) == {"cpython", *(one.name for one in packages)}
    assert components["pillow"]["purl"].startswith("pkg:pypi/pillow@")
    assert all(one["licenses"] for one in components.values())
    below = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    httpx = below[f"httpx@{components['httpx']['version']}"]
    assert any(name.startswith("httpcore@") for name in httpx)


def test_a_vulnerability_is_told_unless_somebody_accepted_it() -> None:
    day = date(2027, 1, 31)
    passes = Accepted("CVE-1", "pillow", "no such file is ever read", day)
    assert audit.not_accepted([FOUND], [], day) == (FOUND,)
    assert audit.not_accepted([FOUND], [passes], day) == ()
    assert audit.not_accepted([FOUND], [passes], date(2027, 2, 1)) == (FOUND,), "its day is over"
    other = Accepted("CVE-1", "numpy", "another package's", day)
    assert audit.not_accepted([FOUND], [other], day) == (FOUND,)
    assert str(FOUND) == "pillow 1.0: PYSEC-1, CVE-1; mended in 1.1"


def test_an_answer_of_the_auditor_is_read() -> None:
    dependency = {"name": "pillow", "version": "1.0", "vulns": [
        {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.1"], "description": "…"}
    ]}  # fmt: skip
    answer = {"dependencies": [dependency, {"name": "numpy", "version": "2", "vulns": []}]}
    says = [sys.executable, "-c", f"print({json.dumps(json.dumps(answer))})"]
    assert audit.ask(says) == (FOUND,)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import time; time.sleep(60)", "no answer within 0 seconds"),
        ("import sys; sys.exit('could not connect')", "could not connect"),
        ("print('[]')", "pip-audit ended with 0"),
    ],
)
def test_without_an_answer_nothing_is_checked_and_nobody_waits(program: str, said: str) -> None:
    seconds = 0.2 if "sleep" in program else 30.0
    assert audit.ask([sys.executable, "-c", program], seconds) == said


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert audit.ask([str(tmp_path / "nothing")]) == "No such file or directory"


def test_what_is_accepted_has_a_reason_and_a_last_day(tmp_path: Path) -> None:
    for one in audit.accepted():
        assert one.reason
    file = tmp_path / "accepted.toml"
    file.write_text('[[accepted]]\nid = "X"\npackage = "y"\nuntil = 2027-01-01\n', "utf-8")
    with pytest.raises(ValueError, match="reason"):
        audit.accepted(file)
    file.write_text('[[accepted]]\nid = "X"\npackage = "y"\nreason = "z"\n', "utf-8")
    with pytest.raises(ValueError, match="until is a day"):
        audit.accepted(file)

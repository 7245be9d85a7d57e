"""What is remembered of scanners, where they may be, and what hostile files do to that."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from drivers import escl_address
from drivers.escl_address import candidates
from drivers.escl_memory import Known, Memory, file_name

PIN = "ab" * 32
KNOWN = Known("uuid:4509a320", "https://192.168.1.9:443/eSCL", "Máy quét 1", "4509a320", PIN)


def test_remembers_privately_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "scanners"
    Memory(folder).remember(KNOWN)
    assert not folder.parent.exists()  # a home is not made by looking at scanners
    folder.parent.mkdir()
    Memory(folder).remember(KNOWN)
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert Memory(folder).recall(KNOWN.device) == KNOWN
    assert Memory(folder).everything() == [KNOWN]
    assert Memory(folder).recall("uuid:other") == Known("uuid:other")


def test_without_a_folder_it_remembers_while_it_lives() -> None:
    memory = Memory(None)
    memory.remember(KNOWN)
    assert memory.recall(KNOWN.device) == KNOWN
    assert Memory(None).recall(KNOWN.device) == Known(KNOWN.device)


def test_a_folder_that_cannot_be_written_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "scanners").write_text("a file")
    memory = Memory(tmp_path / "scanners")
    with caplog.at_level(logging.WARNING):
        memory.remember(KNOWN)
    assert memory.recall(KNOWN.device) == KNOWN
    assert "not remembered" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 4000,
        b"{}",
        b"x" * 5000,
        json.dumps({"device": KNOWN.device}).encode(),
        json.dumps(
            {"device": 1, "url": "", "name": "", "identity": "", "sha256": ""},
        ).encode(),
        json.dumps(
            {"device": KNOWN.device, "url": "file:///etc", "name": "", "identity": "", "sha256": ""}
        ).encode(),
        json.dumps(
            {"device": KNOWN.device, "url": "", "name": "", "identity": "", "sha256": "../x"}
        ).encode(),
    ],
)
def test_a_hostile_file_is_no_memory(tmp_path: Path, content: bytes) -> None:
    (tmp_path / file_name(KNOWN.device)).write_bytes(content)
    assert Memory(tmp_path).recall(KNOWN.device) == Known(KNOWN.device)
    assert Memory(tmp_path).everything() == []
    Memory(tmp_path).remember(KNOWN)
    assert Memory(tmp_path).recall(KNOWN.device) == KNOWN


def test_file_names_stay_in_the_folder_and_differ() -> None:
    names = {file_name(name) for name in ("../../x", "..//..x", "http://a/b", "http://a:b", "")}
    assert len(names) == 5
    assert all("/" not in name and ".." not in name for name in names)


@pytest.mark.parametrize(
    ("typed", "tried"),
    [
        ("http://127.0.0.1:8080/eSCL", ["http://127.0.0.1:8080/eSCL"]),
        ("HTTPS://Scanner.Local/eSCL/", ["https://scanner.local:443/eSCL"]),
        ("http://10.0.0.9", ["http://10.0.0.9:80/eSCL"]),
        (
            "10.0.0.9",
            ["https://10.0.0.9:443/eSCL", "http://10.0.0.9:80/eSCL", "http://10.0.0.9:8080/eSCL"],
        ),
        ("printer:631", ["https://printer:631/eSCL", "http://printer:631/eSCL"]),
        ("[fd00::2]:80", ["https://[fd00::2]:80/eSCL", "http://[fd00::2]:80/eSCL"]),
        ("http://user:secret@10.0.0.9/", []),
        ("http://10.0.0.9/../etc", []),
        ("ftp://10.0.0.9/", []),
        ("fe80::1%eth0", []),
        ("http://[fe80::1]/eSCL", []),
        ("two words", []),
        ("http://[/", []),
        ("", []),
    ],
)
def test_what_a_person_types_becomes_addresses(typed: str, tried: list[str]) -> None:
    assert [address.url for address in candidates(typed)] == tried


def test_a_discovered_device_keeps_its_name() -> None:
    assert escl_address.key("4509a320", "Office") == "uuid:4509a320"
    assert escl_address.key("", "Office") == "name:Office"
    assert escl_address.discovered("name:Office")
    assert not escl_address.discovered("http://10.0.0.9/eSCL")
    assert escl_address.bare("escl:uuid:4509a320") == "uuid:4509a320"

"""``bridge``: web pages that were allowed scan without a window; others do not."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import CommandLine
from websockets.exceptions import InvalidStatus

from digitizer.policyfile import VARIABLE
from drivers import virtual
from tests.bridge.webpage import draw_page, press_scan, visit

OFFICE, OTHER = "https://motcua.example", "https://khac.example"


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[str]:
    """A scanner with one page in its feeder."""
    stack = tmp_path / "stack"
    stack.mkdir()
    draw_page(stack / "1.jpg", "Trang mot")
    with virtual.running(stack) as url:
        yield f"escl:{url}"


def test_only_what_was_allowed_scans(command: CommandLine, scanner: str) -> None:
    assert command.ok("bridge", "list").value == []
    told = command.ok("bridge", "allow", f"{OFFICE}/").value
    assert told == {"origin": OFFICE, "standing": "allowed"}
    profile = ("--dpi", "100", "--below-floor", "test", "--device", scanner)
    command.ok("profile", "set", "Quầy 1", *profile)
    running = command.start("bridge", "--port", "0", "--profile", "Quầy 1")
    listening = running.event()
    assert listening["event"] == "listening"
    with pytest.raises(InvalidStatus), visit(listening["port"], OTHER):
        pass
    refused = running.event()
    assert (refused["event"], refused["origin"]) == ("refused", OTHER)
    busy = command.run("bridge", "allow", OTHER)
    assert (busy.code, "bridge" in busy.trouble) == (4, True)
    with visit(listening["port"], OFFICE) as page:
        file = press_scan(page)
    events = [running.event() for _ in range(4)]
    assert [one["event"] for one in events] == ["begun", "page", "scanned", "given"]
    assert events[-1]["bytes"] == len(file)
    done = running.end(signal.SIGINT)
    assert done.code == 4
    (paper,) = command.ok("dossier", "show", events[0]["dossier"]).value["papers"]
    assert paper["bundle"]["sha256"] == events[-1]["sha256"]
    command.sound()


def test_what_was_said_is_listed_and_taken_back(command: CommandLine) -> None:
    command.ok("bridge", "allow", OFFICE)
    command.ok("bridge", "refuse", OTHER)
    command.ok("bridge", "forget", OFFICE)
    (left,) = command.ok("bridge", "list").value
    assert (left["origin"], left["standing"], bool(left["at"])) == (OTHER, "refused", True)
    assert command.run("bridge", "allow", "motcua.example").code == 2


def test_what_the_administrator_says_holds(command: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "digitizer.toml"
    file.write_text(f'[locked.bridge]\nscan = "off"\norigins = ["{OFFICE}"]\n', encoding="utf-8")
    command = command.with_env(**{VARIABLE: str(file)})
    assert command.run("bridge", "--port", "0").code == 5
    assert command.run("bridge", "allow", OTHER).code == 5
    assert [one["origin"] for one in command.ok("bridge", "list").value] == [OFFICE]

"""A download that breaks off goes on from there, of the same version or not at all; what an upload
asks its passage."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from digitizer.errors import ServerTrouble, Stopped
from digitizer.procedure import ranges
from digitizer.procedure.opencps import OpenCps
from digitizer.procedure.passage import Passage
from digitizer.procedure.port import Upload
from digitizer.sandbox.faults import Fault, Faults

Make = Callable[..., Upload]
LARGE = bytes(range(256)) * 4096


def test_only_the_very_bytes_are_gone_on_with() -> None:
    served = {"etag": '"abc"', "accept-ranges": "Bytes"}
    assert ranges.tag_of(served) == '"abc"'
    assert ranges.tag_of({**served, "etag": 'W/"abc"'}) == "", "alike is not the same"
    assert ranges.tag_of({"etag": '"abc"'}) == ""
    assert ranges.tag_of({**served, "accept-ranges": "none"}) == ""
    assert ranges.asking(7, '"abc"')["Range"] == "bytes=7-"
    going_on = {"content-range": "bytes 7-9/10", "etag": '"abc"'}
    assert ranges.continues(206, going_on, 7, '"abc"')
    assert not ranges.continues(200, going_on, 7, '"abc"'), "another version, from its beginning"
    assert not ranges.continues(206, going_on, 6, '"abc"')
    assert not ranges.continues(206, {**going_on, "etag": '"abd"'}, 7, '"abc"')
    assert not ranges.continues(206, {}, 7, '"abc"')


def test_reading_back_goes_on_where_it_was_cut(
    system: OpenCps, make_upload: Make, faults: Faults, tmp_path: Path
) -> None:
    upload = make_upload(LARGE)
    system.put(upload)
    faults.set(Fault.CUT, 3)
    into = tmp_path / "back.pdf"
    assert system.read(upload.dossier_ref, upload.key, into) == upload.sha256
    assert into.read_bytes() == LARGE
    assert not faults.left(Fault.CUT), "it was cut three times"


def test_a_file_that_changes_meanwhile_is_not_put_together(
    system: OpenCps,
    make_upload: Make,
    faults: Faults,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload = make_upload(LARGE)
    system.put(upload)
    asking = ranges.asking

    def changed(at: int, tag: str) -> dict[str, str]:
        (kept,) = (tmp_path / "server" / "files").iterdir()
        kept.write_bytes(LARGE[::-1] + b"more")
        return asking(at, tag)

    monkeypatch.setattr(ranges, "asking", changed)
    faults.set(Fault.CUT, 1)
    with pytest.raises(ServerTrouble):
        system.read(upload.dossier_ref, upload.key, tmp_path / "back.pdf")
    assert not (tmp_path / "back.pdf").exists()


def test_an_upload_is_sent_in_pieces_of_its_limit_and_measured(
    system: OpenCps, make_upload: Make
) -> None:
    told: list[int] = []
    passage = Passage(rate=80_000_000.0)
    assert passage.piece == 64 * 1024
    passage = Passage(rate=400_000.0)
    system.put(make_upload(LARGE[:200_000], told=told.append, passage=passage))
    steps = [after - before for before, after in itertools.pairwise(told) if after > before]
    assert max(steps) == passage.piece == 50_000
    assert told[-1] == 200_000
    (trip,) = passage.trips
    assert trip.bytes == 200_000
    assert trip.seconds >= 0.5, "half a second at the least, at that limit"


def test_time_outs_know_of_the_limit_and_of_a_slow_line(system: OpenCps, make_upload: Make) -> None:
    """One second and a twentieth of a second a kilobyte would be allowed otherwise."""
    assert Passage().slack(10_000) == 0
    assert Passage(rate=1000.0).slack(10_000) == 10
    assert Passage(speed=1000.0).slack(10_000) == 20, "twice as long as lately"
    system.put(make_upload(b"%PDF" + bytes(12_000), passage=Passage(rate=6_000.0)))


def test_what_is_broken_off_leaves_nothing_and_can_be_sent_again(
    system: OpenCps, make_upload: Make, tmp_path: Path
) -> None:
    passage = Passage()
    upload = make_upload(LARGE, passage=passage, told=lambda sent: sent and passage.break_off())
    with pytest.raises(Stopped):
        system.put(upload)
    assert list((tmp_path / "server" / "files").iterdir()) == []
    with pytest.raises(Stopped):
        system.put(upload)
    assert system.put(make_upload(LARGE, key=upload.key, tried=True)).sha256 == upload.sha256


def test_breaking_off_lets_go_of_an_answer_that_does_not_come(
    system: OpenCps, make_upload: Make, faults: Faults
) -> None:
    passage = Passage(speed=1.0)  # so slow a line that it would wait for days
    upload = make_upload(LARGE, passage=passage)
    faults.slow_seconds = 30.0
    faults.set(Fault.SLOW, 1)
    failed: list[BaseException] = []

    def put() -> None:
        try:
            system.put(upload)
        except (ServerTrouble, Stopped) as error:
            failed.append(error)

    thread = threading.Thread(target=put, daemon=True)
    thread.start()
    while thread.is_alive() and faults.left(Fault.SLOW):  # until the server holds the call
        thread.join(0.01)
    passage.break_off()
    thread.join(20)
    assert failed, "else it would have arrived"

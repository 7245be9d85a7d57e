"""``conflict``, ``dossier bind|create|describe|unbind`` and ``procedures`` against the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import CODE, CommandLine

from digitizer.sandbox.meddling import Meddling
from digitizer.sandbox.server import Address

THEIRS = b"%PDF of another desk"
OTHER = CODE.replace("0001", "0003")


@pytest.fixture
def there(tmp_path: Path, server: Address) -> Meddling:
    """The hand that meddles at the server."""
    return Meddling(tmp_path / "server")


def test_a_conflict_is_told_shown_and_decided(
    worked: CommandLine, server: Address, there: Meddling
) -> None:
    worked.point(server)
    there.put(CODE, "TP01", THEIRS, "other-desk-0001", "Tờ khai (quầy 2)")
    done = worked.run("sync", "--once")
    assert done.code == 3
    (error,) = done.value["errors"]
    assert (error["dossier"], error["paper"], error["error"]) == (CODE, "TP01", "upload-conflict")
    assert done.value["left"] == 1
    assert f"{CODE} TP01: " in done.trouble
    (listed,) = worked.ok("conflict", "list").value
    assert (listed["kind"], listed["dossier"], listed["paper"]) == ("other", CODE, "TP01")
    assert listed["choices"] == ["mine", "theirs"]
    shown = worked.ok("conflict", "show", str(listed["id"])).value
    assert Path(shown["theirs"]["file"]).read_bytes() == THEIRS
    assert Path(shown["ours"]["file"]).read_bytes().startswith(b"%PDF")
    assert worked.papers()["TP01"]["conflicts"] == [
        {"id": listed["id"], "kind": "other", "choice": None}
    ]
    assert worked.ok("status").value["conflicts"] == 1
    said = worked.run("conflict", "show", str(listed["id"]), as_json=False).out
    assert f"resolve {listed['id']} --keep mine|theirs" in said
    refused = worked.run("conflict", "resolve", str(listed["id"]), "--keep", "both")
    assert refused.code == 3
    decided = worked.ok("conflict", "resolve", str(listed["id"]), "--keep", "mine").value
    assert decided["choice"] == "mine"
    assert decided["decided_at"]
    assert worked.ok("conflict", "list").value == []
    assert worked.ok("sync", "--once").value["sent"] == 1
    assert there.read(CODE, "other-desk-0001") == Path(shown["ours"]["file"]).read_bytes()
    assert worked.run("conflict", "show", "99").code == 3
    worked.sound()


def test_a_local_dossier_is_described_bound_and_taken_back(
    worked: CommandLine, server: Address, there: Meddling, paper: Path
) -> None:
    worked.point(server)
    there.put(OTHER, "TP02", THEIRS, "other-desk-0001", "Giấy chứng minh")
    (first, *_) = worked.ok("procedures", "list").value
    assert set(first) == {"code", "name", "fetched_at", "papers"}
    local = worked.ok("dossier", "new", "--local").value["code"]
    told = worked.ok(
        "dossier", "describe", local, "--procedure", "1.010041", "--holder", "Lê Hoàng Thảo Vy"
    ).value
    assert [one["part"] for one in told["papers"]][:2] == ["TP01", "TP02"]
    worked.ok("import", paper / "3.jpg", "--dossier", local, "--paper", "TP01")
    assert worked.run("dossier", "bind", local, "no code").code == 2
    bound = worked.ok("dossier", "bind", local, OTHER).value
    assert (bound["code"], bound["merged"]) == (OTHER, True)
    assert bound["elsewhere"] == [{"part": "TP02", "title": "Giấy chứng minh"}]
    assert len(worked.hashes("TP01", OTHER)) == 1
    assert worked.ok("dossier", "show", local).value["code"] == OTHER
    assert local not in [one["code"] for one in worked.ok("dossier", "list").value]

    second = worked.ok("dossier", "new", "--local").value["code"]
    new = CODE.replace("0001", "0444")
    assert worked.ok("dossier", "bind", second, new).value["merged"] is False
    assert worked.ok("dossier", "unbind", new).value["code"] == second
    worked.sound()


def test_the_server_begins_a_local_dossier_or_is_asked_later(
    worked: CommandLine, server: Address
) -> None:
    local = worked.ok("dossier", "new", "--local", "--procedure", "1.001193").value["code"]
    lacks = worked.run("dossier", "create", local)
    assert lacks.code == 3
    worked.ok("dossier", "describe", local, "--holder", "Trần Thị Mới")
    offline = worked.run("dossier", "create", local, "--holder-id", "-", said="024199000011\n")
    assert offline.code == 4, "the server of this home is gone; it is asked when there is a line"
    worked.point(server)
    assert worked.ok("sync", "--once").value["received"] >= 1
    made = worked.ok("dossier", "show", local).value
    assert made["local"] is False
    assert made["local_number"] == local
    assert made["papers"][0]["part"] == "TP01"
    assert made["fetched_at"] == worked.ok("status").value["fetched_at"] is not None
    worked.sound()

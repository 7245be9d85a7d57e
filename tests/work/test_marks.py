"""Telling the procedure system how many papers it received: once, again after trouble, or never."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from digitizer.app import App
from digitizer.model import Dossier, PaperState
from digitizer.procedure.opencps import OpenCps
from digitizer.procedure.port import Mark
from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.server import Address, Sandbox
from digitizer.servers import Server
from digitizer.storage import bundles, changes
from digitizer.work import marking
from digitizer.work.marking import SETTING, Telling

CODE = "000.00.20.H02-261122-0001"


@pytest.fixture
def waiting(app: App, sandbox: Address) -> Dossier:
    """The first dossier that waits at the server, brought down."""
    server = Server("opencps", sandbox.url, sandbox.group, sandbox.user)
    app.servers.set(server, sandbox.password)
    app.server_changed()
    app.syncing.down(threading.Event())
    return app.dossiers.find(CODE)


@pytest.fixture
def raw(sandbox: Address) -> Iterator[httpx.Client]:
    account = (sandbox.user, sandbox.password)
    headers = {"groupId": sandbox.group}
    with httpx.Client(auth=account, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def marks(raw: httpx.Client, sandbox: Address, waiting: Dossier) -> Any:
    """What the server has noted, by part."""

    def noted() -> dict[str, dict[str, Any]]:
        listed = raw.get(f"{sandbox.url}/dossiers/{waiting.server_ref}/marks").json()["data"]
        return {item["dossierPartNo"]: item for item in listed}

    return noted


def sent(app: App, dossier: Dossier, add_pages: Any) -> None:
    """Scan one paper, bundle it, send it."""
    app.local.start()
    add_pages(dossier, "mot")
    app.local.until_idle(threading.Event())
    app.sync.start()
    app.sync.until_idle(threading.Event(), one_round=True)
    app.settle()
    found = app.dossiers.get(dossier.id)
    paper = found.paper("TP01")
    assert paper is not None
    assert found.state(paper) is PaperState.SENT


def test_a_paper_that_was_received_is_counted_there(
    app: App, waiting: Dossier, add_pages: Any, marks: Any
) -> None:
    sent(app, waiting, add_pages)
    assert {part: item["recordCount"] for part, item in marks().items()} == {"TP01": "1"}
    assert marks()["TP01"]["fileCheck"] == 1


def test_what_the_officer_noted_stays(
    app: App,
    waiting: Dossier,
    add_pages: Any,
    marks: Any,
    raw: httpx.Client,
    sandbox: Address,
) -> None:
    noted = {"fileMark": "2", "fileCheck": "0", "fileComment": "bản sao, đối chiếu sau"}
    raw.post(f"{sandbox.url}/dossiers/{waiting.server_ref}/marks/TP01", data=noted)
    sent(app, waiting, add_pages)
    mark = marks()["TP01"]
    assert (mark["fileMark"], mark["fileComment"]) == (2, "bản sao, đối chiếu sau")
    assert mark["recordCount"] == "1"


def test_a_mark_that_fails_takes_no_receipt_back_and_is_told_on_the_next_way_down(
    app: App, waiting: Dossier, add_pages: Any, marks: Any, faults: Faults
) -> None:
    faults.set(Fault.MARK_REFUSED, 1)
    sent(app, waiting, add_pages)
    assert marks() == {}
    app.syncing.down(threading.Event())
    assert marks()["TP01"]["recordCount"] == "1"


def test_an_office_that_does_not_want_it_is_told_nothing_now_or_later(
    app: App, waiting: Dossier, add_pages: Any, marks: Any
) -> None:
    app.keep_settings({SETTING: Telling.OFF.value})
    sent(app, waiting, add_pages)
    app.syncing.down(threading.Event())
    assert marks() == {}
    app.keep_settings({SETTING: Telling.ON.value})
    app.syncing.down(threading.Event())
    assert marks() == {}


def test_what_was_told_is_not_told_again(
    app: App, waiting: Dossier, add_pages: Any, marks: Any, raw: httpx.Client, sandbox: Address
) -> None:
    sent(app, waiting, add_pages)
    theirs = {"fileCheck": "1", "fileComment": "", "recordCount": "4"}
    raw.post(f"{sandbox.url}/dossiers/{waiting.server_ref}/marks/TP01", data=theirs)
    app.syncing.down(threading.Event())
    assert marks()["TP01"]["recordCount"] == "4"


def test_more_papers_of_a_component_are_counted_together(
    app: App, waiting: Dossier, add_pages: Any, marks: Any
) -> None:
    sent(app, waiting, add_pages)
    bundle = next(b for p in app.dossiers.get(waiting.id).papers for b in p.bundles)
    to = app.servers.connect()
    with app.store.transaction() as tx:
        another = changes.another_paper(tx, waiting.id, "TP01", "x")
        bundles.put_receipt(tx, another, bundle, to.server, "ref")
    marking.tell(app.store, to)
    assert marks()["TP01"]["recordCount"] == "2"


def test_the_marks_of_a_dossier_take_one_look(tmp_path: Path) -> None:
    accounts, heard = Accounts(), list[Mark]()
    with Sandbox(tmp_path / "server", Faults(), accounts=accounts) as address:
        system = OpenCps(address.url, address.group, address.user, address.password)
        ref = system.find(CODE).ref
        wanted = [Mark(ref, CODE, part, 1) for part in ("TP01", "TP02", "TP03")]
        system.mark(iter(wanted), heard.append)
    assert heard == wanted
    assert (accounts.calls("GET", f"/dossiers/{ref}"), accounts.calls("GET", "/marks")) == (1, 1)
    assert sum(accounts.calls("POST", f"/marks/{one.part}") for one in wanted) == 3

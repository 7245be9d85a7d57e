"""Each paper goes in its clerk's name: whose account cannot sign in waits, all others go on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from digitizer import hanging
from digitizer.app import App
from digitizer.diagnosis import made
from digitizer.doctor import examine
from digitizer.errors import ClerkPasswordMissing, ClerkRefused, SignInRefused
from digitizer.model import Dossier
from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox
from digitizer.servers import Server
from digitizer.storage import clerks
from digitizer.storage.clerks import Clerk
from digitizer.work.queue import troubles
from tests.readymade import add_ready_paper

LAN, MAI = "Nguyễn Thị Lan", "Trần Thị Mai"
FIRST, SECOND, THIRD = (f"000.00.20.H02-261122-000{number}" for number in (1, 2, 3))


@pytest.fixture
def accounts() -> Accounts:
    found = Accounts()
    found.set("lan", "của Lan")
    found.set("mai", "của Mai")
    return found


@pytest.fixture
def there(tmp_path: Path, accounts: Accounts) -> Iterator[Address]:
    with Sandbox(tmp_path / "sandbox", Faults(), accounts=accounts) as address:
        yield address


@pytest.fixture
def server(app: App, there: Address) -> Server:
    """The system, with the office's own account."""
    found = Server("opencps", there.url, there.group, there.user)
    app.servers.set(found, there.password)
    app.server_changed()
    app.syncing.down(threading.Event())
    return found


@pytest.fixture
def lan(app: App, server: Server) -> Clerk:
    return clerk(app, server, LAN, "lan", "của Lan")


@pytest.fixture
def mai(app: App, server: Server, lan: Clerk) -> Clerk:
    return clerk(app, server, MAI, "mai", "của Mai")


def clerk(app: App, server: Server, name: str, account: str, password: str) -> Clerk:
    made = app.clerks.put(name, account)
    if password:
        app.servers.keep_password(server, account, password)
    return made


def worked(app: App, code: str, by: Clerk | None, *, finish: bool = True) -> Dossier:
    """A dossier that somebody scanned, and finished."""
    app.clerks.use(by.id if by else "")
    here = app.dossiers.find(code)
    add_ready_paper(app, here)
    return app.dossiers.finish(here.id) if finish else here


def send(app: App) -> None:
    """Let everything go that can."""
    if not any(thread.is_alive() for thread in app.sync._threads):
        app.sync.start()
    app.settle()
    app.sync.until_idle(threading.Event())
    app.settle()


def test_a_paper_goes_under_the_account_of_who_finished_it(
    app: App, accounts: Accounts, lan: Clerk, mai: Clerk
) -> None:
    mine = worked(app, FIRST, lan, finish=False)
    app.clerks.use(mai.id)
    app.dossiers.finish(mine.id)
    app.clerks.use(lan.id)
    send(app)
    assert accounts.uploaders() == ["mai"]
    done = clerks.done(app.store, mine.id)
    assert done.finished == MAI
    assert list(done.batches.values()) == [LAN]
    assert list(done.receipts.values()) == [MAI]
    assert list(done.accounts.values()) == ["mai"]
    (sending,) = app.store.rows("SELECT * FROM sending")
    assert (sending["clerk"], sending["account"]) == (mai.id, "mai")
    assert sending["at"]


def test_one_that_nobody_finished_goes_under_who_scanned_it(
    app: App, accounts: Accounts, lan: Clerk, mai: Clerk
) -> None:
    worked(app, FIRST, mai, finish=False)
    app.clerks.use(lan.id)
    send(app)
    assert accounts.uploaders() == ["mai"]


def test_each_account_has_a_session_of_its_own(
    app: App, accounts: Accounts, server: Server, lan: Clerk, mai: Clerk
) -> None:
    app.servers.set(replace(server, auth="session"), "")
    for code, by in ((FIRST, lan), (SECOND, mai), (THIRD, lan)):
        worked(app, code, by)
    send(app)
    assert sorted(accounts.uploaders()) == ["lan", "lan", "mai"]
    with app.senders.clerk(lan.id) as one, app.senders.clerk(mai.id) as other:
        assert one.system is not other.system
    with app.senders.clerk(lan.id) as again:
        assert again.system is one.system, "it is signed in"
    app.servers.keep_password(server, "lan", "khác")
    with app.senders.clerk(lan.id) as anew:
        assert anew.system is not one.system


def test_who_has_no_account_of_their_own_uses_the_offices(
    app: App, accounts: Accounts, server: Server
) -> None:
    shared = app.clerks.put(LAN, "")
    mine = worked(app, FIRST, shared)
    send(app)
    assert accounts.uploaders() == [server.user]
    done = clerks.done(app.store, mine.id)
    assert list(done.receipts.values()) == [LAN]
    assert list(done.accounts.values()) == [server.user]


@pytest.mark.parametrize(
    ("password", "trouble"), [("sai", ClerkRefused), ("", ClerkPasswordMissing)]
)
def test_only_their_dossiers_wait_whose_password_is_wrong_or_missing(
    app: App,
    accounts: Accounts,
    server: Server,
    lan: Clerk,
    password: str,
    trouble: type[ClerkRefused],
) -> None:
    mai = clerk(app, server, MAI, "mai", password)
    worked(app, FIRST, mai)
    worked(app, SECOND, mai)
    worked(app, THIRD, lan)
    send(app)
    assert accounts.uploaders() == ["lan"]
    assert accounts.refusals("mai") == (1 if password else 0), "asked once, not for each paper"
    assert app.sync.state().paused is None
    assert [(one.error, one.attempts, one.parked) for one in troubles(app.store)] == [
        (trouble.code, 0, True)
    ] * 2
    (held,) = hanging.held(app.store)
    assert (held.clerk, held.who, held.error, held.dossiers) == (mai.id, MAI, trouble.code, 2)
    assert hanging.hanging(app.store).stuck == ()
    app.sync.wake()
    send(app)
    assert accounts.refusals("mai") == (1 if password else 0), "nor again by itself"

    app.servers.keep_password(server, "mai", "của Mai")
    app.senders.forget("mai")
    app.account_mended()
    send(app)
    assert accounts.uploaders() == ["lan", "mai", "mai"]
    assert hanging.held(app.store) == ()


def test_a_dossier_that_waits_goes_once_somebody_else_finishes_it(
    app: App, accounts: Accounts, server: Server, lan: Clerk
) -> None:
    mai = clerk(app, server, MAI, "mai", "sai")
    mine = worked(app, FIRST, mai)
    send(app)
    assert len(hanging.held(app.store)) == 1
    app.dossiers.reopen(mine.id)
    app.clerks.use(lan.id)
    app.dossiers.finish(mine.id)
    send(app)
    assert accounts.uploaders() == ["lan"]
    assert accounts.refusals("mai") == 1


def test_mending_one_account_asks_nothing_of_another_that_was_refused(
    app: App, accounts: Accounts, server: Server
) -> None:
    lan = clerk(app, server, LAN, "lan", "sai")
    mai = clerk(app, server, MAI, "mai", "sai")
    worked(app, FIRST, lan)
    worked(app, SECOND, mai)
    send(app)
    app.servers.keep_password(server, "lan", "của Lan")
    app.senders.forget("lan")
    app.account_mended()
    send(app)
    assert accounts.uploaders() == ["lan"]
    assert (accounts.refusals("lan"), accounts.refusals("mai")) == (1, 1)


def test_what_is_fetched_is_fetched_by_who_is_at_the_desk(
    app: App, accounts: Accounts, server: Server, lan: Clerk
) -> None:
    mai = clerk(app, server, MAI, "mai", "sai")
    app.clerks.use(mai.id)
    with pytest.raises(ClerkRefused) as told:
        app.syncing.down(threading.Event())
    assert told.value.who == MAI
    assert (told.value.detail, MAI in str(told.value)) == (mai.id, False)
    app.clerks.use(lan.id)
    assert app.syncing.down(threading.Event()) == 0
    assert accounts.refusals("mai") == 1


def test_who_left_is_named_still_and_their_dossiers_go_under_the_offices_account(
    app: App, accounts: Accounts, server: Server, lan: Clerk, mai: Clerk
) -> None:
    mine = worked(app, FIRST, lan)
    app.remove_clerk(lan)
    assert app.clerks.at_desk() is None
    send(app)
    assert accounts.uploaders() == [server.user]
    assert list(clerks.done(app.store, mine.id).receipts.values()) == [LAN]
    assert app.servers.passwords.get(f"lan@http://{server.url.split('/')[2]}") == ""


def test_without_a_list_there_is_one_account_and_nobody_is_named(
    app: App, accounts: Accounts, server: Server
) -> None:
    mine = worked(app, FIRST, None)
    send(app)
    assert accounts.uploaders() == [server.user]
    done = clerks.done(app.store, mine.id)
    assert (done.batches, done.finished, list(done.receipts.values())) == ({}, "", [""])
    names = [row["name"] for row in app.store.rows("SELECT name FROM setting")]
    assert clerks.AT_DESK not in names


def test_a_password_changed_in_the_middle_of_a_backlog_loses_nothing(
    app: App, accounts: Accounts, server: Server
) -> None:
    worked(app, FIRST, None)
    send(app)
    accounts.set(server.user, "mới")
    for code in (SECOND, THIRD):
        worked(app, code, None)
    send(app)
    assert isinstance(app.sync.state().paused, SignInRefused)
    assert accounts.refusals(server.user) == 1
    assert [r[0] for r in app.store.rows("SELECT attempts FROM work")] == [0, 0]
    app.servers.set(server, "mới")
    app.server_changed()
    while len(accounts.uploaders()) < 3:
        send(app)
    assert app.store.rows("SELECT * FROM work") == []
    assert accounts.refusals(server.user) == 1


def test_a_folder_is_told_who_and_when(app: App, lan: Clerk, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    app.servers.set(Server("folder", str(tmp_path / "out"), "", ""), "")
    app.server_changed()
    worked(app, FIRST, lan)
    send(app)
    manifest = json.loads((tmp_path / "out" / FIRST / "manifest.json").read_text("utf-8"))
    (line,) = manifest["TaiLieuNop"]
    assert line["NguoiThucHien"] == LAN
    assert len(line["ThoiGian"]) == 14


def test_nobody_is_named_in_the_log_or_in_a_report(
    app: App, accounts: Accounts, server: Server, lan: Clerk
) -> None:
    mai = clerk(app, server, MAI, "mai", "sai")
    worked(app, FIRST, mai)
    worked(app, SECOND, lan)
    send(app)
    with pytest.raises(ClerkRefused), app.senders.clerk(mai.id):
        pass
    app.remove_clerk(mai)
    send(app)
    log = app.home.log.read_text("utf-8")
    assert "clerk-refused" in log
    report = made(app.home.root, examine(app.home.root, {}))
    assert "clerk-refused" in report
    for said in (log, report):
        for name in ("Lan", "Mai", "Trần", "Nguyễn", "của", "lan@", "mai@"):
            assert name not in said

"""Where dossiers go: its settings, and its password in a keyring or a private file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from msgspec.structs import replace

from digitizer.app import App
from digitizer.errors import AccountIncomplete, PasswordMissing
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox
from digitizer.servers import Server


class Ring(KeyringBackend):
    """A keyring in memory, never chosen by itself."""

    priority = -1  # type: ignore[assignment]  # declared as a property of the class

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture(params=["keyring", "file"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[App]:
    """A home on a system with a keyring, or without one."""
    before = keyring.get_keyring()
    keyring.set_keyring(Ring() if request.param == "keyring" else fail.Keyring())
    with App(tmp_path / "home", "test") as opened:
        yield opened
        assert opened.home.password.exists() == (request.param == "file")
    keyring.set_keyring(before)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), Faults()) as running:
        yield running


def test_settings_saved_without_a_password_keep_the_one_that_is_there(
    app: App, address: Address
) -> None:
    server = Server("opencps", address.url, address.group, address.user)
    app.servers.set(server, address.password)
    for same in (server, replace(server, group="7"), replace(server, url=f"{address.url}/")):
        app.servers.set(same, "")
        assert app.servers._password(same) == address.password
    app.servers.set(server, "")
    app.servers.connect().system.check()


def test_a_password_is_for_its_user_and_host_alone(app: App, address: Address) -> None:
    server = Server("opencps", address.url, address.group, address.user)
    for other in (
        replace(server, user="another"),
        replace(server, url="https://another.example.vn"),
        replace(server, url=address.url.replace("http:", "https:")),
        replace(server, sso="https://another.example.vn"),
    ):
        app.servers.set(server, address.password)
        assert app.servers._password(other) == ""
        app.servers.set(other, "")
        assert app.servers._password(other) == ""
    app.servers.set(server, address.password)


def test_one_that_was_kept_without_saying_what_for_goes_nowhere_else(
    app: App, address: Address
) -> None:
    server = Server("opencps", address.url, address.group, address.user)
    app.servers.set(server, address.password)
    app.servers.forget_password(server, server.user)
    app.home.password.write_text("cũ", "utf-8")
    app.servers.govern()  # as at every start
    assert app.servers._password(server) == "cũ"
    assert app.servers._password(replace(server, user="lan")) == ""
    app.servers.set(replace(server, url="https://another.example.vn"), "")
    with pytest.raises(PasswordMissing):
        app.servers.connect()
    app.servers.set(server, address.password)


def test_an_account_may_be_each_clerks_own_but_a_group_is_needed(
    app: App, address: Address
) -> None:
    server = Server("opencps", address.url, address.group, address.user)
    app.servers.set(server, address.password)
    with pytest.raises(AccountIncomplete):
        app.servers.set(replace(server, group=""), "")
    assert app.servers.get() == server
    app.servers.set(replace(server, user=""), "")
    with pytest.raises(AccountIncomplete):
        app.servers.connect()
    lan = app.clerks.put("Lan", address.user)
    with app.senders.clerk(lan.id) as to:
        to.system.check()

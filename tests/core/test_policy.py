"""The administrator's file: what it may say, what it does to a home, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from digitizer import policy
from digitizer.app import App
from digitizer.authority import read_authority
from digitizer.doctor import examine
from digitizer.errors import ByAdministrator
from digitizer.pace import Pace
from digitizer.pace import get as pace_of
from digitizer.policy import PROFILES, Policy
from digitizer.policyfile import VARIABLE, read_policy
from digitizer.profiles import OFFICE, NamedProfile
from digitizer.scanning import Profile
from digitizer.servers import Server
from digitizer.storage import changes, queries
from tests.certificates import pem, root

OFFICE_FILE = """
by = "Văn phòng xã"
[locked]
profiles = true
[locked.server]
kind = "folder"
url = "/srv/giay-to"
[locked.window]
text = 14
[default.window]
colours = "dark"
[default.local]
pace = "desk"
[[profile]]
name = "Cả xã"
both_sides = true
"""


def written(text: str) -> Policy:
    return policy.read(text, Path("digitizer.toml"))


def test_what_it_says() -> None:
    said = written(OFFICE_FILE)
    assert said.by == "Văn phòng xã"
    assert dict(said.locked) == {
        "server.kind": "folder", "server.url": "/srv/giay-to", "window.text": "14",
    }  # fmt: skip
    assert dict(said.default) == {"window.colours": "dark", "local.pace": "desk"}
    assert [one.name for one in said.profiles] == ["Cả xã"]
    assert said.locks(PROFILES)
    assert said.locks("window.text")
    assert not said.locks("window.colours")
    assert (said.problem, said.unknown) == ("", ())


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("[locked.server]\nkind='folder'\nurl='/a'\npassword='x'", "locked.server.password"),
        ("[locked.window]\ntext=12", "locked.window.text"),
        ("[locked.window]\ntext=true", "locked.window.text"),
        ("[default.window]\ncolour='dark'", "default.window.colour"),
        ("[default]\ntext=11", "default.text"),
        ("locked = 3", "locked"),
        ("[locked]\nprofiles='yes'", "locked.profiles"),
        ("by = 3", "by"),
        ("other = 3", "other"),
    ],
)
def test_what_means_nothing_is_named_and_the_rest_holds(text: str, unknown: str) -> None:
    said = written(text + "\n[default.local]\npace='desk'\n")
    assert said.unknown == (unknown,)
    assert said.default["local.pace"] == "desk"
    assert not said.problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[locked", "end of document"),
        ("[locked.server]\nkind='folder'", "both kind and url"),
        ("[locked]\nprofiles=true", "without any"),
        ("[[profile]]\nname='x'\ndpi=100", "below the legal floor"),
        ("[[profile]]\nname=''", "profile 1"),
    ],
)
def test_a_file_that_cannot_be_used_locks_nothing(text: str, problem: str) -> None:
    said = written(text)
    assert problem in said.problem
    assert not said.locked
    assert not said.locks(PROFILES)


def test_it_governs_a_home_and_its_locks_hold(tmp_path: Path) -> None:
    with App(tmp_path, "test") as app:
        app.servers.set(Server("folder", "/own", "", ""), "")
        app.keep_settings({"window.text": "11"})
    with App(tmp_path, "test", policy=written(OFFICE_FILE)) as app:
        there = app.servers.get()
        assert there is not None
        assert (there.kind, there.url) == ("folder", "/srv/giay-to")
        assert [one.name for one in app.profiles.all()] == ["Cả xã"]
        assert queries.setting(app.store, "window.text") == "14"
        assert queries.setting(app.store, "window.colours") == "dark"
        assert pace_of(app.store) is Pace.DESK
        for change in (
            lambda: app.servers.set(Server("folder", "/own", "", ""), ""),
            lambda: app.profiles.put(OFFICE),
            lambda: app.profiles.remove("Cả xã"),
            lambda: app.profiles.take('[[profile]]\nname="x"\n'),
            lambda: app.keep_settings({"window.colours": "light", "window.text": "11"}),
        ):
            with pytest.raises(ByAdministrator):
                change()
        assert queries.setting(app.store, "window.colours") == "dark"  # all or none
        app.keep_settings({"window.colours": "light", "window.text": "14"})
        app.keep_pace(Pace.WORK)
        app.profiles.use("an", "Cả xã")
    with App(tmp_path, "test", policy=written(OFFICE_FILE)) as app:
        assert queries.setting(app.store, "window.colours") == "light"  # a default asks once
        assert pace_of(app.store) is Pace.WORK


def test_what_is_only_handed_out_leaves_what_is_there(tmp_path: Path) -> None:
    handed_out = written('[[profile]]\nname = "Cả xã"\n')
    own = NamedProfile("Của tôi", Profile(""))
    with App(tmp_path / "old", "test") as app:
        app.profiles.put(own)
    with App(tmp_path / "old", "test", policy=handed_out) as app:
        assert own in app.profiles.all()
        assert "Cả xã" not in [one.name for one in app.profiles.all()]
    with App(tmp_path / "new", "test", policy=handed_out) as app:
        assert [one.name for one in app.profiles.all()] == ["Cả xã"]
        app.profiles.put(own)


def test_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "digitizer.toml"
    monkeypatch.setenv(VARIABLE, str(file))
    assert read_policy() == Policy(file, problem="DIGITIZER_POLICY names it, and it is not there")
    file.write_bytes(b"\xff\xfe")
    assert read_policy().problem == "not UTF-8 text"
    file.unlink()
    file.mkdir()
    assert read_policy().problem
    monkeypatch.setenv(VARIABLE, "")
    assert read_policy() == policy.FREE
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "etc"))
    assert read_policy() == Policy(tmp_path / "etc/digitizer/digitizer.toml")


def test_the_doctor_tells_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "digitizer.toml"
    monkeypatch.setenv(VARIABLE, str(file))

    def told() -> tuple[bool, str]:
        found = {one.check: one for one in examine(tmp_path / "home", {})}
        check = found["administrator's file"]
        return check.ok, check.detail

    assert told() == (False, f"{file}: DIGITIZER_POLICY names it, and it is not there")
    monkeypatch.setenv(VARIABLE, "")
    assert told() == (True, "none")
    monkeypatch.setenv(VARIABLE, str(file))
    file.write_text("[locked.window]\ntext = 14\n", encoding="utf-8")
    assert told() == (True, f"{file}: 1 settings locked")
    file.write_text("[locked.window]\ntext = 15\n", encoding="utf-8")
    assert told() == (False, f"{file}: cannot be used: locked.window.text")
    file.write_text("[", encoding="utf-8")
    assert told()[0] is False


def test_it_hands_out_an_office_ca_which_nobody_changes_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, certificate = tmp_path / "digitizer.toml", tmp_path / "ca.crt"
    certificate.write_bytes(pem(root()))
    text = f"""[locked.server]
kind = "opencps"
url = "https://motcua.example.vn"
ca = "{certificate}"
"""
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(file))
    ca = read_authority(certificate).pem
    with App(tmp_path / "home", "test") as app:
        server = app.servers.get()
        assert server is not None
        assert server.ca == ca
        with pytest.raises(ByAdministrator):
            app.servers.set(replace(server, ca=""), "")
        app.servers.set(replace(server, group="1", user="lan"), "x")
    certificate.write_bytes(pem(root(ca=False)))
    read = read_policy()
    assert read.unknown == ("locked.server.ca",)
    assert read.locks("server.url")
    assert not read.locks("server.ca")
    with App(tmp_path / "home", "test") as app:
        server = app.servers.get()
        assert server is not None
        assert server.ca == ca, "what was set before holds"
        with app.store.transaction() as tx:
            changes.set_setting(tx, "server.ca", pem(root(begins=-9, ends=-1)).decode())
            changes.add_dossier(tx, code=None)
            tx.execute("UPDATE dossier SET opened_at = '2999-01-01T00:00:00.000000+00:00'")
    found = {one.check: one for one in examine(tmp_path / "home", {})}
    assert not found["administrator's file"].ok
    assert not found["office certificate"].ok
    assert not found["clock"].ok

"""What is an origin, which Host is ours, and who may scan by whose word."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitizer import policy
from digitizer.app import App
from digitizer.bridge.consents import Consents, Standing
from digitizer.errors import ByAdministrator
from digitizer.origins import means_this_machine, origin_of, origins_in, typed_origin

A, B = "https://a.gov.example", "http://b.example:8080"


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://motcua.Gov.example", "https://motcua.gov.example"),
        ("https://a.example:443", "https://a.example"),
        ("http://a.example:80", "http://a.example"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://may_chu", "http://may_chu"),
        ("https://a.example:0", None),
        ("https://a.example:70000", None),
        ("https://a.example/", None),
        ("https://a.example\n", None),
        ("https://u@a.example", None),
        ("https://một-cửa.example", None),
        ("ftp://a.example", None),
        ("https://", None),
        ("null", None),
        ("", None),
    ],
)
def test_what_is_an_origin(text: str, origin: str | None) -> None:
    assert origin_of(text) == origin


def test_what_people_type() -> None:
    assert typed_origin(f" {A}/ ") == A
    assert typed_origin("a.gov.example") is None
    assert origins_in(f"{A}  {B}/ nothing") == (A, B)


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:5", True),
        ("LocalHost:5", True),
        ("[::1]:5", True),
        ("127.0.0.1:6", False),
        ("127.0.0.1", False),
        ("localhost.evil.example:5", False),
        ("", False),
    ],
)
def test_which_host_is_this_machine(host: str, ours: bool) -> None:
    assert means_this_machine(host, 5) is ours


def test_the_newest_word_counts_and_every_word_stays(tmp_path: Path) -> None:
    with App(tmp_path, "test") as app:
        consents = Consents(app.store, app.policy)
        assert consents.standing(A) is Standing.UNKNOWN
        for say, standing in (
            (consents.allow, Standing.ALLOWED),
            (consents.refuse, Standing.REFUSED),
            (consents.withdraw, Standing.UNKNOWN),
            (consents.allow, Standing.ALLOWED),
        ):
            say(A)
            assert consents.standing(A) is standing
        assert consents.standing(B) is Standing.UNKNOWN
        consents.refuse(B)
        assert [(one.origin, one.standing) for one in consents.all()] == [
            (B, Standing.REFUSED), (A, Standing.ALLOWED),
        ]  # fmt: skip
        assert all(one.at is not None for one in consents.all())
        assert len(app.store.rows("SELECT * FROM consent")) == 5


def test_the_administrators_list_and_its_lock(tmp_path: Path) -> None:
    text = f'[{{0}}.bridge]\nscan = "on"\norigins = ["{A}/"]\n'
    given = policy.read(text.format("default"), Path("digitizer.toml"))
    assert given.unknown == ()
    with App(tmp_path, "test", policy=given) as app:
        consents = Consents(app.store, app.policy)
        assert consents.standing(A) is Standing.ALLOWED
        assert consents.standing(B) is Standing.UNKNOWN
        (listed,) = consents.all()
        assert (listed.origin, listed.at) == (A, None)
        consents.refuse(A)
        consents.allow(B)
        assert consents.standing(A) is Standing.REFUSED
    locked = policy.read(text.format("locked"), Path("digitizer.toml"))
    with App(tmp_path, "test", policy=locked) as app:
        consents = Consents(app.store, app.policy)
        assert consents.standing(A) is Standing.ALLOWED
        assert consents.standing(B) is Standing.REFUSED
        assert [one.origin for one in consents.all()] == [A]
        with pytest.raises(ByAdministrator):
            consents.allow(B)


@pytest.mark.parametrize("value", ['"https://a"', '["a"]', "[1]", "true"])
def test_a_list_that_is_none_is_told(value: str) -> None:
    said = policy.read(f"[locked.bridge]\norigins = {value}\n", Path("digitizer.toml"))
    assert said.unknown == ("locked.bridge.origins",)

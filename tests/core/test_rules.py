"""The rules of watched folders: what a file of them means, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitizer.errors import FolderUnreadable, RulesUnusable
from digitizer.rules import Done, Gather, Rule, Same, checked, read_rules


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("one", "two", "one/inner"):
        (tmp_path / name).mkdir()
    return tmp_path


def rules_of(place: Path, text: str) -> tuple[Rule, ...]:
    (place / "rules.toml").write_text(text, encoding="utf-8")
    return read_rules(place / "rules.toml")


def test_a_rule_says_everything_or_only_where(place: Path) -> None:
    whole = f"""
        [[folder]]
        path = "{place / "one"}"
        dossier = "L-000001"
        paper = "TP01"
        gather = "folder"
        done = "remove"
        same = "skip"
        poll = true
        quiet_seconds = 30

        [[folder]]
        path = "two"
    """
    first, second = rules_of(place, whole)
    assert first == Rule(
        place / "one", "L-000001", "TP01", Gather.FOLDER, Done.REMOVE, Same.SKIP, True, 30.0
    )
    assert second == Rule(place / "two")
    assert (second.gather, second.done, second.same) == (Gather.PAGES, Done.MOVE, Same.ASK)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no [[folder]]"),
        ("folder = 3", "no [[folder]]"),
        ("[[folder]]\npath = ", "not TOML"),
        ("[[folder]]\ndossier = 'L-000001'", "folder 1: path is missing"),
        ("[[folder]]\npath = 'one'\ncolour = 1", "folder 1: unknown key colour"),
        ("[[folder]]\npath = 'one'\n[other]", "the file: unknown key other"),
        ("[[folder]]\npath = 7", "folder 1: path = 7"),
        ("[[folder]]\npath = 'one'\npoll = 1", "poll = 1"),
        ("[[folder]]\npath = 'one'\nquiet_seconds = true", "quiet_seconds = True"),
        ("[[folder]]\npath = 'one'\nquiet_seconds = 0", "quiet_seconds = 0"),
        ("[[folder]]\npath = 'one'\ndossier = ''", "dossier is empty"),
        ("[[folder]]\npath = 'one'\ngather = 'stack'", "none of file, folder, pages"),
        ("[[folder]]\npath = 'one'\n[[folder]]\npath = './two/../one'", "two rules for"),
        ("[[folder]]\npath = 'one'\n[[folder]]\npath = 'one/inner'", "one in the other"),
        ("[[folder]]\npath = 'one/inner'\n[[folder]]\npath = 'one'", "one in the other"),
    ],
)
def test_what_cannot_be_is_said(place: Path, text: str, said: str) -> None:
    with pytest.raises(RulesUnusable) as told:
        rules_of(place, text)
    assert said in told.value.detail


def test_a_folder_that_is_not_there_is_said(place: Path) -> None:
    (place / "file").touch()
    for name in ("three", "file"):
        with pytest.raises(FolderUnreadable, match=name):
            rules_of(place, f"[[folder]]\npath = '{name}'")
        with pytest.raises(FolderUnreadable):
            checked([Rule(place / name)])


def test_rules_that_cannot_be_read_are_said(place: Path) -> None:
    (place / "rules.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("none.toml", "rules.toml"):
        with pytest.raises(RulesUnusable, match=name):
            read_rules(place / name)

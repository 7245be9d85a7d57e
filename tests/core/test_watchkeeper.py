"""The watch that a home remembers: folders come and go, and are watched again after a start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdesk import CODE, Desk, until

from digitizer.arrivals import Held, Why
from digitizer.errors import DossierUnknown, FolderUnreadable, PaperUnknown, RulesUnusable
from digitizer.rules import Done, Gather, Rule, Same, kept_rules, kept_text
from digitizer.watchkeeper import Watchkeeper


@pytest.fixture
def keeper(desk: Desk) -> Iterator[Watchkeeper]:
    kept = Watchkeeper(desk.app, lambda _app, rules: desk.watcher(*rules))
    kept.start()
    yield kept
    kept.stop()


def begun_anew(desk: Desk, before: Watchkeeper) -> Watchkeeper:
    before.stop()
    after = Watchkeeper(desk.app, lambda _app, rules: desk.watcher(*rules))
    after.start()
    return after


def test_a_folder_is_watched_from_when_it_is_added_and_after_the_next_start(
    desk: Desk, keeper: Watchkeeper
) -> None:
    keeper.add([desk.rule()])
    desk.drop("1.tif", "a")
    until(lambda: desk.texts() == {"Giấy tờ khác": "a"})
    after = begun_anew(desk, keeper)
    desk.drop("2.tif", "b")
    until(lambda: desk.texts() == {"Giấy tờ khác": "a|b"})
    (watched,) = after.state().folders
    assert (watched.dossier, watched.paper, watched.trouble) == (CODE, "Giấy tờ khác", None)
    after.remove(desk.hot)
    desk.drop("3.tif", "c")
    assert after.state().folders == ()
    after.stop()
    assert desk.lying()[0] == "3.tif", "it is not watched any more"


def test_a_rule_is_remembered_whole() -> None:
    rules = (
        Rule(Path("/srv/một"), "L-000001", "TP01", Gather.FOLDER, Done.REMOVE, Same.SKIP, True, 30),
        Rule(Path("/srv/hai")),
    )
    assert kept_rules(kept_text(rules)) == rules
    assert kept_rules(kept_text(())) == ()


def test_what_cannot_be_watched_changes_nothing(
    desk: Desk, keeper: Watchkeeper, tmp_path: Path
) -> None:
    keeper.add([desk.rule()])
    inside = desk.hot / "inside"
    inside.mkdir()
    (tmp_path / "other").mkdir()
    for rule, error in (
        (Rule(inside), RulesUnusable),
        (Rule(tmp_path / "nowhere"), FolderUnreadable),
        (Rule(tmp_path / "other", "L-000777"), DossierUnknown),
    ):
        with pytest.raises(error):
            keeper.add([rule])
    assert keeper.rules() == (desk.rule(),)


def test_the_rule_of_a_folder_is_replaced_and_a_file_adds_others(
    desk: Desk, keeper: Watchkeeper, tmp_path: Path
) -> None:
    keeper.add([desk.rule()])
    keeper.add([Rule(desk.hot)])
    assert keeper.rules() == (Rule(desk.hot),)
    (tmp_path / "other").mkdir()
    file = tmp_path / "rules.toml"
    file.write_text('[[folder]]\npath = "other"\ngather = "file"\n', encoding="utf-8")
    assert keeper.take(file) == 1
    assert [rule.gather for rule in keeper.rules()] == [Gather.PAGES, Gather.FILE]


def test_a_folder_that_is_away_at_the_start_is_waited_for_and_holds_up_no_other(
    desk: Desk, keeper: Watchkeeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitizer.arrivals._AWAY_SECONDS", 0.2)
    share = tmp_path / "share"
    share.mkdir()
    keeper.add([desk.rule(), Rule(share, poll=True)])
    keeper.stop()
    share.rmdir()
    after = begun_anew(desk, keeper)
    desk.drop("1.tif", "a")
    until(lambda: desk.texts() == {"Giấy tờ khác": "a"})
    until(lambda: after.state().waiting == (Held(share, Why.FOLDER_GONE),))
    share.mkdir()
    (share / "1.tif").write_bytes(b"from the share")
    until(lambda: any(paper.live_pages for paper in desk.app.dossiers.unsorted().papers))
    until(lambda: after.state().waiting == ())
    assert after.state().trouble is None
    after.stop()


def test_a_rule_whose_paper_is_gone_says_so_and_holds_up_no_other(
    desk: Desk, keeper: Watchkeeper, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    keeper.add([desk.rule(), Rule(tmp_path / "other", CODE, "TP07")])
    with desk.app.store.transaction() as tx:
        tx.execute("UPDATE dossier SET template = 'known by now' WHERE code = ?", (CODE,))
        tx.execute("UPDATE paper SET part = 'TP08' WHERE part = 'TP07'")
    after = begun_anew(desk, keeper)
    assert [type(one.trouble) for one in after.state().folders] == [type(None), PaperUnknown]
    desk.drop("1.tif", "a")
    until(lambda: desk.texts() == {"Giấy tờ khác": "a"})
    after.stop()


def test_a_file_that_was_taken_before_is_asked_about_and_answered(
    desk: Desk, keeper: Watchkeeper
) -> None:
    keeper.add([desk.rule()])
    desk.drop("1.tif", "a")
    until(lambda: desk.texts() == {"Giấy tờ khác": "a"})
    for name in ("again.tif", "once more.tif"):
        desk.drop(name, "a")
    until(lambda: len(keeper.state().questions) == 2)
    assert keeper.state().waiting == (), "what is asked about is told once"
    again, once_more = keeper.state().questions
    after = begun_anew(desk, keeper)
    assert len(after.state().questions) == 2
    after.answer([again], Same.TAKE)
    until(lambda: desk.texts() == {"Giấy tờ khác": "a|a"})
    after.answer([once_more], Same.SKIP)
    until(lambda: desk.lying() == ["done/1.tif", "done/again.tif", "done/once more.tif"])
    assert after.state().questions == ()
    after.stop()

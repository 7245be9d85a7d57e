"""The watch service: rules at work on real folders, with a scanner that needs no program."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from watchdesk import Desk, until

from digitizer.errors import (
    DossierUnknown,
)
from digitizer.rules import Done, Gather, Rule


def test_everything_becomes_pages_of_one_paper(desk: Desk) -> None:
    for number in (10, 9, 1):
        desk.drop(f"page {number}.tif", f"{number}a|{number}b")
    end = desk.once(desk.rule())
    assert (end.pages, end.trouble, end.left) == (6, None, ())
    assert desk.texts() == {"Giấy tờ khác": "1a|1b|9a|9b|10a|10b"}
    assert len({page.batch for page in desk.saved}) == 3
    assert [(page.seq, page.origin and page.origin.name) for page in desk.saved][:3] == [
        (1, "page 1.tif"), (2, "page 1.tif"), (1, "page 9.tif"),
    ]  # fmt: skip
    assert desk.lying() == ["done/page 1.tif", "done/page 10.tif", "done/page 9.tif"]
    assert desk.files.scans == [["page 1.tif", "page 9.tif", "page 10.tif"]]


def test_each_file_is_a_paper_of_its_own(desk: Desk) -> None:
    desk.drop("Giấy khai sinh.tif", "a|b")
    desk.drop("Hộ khẩu.tif", "c")
    desk.once(desk.rule(Gather.FILE, done=Done.REMOVE))
    assert desk.texts() == {"Giấy khai sinh": "a|b", "Hộ khẩu": "c"}
    assert {(paper.part, paper.kind.value) for paper in desk.papers()} == {("TP99", "other")}
    assert desk.lying() == []


def test_papers_of_a_named_part_are_its_copies(desk: Desk) -> None:
    for name in "abc":
        desk.drop(f"{name}.tif", name)
    desk.once(desk.rule(Gather.FILE, paper="TP01"))
    assert [(p.part, p.copy, desk.text(p)) for p in desk.papers()] == [
        ("TP01", 1, "a"), ("TP01", 2, "b"), ("TP01", 3, "c"),
    ]  # fmt: skip


def test_the_files_of_a_folder_become_one_paper_when_it_was_quiet(desk: Desk) -> None:
    desk.drop("x/1.tif", "a|b")
    desk.drop("x/2.tif", "c")
    desk.drop("y/1.tif", "d")
    desk.once(desk.rule(Gather.FOLDER))
    assert desk.texts() == {"x": "a|b|c", "y": "d"}
    assert len({page.batch for page in desk.saved}) == 2, "a code leads the pages of later files"
    assert [page.seq for page in desk.saved] == [1, 2, 3, 1]
    assert not desk.app.store.rows("SELECT 1 FROM batch WHERE ended_at IS NULL")
    desk.drop("x/3.tif", "later")
    desk.once(desk.rule(Gather.FOLDER))
    assert [desk.text(paper) for paper in desk.papers()] == ["a|b|c", "d", "later"]


def test_a_folder_that_goes_on_goes_on_with_its_paper(desk: Desk) -> None:
    watcher = desk.watcher(desk.rule(Gather.FOLDER))
    watcher.start()
    for number in range(4):
        desk.drop(f"{number}.tif", f"{number}")
        until(partial(desk.has_saved_more_than, number))
    until(lambda: not desk.app.store.rows("SELECT 1 FROM batch WHERE ended_at IS NULL"))
    desk.drop("next.tif", "next")
    until(lambda: len(desk.saved) == 5)
    watcher.stop()
    assert [desk.text(paper) for paper in desk.papers()] == ["0|1|2|3", "next"]
    assert watcher.state().trouble is None


def test_several_folders_go_their_own_ways(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "1.tif").write_bytes(b"unsorted")
    desk.drop("1.tif", "sorted")
    desk.once(desk.rule(), Rule(tmp_path / "other", poll=True))
    assert desk.texts() == {"Giấy tờ khác": "sorted"}
    (paper,) = desk.app.dossiers.unsorted().papers
    assert desk.text(paper) == "unsorted"


def test_what_a_rule_names_must_be_here(desk: Desk) -> None:
    with pytest.raises(DossierUnknown):
        desk.watcher(Rule(desk.hot, "L-000777"))

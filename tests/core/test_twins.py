"""Sheets fed twice, as the store holds them, with the blank backs that came along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from facts import READING, WORDS
from msgspec.structs import replace

from digitizer.app import App
from digitizer.model import Words
from digitizer.storage import changes
from digitizer.twins import twins

Wish = dict[str, object]
DUPLEX: Wish = {"source": "adf-duplex", "both_sides": False}
FIRST_FOUND: Wish = {"source": None, "both_sides": True}
SIMPLEX: Wish = {"source": "adf", "both_sides": True}
BLANK = "."


class Stack:
    """A paper into which batches are fed; a letter is a side, ``.`` a blank one."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._dossier = app.dossiers.open_new(code=None).id
        self._paper = app.dossiers.paper_for(app.dossiers.get(self._dossier), None)
        self._fed = 0
        self.numbers: dict[str, str] = {}
        """What a side says beside the words of its form, by its letter."""

    def feed(self, sides: str, reason: str = "empty", wish: Wish = DUPLEX) -> None:
        batch = changes.new_id()
        with self._app.store.transaction() as tx:
            changes.start_batch(tx, batch, self._paper, "scanner", json.dumps(wish))
            for seq, side in enumerate(sides, start=1):
                self._fed += 1
                image = f"{self._fed if side == BLANK else 1000 + ord(side):064x}"
                changes.add_page(tx, batch, seq, sha256=image, size=1, suffix=".jpg")
                reading = READING
                if side == BLANK:
                    reading = replace(READING, blank=True)
                else:
                    changes.put_words(tx, image, 0, self._words(side))
                changes.put_reading(tx, image, reading)
            changes.end_batch(tx, batch, reason)

    def _words(self, side: str) -> Words:
        """What was read of a side: nothing, or a form with a number."""
        if side not in self.numbers:
            return replace(WORDS, failed="ocr-failed")
        file = self._app.home.work / f"{side}.tsv"
        form = [f"mục{at}" for at in range(30)]
        rows = [f"5\t{word}" for word in (*form, self.numbers[side])]
        file.write_text("\n".join(["level\ttext", *rows, ""]), "utf-8")
        return replace(WORDS, tsv=self._app.vault.keep(file).sha256)

    def offered(self) -> list[tuple[int, int]]:
        """Numbers of pages that are offered for removal, each with the one it repeats."""
        dossier = self._app.dossiers.get(self._dossier)
        number = {page.id: at for at, page in enumerate(dossier.papers[0].live_pages, start=1)}
        found = twins(self._app.store, self._app.vault, dossier)
        return [(number[twin.page.id], number[twin.first.id]) for twin in found]

    def keep(self, number: int) -> None:
        page = self._app.dossiers.get(self._dossier).papers[0].live_pages[number - 1]
        self._app.dossiers.keep(self._dossier, [page.id])


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with App(tmp_path / "home", "test") as app:
        yield Stack(app)


@pytest.mark.parametrize("wish", [DUPLEX, FIRST_FOUND])
def test_the_blank_back_of_a_sheet_fed_twice_is_offered_with_it(stack: Stack, wish: Wish) -> None:
    stack.feed("a.", "jam", wish)
    stack.feed("a.bc", wish=wish)
    assert stack.offered() == [(3, 1), (4, 2)]


def test_a_sheet_put_back_the_other_way_up_is_the_same_sheet(stack: Stack) -> None:
    stack.feed("a.", "jam")
    stack.feed(".ab")
    assert stack.offered() == [(3, 2), (4, 1)]


def test_a_card_of_another_person_is_no_twin_nor_is_its_back(stack: Stack) -> None:
    stack.numbers = {"m": "024199000011", "f": "024096000101"}
    stack.feed("mx", "jam")
    stack.feed("fx")  # the backs are the same to the letter
    assert stack.offered() == []


def test_a_blank_back_whose_counterpart_is_not_blank_stays(stack: Stack) -> None:
    stack.feed("ax", "jam")
    stack.feed("a.")
    assert stack.offered() == [(3, 1)]


def test_a_blank_page_of_its_own_stays(stack: Stack) -> None:
    stack.feed("a.", "jam")
    stack.feed(".b")
    assert stack.offered() == []


@pytest.mark.parametrize(("first", "again"), [(SIMPLEX, DUPLEX), (DUPLEX, SIMPLEX)])
def test_where_only_fronts_were_scanned_nothing_is_a_back(
    stack: Stack, first: Wish, again: Wish
) -> None:
    stack.feed("a.", "jam", first)
    stack.feed("a.", wish=again)
    assert stack.offered() == [(3, 1)]


def test_what_the_clerk_keeps_is_kept_with_its_back(stack: Stack) -> None:
    stack.feed("a.", "jam")
    stack.feed("a.b")
    stack.keep(4)
    assert stack.offered() == [(3, 1)]
    stack.keep(3)
    assert stack.offered() == []

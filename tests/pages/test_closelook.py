"""The closer look at words read with doubt: which, how they are laid out, what is believed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from digitizer.pages import closelook
from digitizer.pages.wordtable import Box, Word

SURE, UNSURE = 96.0, 40.0
SIZE = (1200, 400)


def page(*lines: str) -> list[Word]:
    """Words of lines, 100 pixels apart; one that ends in ``~`` was read unsurely."""
    return [
        Word(
            text.rstrip("~"),
            UNSURE if text.endswith("~") else SURE,
            Box(100 * place, 60 * row, 80, 30),
            (1, 1, row + 1),
        )
        for row, line in enumerate(lines)
        for place, text in enumerate(line.split())
    ]


def again(sheet: closelook.Sheet, read: list[Word], *texts: tuple[int, str, float]) -> list[Word]:
    """What a run over the sheet gives: a word of the page by its number, its new text and how sure
    it is, where it stands on the sheet."""
    found = []
    for number, text, confidence in texts:
        place = next(one for one in sheet.places if one.first <= number <= one.last)
        box, scale = read[number].box, sheet.scale
        found.append(
            Word(
                text,
                confidence,
                Box(
                    round((box.left - place.box.left) * scale),
                    place.top + round((box.top - place.box.top) * scale),
                    round(box.width * scale),
                    round(box.height * scale),
                ),
                (1, 1, 1),
            )
        )
    return found


def looked(read: list[Word], *texts: tuple[int, str, float]) -> list[str]:
    sheet = closelook.laid(Image.new("L", (2 * SIZE[0], 2 * SIZE[1]), 255), read, spans(read), 2.0)
    return [word.text for word in closelook.surer(read, sheet, again(sheet, read, *texts))]


def spans(read: list[Word]) -> list[tuple[int, int]]:
    found = closelook.spans(read)
    assert found
    return found


def test_a_page_read_surely_is_not_looked_at_again() -> None:
    assert closelook.spans(page("Ủy ban nhân dân", "xã Tân~ Lập~")) == []


def test_marks_without_letters_are_no_doubtful_words() -> None:
    assert closelook.spans(page("~~ —~ _~ |~ nhân~ dân~")) == []


def test_doubtful_words_are_shown_with_their_neighbours_of_the_line() -> None:
    read = page("một hai~ ba~ bốn năm", "sáu~ bảy tám")
    assert closelook.spans(read) == [(0, 3), (5, 6)]


def test_places_stand_below_each_other_on_white() -> None:
    read = page("một hai~ ba~ bốn", "sáu~ bảy tám")
    black = Image.new("L", (2 * SIZE[0], 2 * SIZE[1]), 0)
    sheet = closelook.laid(black, read, spans(read), 2.0)
    rows = (np.asarray(sheet.image) == 0).any(axis=1).astype(int)
    assert int((np.diff(rows) == 1).sum()) == len(sheet.places) == 2
    assert rows[0] == rows[-1] == 0


def test_what_is_read_surely_takes_the_place_of_doubt_alone() -> None:
    read = page("Ủy bzn~ nhản~ dâm~ xã")
    texts = (0, "Uy", 97.0), (1, "ban", 95.0), (2, "nhxn", 50.0), (3, "dân", 95.0)
    assert looked(read, *texts) == ["Ủy", "ban", "nhản", "dân", "xã"]


def test_a_new_word_stands_where_the_old_one_stood_and_leaves_some_doubt() -> None:
    read = page("Ủy bzn~ nhản~ dâm~ xã")
    sheet = closelook.laid(Image.new("L", SIZE, 255), read, spans(read), 1.0)
    found = closelook.surer(read, sheet, again(sheet, read, (1, "ban", 97.0)))
    assert (found[1].box, found[1].line) == (read[1].box, read[1].line)
    assert UNSURE < found[1].confidence < 97.0


@pytest.mark.parametrize(("before", "after"), [("quyết~", "quyet"), ("đổi~", "đỗi")])
def test_marks_are_left_to_the_post_check(before: str, after: str) -> None:
    read = page(f"đã {before} một~ hai~")
    assert looked(read, (1, after, 96.0))[1] == before.rstrip("~")


def test_two_halves_of_a_word_become_one() -> None:
    read = page("số 10/TTr-~ NĐND~ ngày~ này")
    whole = closelook.laid(Image.new("L", SIZE, 255), read, spans(read), 1.0)
    one = again(whole, read, (1, "10/TTr-HĐND", 95.0))[0]
    box = Box(one.box.left, one.box.top, 180, one.box.height)
    found = closelook.surer(read, whole, [Word(one.text, one.confidence, box, one.line)])
    assert [word.text for word in found] == ["số", "10/TTr-HĐND", "ngày", "này"]

"""The search: what is found by what was typed, and that the index follows the facts."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from olderhome import set_back

from digitizer.app import App, Facts
from digitizer.finding import Found, dossiers_named, find
from digitizer.indexing import index_all
from digitizer.model import Code, Reading, Words
from digitizer.pagetext import Check, Field, FieldName, PageText
from digitizer.sought import Sought, excerpt
from digitizer.storage import changes, wordindex

CODE = "000.00.20.H02-261122-0007"
OTHER = "000.00.20.H02-261122-0008"
READING = Reading(620, 877, 75.0, 75.0, False, 0.1, 0, 0.0)
WORDS = Words("a" * 64, "b" * 64, 3, 90.0)


class Shelf:
    """A home whose pages say what a test wants."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._count = 0

    def dossier(self, code: str | None, holder: str = "") -> str:
        return self.app.dossiers.open_new(code=code, holder=holder).id

    def page(
        self, dossier_id: str, text: str, *, raw: str = "", part: str = "TP01", **said: object
    ) -> str:
        """Add a page that was read; return its id."""
        self._count += 1
        sha256, batch = f"{self._count:064x}", f"batch-{self._count}"
        paper = self.app.dossiers.paper_for(self.app.dossiers.get(dossier_id), part)
        with self.app.store.transaction() as tx:
            changes.start_batch(tx, batch, paper, "test", "{}")
            changes.add_page(tx, batch, 1, sha256=sha256, size=1, suffix="jpg")
            changes.end_batch(tx, batch, "empty")
        reading = replace(READING, codes=tuple(said.pop("codes", ())))  # type: ignore[call-overload]
        told = PageText(text, raw or text, fields=tuple(said.pop("fields", ())))  # type: ignore[call-overload]
        self.app.dossiers.note_reading(sha256, reading, WORDS, (), told)
        (row,) = self.app.store.rows("SELECT id FROM page WHERE sha256 = ?", sha256)
        return str(row[0])

    def find(self, typed: str) -> tuple[Found, ...]:
        index_all(self.app.store, threading.Event())
        return find(self.app.store, typed)

    def holders(self, typed: str) -> list[str]:
        return [one.dossier.holder for one in self.find(typed)]

    def pages(self, typed: str) -> list[str]:
        return [place.page_id for one in self.find(typed) for place in one.places]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with App(tmp_path / "home", "test") as app:
        yield Shelf(app)


def marked(found: tuple[Found, ...]) -> list[str]:
    """The words that are marked in the first place."""
    said = found[0].places[0].excerpt
    return [said.text[start:end] for start, end in said.marks]


@pytest.mark.parametrize(
    ("typed", "hit"),
    [
        ("thuận", True),
        ("THUẬN", True),
        ("thuan", True),
        ("thuân", False),  # with diacritics: just that word
        ("thuạn", False),
        ("Đặng Văn Thuận", True),
        ("dang van thuan", True),
        ("đang", False),
        ("thu", True),  # still being typed
        ("thu thi", False),
        ("thu ", False),  # a space ends it
        ("thuan dang", True),  # in any order
        ("thuan zebra", False),
        ("hòa", True),  # the page has it as hoà
        ("tổ 5", True),
    ],
)
def test_a_word_with_diacritics_means_just_that(shelf: Shelf, typed: str, hit: bool) -> None:
    page = shelf.page(shelf.dossier(CODE), "Ông Đặng Văn Thuận\nở tổ 5, xã Hoà Bình")
    assert shelf.pages(typed) == ([page] if hit else [])
    assert shelf.pages(unicodedata.normalize("NFD", typed)) == ([page] if hit else [])


def test_what_was_mended_is_found_as_it_was_read_too(shelf: Shelf) -> None:
    page = shelf.page(shelf.dossier(CODE), "Giấy khai sinh", raw="Giấy khai sính")
    assert shelf.pages("sinh") == shelf.pages("sính") == [page]
    assert marked(shelf.find("sính")) == ["sính"]


def test_persons_numbers_are_found_in_fields_codes_and_groups(shelf: Shelf) -> None:
    field = Field(FieldName.PERSON_NUMBER, "001085000111", 90.0, Check.CHECKED, (0, 0, 1, 1))
    one = shelf.page(shelf.dossier(CODE), "Số: OO1085OOO111", fields=(field,))
    two = shelf.page(shelf.dossier(OTHER), "", codes=(Code("QRCode", "001085000222||An"),))
    three = shelf.page(shelf.dossier(None), "Số 001 085 000 333 cấp ngày")
    assert shelf.pages("001085000111") == shelf.pages("001 085 000 111") == [one]
    assert shelf.pages("001085000222") == [two]
    assert shelf.pages("001085000333") == shelf.pages("001 085 000 333") == [three]
    assert marked(shelf.find("001085000222")) == ["001085000222"]


def test_a_dossier_is_found_by_any_part_of_its_code_and_name(shelf: Shelf) -> None:
    shelf.dossier(CODE, "Hoàng Thị Bích Ngọc")
    shelf.dossier(OTHER, "Đỗ Thị Kim Oanh")
    shelf.dossier(None, "Ai")
    assert shelf.holders("0008") == ["Đỗ Thị Kim Oanh"]
    assert shelf.holders(CODE.lower()) == ["Hoàng Thị Bích Ngọc"]
    assert shelf.holders("do thi") == ["Đỗ Thị Kim Oanh"]
    assert shelf.holders("thi ngoc") == ["Hoàng Thị Bích Ngọc"]
    assert shelf.holders("l-000001") == ["Ai"]
    assert shelf.holders("%") == shelf.holders('"') == shelf.holders("* OR a") == []
    assert shelf.holders("  ") == []


def test_a_new_dossier_is_found_by_name_before_anything_is_indexed(shelf: Shelf) -> None:
    shelf.dossier(CODE, "Hoàng Thị Bích Ngọc")
    new = shelf.dossier(None, "Đỗ Thị Kim Oanh")
    assert [one.id for one in dossiers_named(shelf.app.store, "kim", 5)] == [new]
    assert [one.id for one in dossiers_named(shelf.app.store, "", 1)] == [new]


@pytest.mark.parametrize("indexed", [True, False])
def test_who_is_called_so_comes_before_whose_name_holds_it(shelf: Shelf, *, indexed: bool) -> None:
    for serial, holder in enumerate(("Vũ Ngọc Ánh", "Đặng Quốc Khánh", "Lê Anh", "Ánhxa Kim Oanh")):
        shelf.dossier(f"000.00.20.H02-261122-{serial:04d}", holder)
    if indexed:
        shelf.find("gì đó")  # indexes all of it
    found = [one.holder for one in dossiers_named(shelf.app.store, "ánh", 5)]
    assert found == ["Vũ Ngọc Ánh", "Ánhxa Kim Oanh", "Đặng Quốc Khánh"]
    found = [one.holder for one in dossiers_named(shelf.app.store, "anh", 5)]
    assert found == ["Lê Anh", "Vũ Ngọc Ánh", "Ánhxa Kim Oanh", "Đặng Quốc Khánh"]


def test_the_best_come_first(shelf: Shelf) -> None:
    apart = shelf.dossier("000.00.20.H02-261122-0001", "Một")
    row = shelf.dossier("000.00.20.H02-261122-0002", "Hai")
    named = shelf.dossier("000.00.20.H02-261122-0003", "Kim Oanh")
    newer = shelf.dossier("000.00.20.H02-261122-0004", "Ba")
    shelf.page(row, "bà Kim Oanh")
    shelf.page(apart, "Kim Liên và Tú Oanh")
    shelf.page(newer, "Oanh, Kim")
    found = shelf.find("kim oanh")
    assert [one.dossier.id for one in found] == [named, row, newer, apart]
    assert [one.named for one in found] == [True, False, False, False]
    assert marked(found[1:]) == ["Kim Oanh"]


def test_words_may_stand_in_the_name_and_on_the_page(shelf: Shelf) -> None:
    dossier = shelf.dossier(CODE, "Hoàng Thị Bích Ngọc")
    page = shelf.page(dossier, "Giấy chứng sinh")
    shelf.page(dossier, "Tờ khai")
    assert shelf.pages("ngọc chứng sinh") == [page]


def test_a_place_tells_its_paper_number_and_words(shelf: Shelf) -> None:
    dossier = shelf.dossier(CODE)
    gone = shelf.page(dossier, "Bản nháp")
    shelf.page(dossier, " ".join(["chữ"] * 60 + ["Trích lục"] + ["khác"] * 60))
    shelf.app.dossiers.delete(dossier, [gone])
    (found,) = shelf.find("trich luc")
    (place,) = found.places
    assert (place.part, place.seq, place.number) == ("TP01", 2, 1)
    assert place.excerpt.text.startswith("… ")
    assert place.excerpt.text.endswith(" …")
    assert len(place.excerpt.text) < 200
    assert marked((found,)) == ["Trích lục"]


def test_an_excerpt_begins_at_a_word_shortly_before_what_was_found() -> None:
    text = "Cộng hòa xã hội chủ nghĩa Việt Nam Độc lập - Tự do - Hạnh phúc Họ tên: Hoàng Thị Ngọc"
    found = excerpt(text, Sought.parse("hoàng thị"))
    assert found is not None
    assert found.text == "… do - Hạnh phúc Họ tên: Hoàng Thị Ngọc"
    ((start, end),) = found.marks
    assert found.text[start:end] == "Hoàng Thị"
    text = "báo bằng văn bản, nêu rõ lý do. Nơi nhận là Ủy ban nhân dân xã nơi cư trú của người đó"
    found = excerpt(text, Sought.parse("ủy ban nhân dân"))
    assert found is not None
    assert found.text.startswith("… rõ lý do. Nơi nhận là Ủy ban nhân dân"), "not at the other ban"


def test_only_what_pages_say_as_they_are_now_is_found(shelf: Shelf) -> None:
    verbs, dossier = shelf.app.dossiers, shelf.dossier(CODE)
    page = shelf.page(dossier, "Giấy xác nhận")
    other = shelf.dossier(OTHER, "Người khác")
    verbs.turn(dossier, [page], 90)
    assert shelf.pages("xác nhận") == []  # not read that way round yet
    verbs.undo(dossier)
    assert shelf.pages("xác nhận") == [page]
    verbs.delete(dossier, [page])
    assert find(shelf.app.store, "xác nhận") == ()  # at once, whatever the index holds
    assert shelf.pages("xác nhận") == []
    verbs.undo(dossier)
    verbs.move(dossier, [page], verbs.paper_for(verbs.get(other), "TP02"))
    assert shelf.holders("xác nhận") == ["Người khác"]
    (row,) = shelf.app.store.rows("SELECT sha256 FROM page WHERE id = ?", page)
    verbs.note_words(row[0], 0, None, WORDS, (), PageText("Đơn đề nghị", "Đơn đề nghị"))
    assert shelf.pages("xác nhận") == []
    assert shelf.pages("đề nghị") == [page]


def test_a_holder_who_is_renamed_is_found_by_the_new_name(shelf: Shelf) -> None:
    dossier = shelf.dossier(CODE, "Nguyễn Văn Cũ")
    page = shelf.page(dossier, "Giấy chứng sinh")
    assert shelf.pages("cũ chứng sinh") == [page]
    with shelf.app.store.transaction() as tx:
        tx.execute("UPDATE dossier SET holder = 'Lê Mới' WHERE id = ?", (dossier,))
    assert shelf.holders("cũ") == []
    assert shelf.pages("mới chứng sinh") == [page]


def test_an_emptied_index_grows_back(shelf: Shelf) -> None:
    page = shelf.page(shelf.dossier(CODE, "Ngọc"), "Giấy chứng sinh")
    assert shelf.pages("chứng sinh") == [page]
    wordindex.empty(shelf.app.store)
    assert find(shelf.app.store, "chứng sinh") == ()
    assert shelf.holders("ngoc") == ["Ngọc"]
    assert shelf.pages("chứng sinh") == [page]


def test_an_index_that_holds_mostly_old_words_is_made_anew(shelf: Shelf) -> None:
    page = shelf.page(shelf.dossier(CODE), "Giấy chứng sinh")
    assert shelf.pages("sinh") == [page]
    assert not wordindex.is_bloated(shelf.app.store)
    with shelf.app.store.transaction() as tx:
        tx.execute("UPDATE sqlite_sequence SET seq = 20000 WHERE name = 'indexed_page'")
        tx.execute("INSERT INTO unindexed_page VALUES (?)", (page,))
    assert shelf.pages("sinh") == [page]
    assert wordindex.is_bloated(shelf.app.store)
    wordindex.empty(shelf.app.store)
    assert shelf.pages("sinh") == [page]
    assert not wordindex.is_bloated(shelf.app.store)


def test_one_stack_does_not_hide_other_dossiers(shelf: Shelf) -> None:
    shelf.page(shelf.dossier(CODE, "Một"), "Giấy khai sinh")
    stack = shelf.dossier(OTHER, "Hai")
    for _ in range(30):
        shelf.page(stack, "Giấy khai sinh")
    assert shelf.holders("khai sinh") == ["Hai", "Một"]
    assert [len(one.places) for one in shelf.find("khai sinh")] == [3, 1]


def test_a_home_of_an_older_version_is_indexed_by_and_by(tmp_path: Path) -> None:
    root = tmp_path / "home"
    with App(root, "test") as app:
        old = Shelf(app)
        old.page(old.dossier(CODE, "Hoàng Thị Bích Ngọc"), "Giấy chứng sinh")
        database = app.home.database
    set_back(database, 8)
    with App(root, "test") as app:
        assert wordindex.waiting(app.store) == 2
        assert [one.holder for one in dossiers_named(app.store, "ngoc", 5)]
        index_all(app.store, threading.Event())
    with Facts(root) as facts:
        assert len(find(facts.store, "chứng sinh")[0].places) == 1

"""Named profiles: kept, handed out, taken over; never below the legal floor without a reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.app import App
from digitizer.errors import (
    BelowFloor,
    ProfileBad,
    ProfileFileBad,
    ProfileNameTaken,
    ProfileUnknown,
)
from digitizer.profilefile import as_toml, parsed_text
from digitizer.profiles import OFFICE, NamedProfile, Profiles
from digitizer.scanning import Mode, Profile, Size, Source
from digitizer.storage.store import APPLICATION_ID, Store, migrations, statements


@pytest.fixture
def profiles(tmp_path: Path) -> Iterator[Profiles]:
    with App(tmp_path / "home", "test") as app:
        yield app.profiles


def names(profiles: Profiles) -> list[str]:
    return [one.name for one in profiles.all()]


def test_an_office_starts_with_colour_at_300_dpi_from_both_sides(profiles: Profiles) -> None:
    (first,) = profiles.all()
    assert first == OFFICE
    assert (first.profile.dpi, first.profile.mode, first.profile.both_sides) == (
        300,
        Mode.COLOR,
        True,
    )
    assert profiles.last("lan") == OFFICE


def test_a_profile_is_kept_changed_and_removed(profiles: Profiles) -> None:
    wish = Profile("test:0", Source.ADF, 200, size=Size(148, 210), wait=True, double_feed=False)
    profiles.put(NamedProfile(" A5 ", wish))
    assert names(profiles) == [OFFICE.name, "A5"]
    assert profiles.get("A5").profile == wish
    profiles.put(NamedProfile("A5", Profile("")))
    assert names(profiles) == [OFFICE.name, "A5"]
    assert profiles.get("A5").profile.dpi == 300
    profiles.remove("A5")
    with pytest.raises(ProfileUnknown):
        profiles.get("A5")
    with pytest.raises(ProfileUnknown):
        profiles.remove("A5")


def test_a_new_name_keeps_the_place_and_whoever_uses_it(profiles: Profiles) -> None:
    profiles.put(NamedProfile("A5", Profile("")))
    profiles.use("lan", OFFICE.name)
    profiles.put(NamedProfile("Tiếp dân", Profile("test:0")), instead_of=OFFICE.name)
    assert names(profiles) == ["Tiếp dân", "A5"]
    assert profiles.last("lan").profile == Profile("test:0")
    with pytest.raises(ProfileNameTaken):
        profiles.put(NamedProfile("A5", Profile("test:1")), instead_of="Tiếp dân")
    with pytest.raises(ProfileUnknown):
        profiles.put(NamedProfile("A5", Profile("test:1")), instead_of="không có")
    assert names(profiles) == ["Tiếp dân", "A5"]
    assert profiles.get("A5").profile == Profile("")


@pytest.mark.parametrize("wish", [Profile("", dpi=199), Profile("", mode=Mode.GRAY)])
def test_less_than_is_legal_needs_a_reason(profiles: Profiles, wish: Profile) -> None:
    with pytest.raises(BelowFloor):
        profiles.put(NamedProfile("Nhanh", wish))
    reasoned = Profile("", dpi=wish.dpi, mode=wish.mode, below_floor="máy cũ")
    profiles.put(NamedProfile("Nhanh", reasoned))
    assert profiles.get("Nhanh").profile.below_floor == "máy cũ"


@pytest.mark.parametrize(
    "named",
    [
        NamedProfile("  ", Profile("")),
        NamedProfile("x" * 121, Profile("")),
        NamedProfile("a\nb", Profile("")),
        NamedProfile("a\tb", Profile("")),
        NamedProfile("A5", Profile("d" * 121)),
        NamedProfile("A5", Profile("", mode=Mode.GRAY, below_floor="máy cũ " * 20)),
        NamedProfile("A5", Profile("", dpi=2400)),
        NamedProfile("A5", Profile("", size=Size(10.0, 297.0))),
    ],
)
def test_what_no_other_desk_could_take_is_not_kept(profiles: Profiles, named: NamedProfile) -> None:
    with pytest.raises(ProfileBad):
        profiles.put(named)
    with pytest.raises(ProfileBad):
        profiles.put(named, instead_of=OFFICE.name)
    assert profiles.all() == [OFFICE]


def test_no_more_are_kept_than_one_file_holds(profiles: Profiles) -> None:
    many = "\n".join(f"[[profile]]\nname = 'mẫu {number}'" for number in range(200))
    profiles.take(many)
    with pytest.raises(ProfileBad):
        profiles.put(NamedProfile("một nữa", Profile("")))
    with pytest.raises(ProfileBad):
        profiles.take("[[profile]]\nname = 'một nữa'")
    profiles.put(NamedProfile("mẫu 0", Profile("test:0")))
    assert profiles.take(profiles.exported()) == profiles.all()


def test_everybody_has_a_last_one_of_their_own(profiles: Profiles) -> None:
    profiles.put(NamedProfile("A5", Profile("")))
    profiles.use("lan", "A5")
    assert profiles.last("lan").name == "A5"
    assert profiles.last("minh") == OFFICE
    profiles.remove("A5")
    assert profiles.last("lan") == OFFICE


def test_one_file_carries_them_all_to_another_desk(profiles: Profiles, tmp_path: Path) -> None:
    profiles.put(NamedProfile('"Hai mặt" \\ A4', Profile("escl:uuid:1", size=Size(210, 297.5))))
    text = profiles.exported()
    with App(tmp_path / "other", "test") as app:
        taken = app.profiles.take(text)
        assert app.profiles.all() == taken == profiles.all()
        assert app.profiles.last("lan") == taken[0]


_NAMES = st.text(
    st.characters(blacklist_categories=("C", "Zl", "Zp", "Zs")), min_size=1, max_size=40
)


@given(name=_NAMES, device=_NAMES, width=st.floats(20, 2000), dpi=st.integers(200, 1200))
def test_what_is_written_is_read_back(name: str, device: str, width: float, dpi: int) -> None:
    made = NamedProfile(name.strip(), Profile(device, dpi=dpi, size=Size(width, 297.0)))
    assert parsed_text(as_toml(made)) == [made]


@pytest.mark.parametrize(
    "text",
    [
        "[[profile]",
        "x = 1",
        "profile = 3",
        "[[profile]]\ndpi = 300",
        "[[profile]]\nname = ''",
        "[[profile]]\nname = 'a'\ndpi = 20000",
        "[[profile]]\nname = 'a'\ndpi = true",
        "[[profile]]\nname = 'a'\nmode = 'sepia'",
        "[[profile]]\nname = 'a'\nsource = []",
        "[[profile]]\nname = 'a'\nsize_mm = [210]",
        "[[profile]]\nname = 'a'\nsize_mm = [nan, 297]",
        "[[profile]]\nname = 'a'\nresolution = 300",
        "[[profile]]\nname = 'a'\n[[profile]]\nname = 'a'",
        '[[profile]]\nname = "a"\ndevice = "x\\u0001y"',
        "[[profile]]\nname = '" + "a" * 500 + "'",
    ],
)
def test_a_bad_file_changes_nothing(profiles: Profiles, text: str) -> None:
    with pytest.raises(ProfileFileBad):
        profiles.take(text)
    assert profiles.all() == [OFFICE]


def test_a_file_with_one_illegal_profile_changes_nothing(profiles: Profiles) -> None:
    with pytest.raises(BelowFloor):
        profiles.take("[[profile]]\nname = 'a'\n[[profile]]\nname = 'b'\ndpi = 100")
    assert profiles.all() == [OFFICE]


def test_what_a_desk_had_chosen_before_names_becomes_a_profile(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "digitizer.db")) as old, old:
        for statement in statements(migrations()[0][1]):
            old.execute(statement)
        for name, value in (
            ("scanner.device", "test:0"), ("profile.source", "adf"),
            ("profile.dpi", "150"), ("profile.mode", "gray"), ("window.text", "14"),
        ):  # fmt: skip
            old.execute("INSERT INTO setting VALUES (?, ?)", (name, value))
        old.execute("INSERT INTO dossier (id, code, opened_at) VALUES ('d', 'c', '2026')")
        old.execute(
            "INSERT INTO paper VALUES ('p', 'd', 'TP01', 'Tờ khai', 'component', 1, 0, '', 1)"
        )
        old.execute("INSERT INTO batch VALUES ('b', 'p', 'test:0', '{}', '2026', NULL, NULL)")
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
    store = Store.open_for_writing(tmp_path / "digitizer.db", tmp_path)
    (kept,) = Profiles(store).all()
    assert kept.profile == Profile(
        "test:0", Source.ADF, 150, Mode.GRAY, below_floor="chọn từ trước"
    )
    assert [row["name"] for row in store.rows("SELECT name FROM setting")] == ["window.text"]
    assert store.rows("PRAGMA foreign_key_check") == []
    assert store.rows("SELECT copy FROM paper")[0]["copy"] == 1
    with store.transaction() as tx:
        tx.execute("DELETE FROM batch")
    store.close()


@pytest.mark.parametrize(
    ("profile", "best"),
    [
        (Profile(""), [Source.ADF, Source.ADF_DUPLEX, Source.FLATBED]),
        (Profile("", both_sides=True), [Source.ADF_DUPLEX, Source.ADF, Source.FLATBED]),
        (Profile("", Source.FLATBED, both_sides=True), [Source.FLATBED]),
    ],
)
def test_both_sides_are_preferred_only_where_asked(profile: Profile, best: list[Source]) -> None:
    assert list(profile.sources) == best

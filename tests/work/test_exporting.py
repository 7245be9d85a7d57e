"""Dossiers as folders, written: the national record, torn sticks, sticks that know little."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from parceldesk import (
    CODE,
    OTHER,
    STILL,
    Take,
    manifest,
    outcomes,
    pages,
    paper_of,
    rewrite,
    work,
)

from digitizer.app import App
from digitizer.errors import FolderUnwritable, ParcelHalf
from digitizer.exporting import export, waiting
from digitizer.receiving import Outcome
from digitizer.reusing import reuse_paper, reuse_result
from digitizer.sending import withhold


def test_what_is_written_is_the_national_record(stick: Path) -> None:
    value = manifest(stick)
    head = {name: value[name] for name in ("MaHoSo", "MaTTHC", "TenTTHC", "HoanTat")}
    assert head == {
        "MaHoSo": CODE,
        "MaTTHC": "1.001193",
        "TenTTHC": "Đăng ký khai sinh",
        "HoanTat": "1",
    }
    assert value["HoSoCoThanhPhanSoHoa"] == "1"
    (part,), (result,) = value["TaiLieuNop"], value["DanhSachGiayToKetQua"]
    assert (part["MaThanhPhanHoSo"], part["DuocSoHoa"]) == ("TP01", "1")
    assert (result["TenGiayTo"], result["MaThanhPhanHoSo"]) == ("Giấy khai sinh", "KQ01")
    assert sorted(file.name for file in (stick / CODE).iterdir()) == sorted(
        [part["TenTepDinhKem"], result["DuongDanTepTinKetQua"], "manifest.json"]
    )
    assert all(file.name.isascii() for file in stick.rglob("*"))


def test_a_stick_has_no_links_no_letter_case_and_no_folders_to_flush(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT and exFAT, as some systems mount them."""
    opened = os.open

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    def plain(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_DIRECTORY and Path(path).is_relative_to(tmp_path / "fat"):
            raise OSError(errno.EINVAL, "no folders here")
        return opened(path, flags, *more, **named)

    (tmp_path / "fat").mkdir()
    with App(written / "home", "test") as app, monkeypatch.context() as patch:
        patch.setattr(os, "open", plain)
        for verb in ("link", "symlink"):
            patch.setattr(os, verb, refused)
        over = export(app.store, app.vault, tmp_path / "fat", waiting(app.store), STILL)
    assert [(one.papers, one.error) for one in over] == [(2, None), (1, None)]
    names = [file.name for file in (tmp_path / "fat").rglob("*")]
    assert len({name.casefold() for name in names if name != "manifest.json"}) == len(names) - 2
    assert not [name for name in names if set(name) & set('"*/:<>?\\|+,;=[]') or name[-1] == "."]


def test_writing_again_changes_nothing(written: Path, stick: Path) -> None:
    before = {file: file.read_bytes() for file in stick.rglob("*.pdf")}
    with App(written / "home", "test") as app:
        over = export(app.store, app.vault, stick, waiting(app.store), STILL)
    assert [(one.code, one.papers, one.unready) for one in over] == [(CODE, 2, 0), (OTHER, 1, 0)]
    assert {file: file.read_bytes() for file in stick.rglob("*.pdf")} == before


def test_a_dossier_that_was_written_half_is_finished_by_writing_again(
    written: Path, stick: Path, take: Take
) -> None:
    """As a stick is that was pulled out: a torn manifest, a file that is missing."""
    (stick / CODE / "manifest.json").write_bytes(b"\0" * 4096)
    lost = next((stick / OTHER).glob("*.pdf"))
    lost.unlink()
    over = take(stick)
    assert isinstance(over[CODE].error, ParcelHalf)
    assert isinstance(over[OTHER].error, ParcelHalf)
    assert Outcome.TAKEN not in outcomes(over)
    with App(written / "home", "test") as app:
        export(app.store, app.vault, stick, waiting(app.store), STILL)
    assert outcomes(take(stick)) == [Outcome.TAKEN] * 3


def test_a_reused_paper_is_carried_as_one_and_names_who_answers_for_it(
    written: Path, desk: App, take: Take, tmp_path: Path
) -> None:
    carried = tmp_path / "carried"
    carried.mkdir()
    shutil.copytree(written / "home", tmp_path / "home")
    with App(tmp_path / "home", "test") as app:
        app.clerks.put("Nguyễn Thị Lan", "")
        app.dossiers.finish(app.dossiers.find(CODE).id)
        for code, result in ((CODE, "KQ.G07.000122"), (OTHER, "")):
            paper, source = paper_of(app, code), paper_of(app, OTHER if result else CODE)
            at = (app.store, app.events, app.dossiers.find(code).id, paper.id)
            if result:
                reuse_result(*at, result)
            else:
                reuse_paper(*at, source.id)
        work(app)
        export(app.store, app.vault, carried, waiting(app.store), STILL)
    (line,) = manifest(carried)["TaiLieuNop"]
    assert (line["DuocTaiSuDung"], line["MaKetQuaThayThe"]) == ("2", "KQ.G07.000122")
    assert line["NguoiThucHien"] == "Nguyễn Thị Lan"
    assert manifest(carried, OTHER)["TaiLieuNop"][0]["DuocTaiSuDung"] == "1"

    assert set(outcomes(take(carried))) == {Outcome.TAKEN}
    for code, flag, result in ((CODE, "2", "KQ.G07.000122"), (OTHER, "1", "")):
        reuse = paper_of(desk, code).reuse
        assert reuse is not None
        assert (reuse.flag, reuse.code) == (flag, result)
    pages(desk, tmp_path, paper_of(desk).id, "quet lai")
    assert paper_of(desk).reuse is None, "pages scanned here take its place"


def test_a_manifest_says_nothing_else_of_reuse(stick: Path, desk: App, take: Take) -> None:
    value = manifest(stick)
    value["TaiLieuNop"][0] |= {"DuocTaiSuDung": "2", "MaKetQuaThayThe": "hai từ; DROP TABLE"}
    rewrite(stick, value)
    take(stick)
    assert paper_of(desk).reuse is None
    assert paper_of(desk, OTHER).reuse is None


def test_a_paper_that_was_left_here_is_not_carried_out(written: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    shutil.copytree(written / "home", tmp_path / "home")
    with App(tmp_path / "home", "test") as app:
        withhold(app.store, app.events, [paper_of(app).id])
        (one,) = export(app.store, app.vault, tmp_path / "out", [app.dossiers.find(CODE).id], STILL)
    assert (one.papers, one.unready, one.error) == (1, 1, None)
    assert manifest(tmp_path / "out")["TaiLieuNop"] == []


def test_a_stick_that_is_pulled_out_is_no_lost_line(
    written: Path, stick: Path, tmp_path: Path
) -> None:
    with App(written / "home", "test") as app:
        with pytest.raises(FolderUnwritable):
            export(app.store, app.vault, tmp_path / "nowhere", waiting(app.store), STILL)
        with pytest.raises(FolderUnwritable):
            export(
                app.store, app.vault, stick, waiting(app.store), STILL,
                lambda _first: shutil.rmtree(stick),
            )  # fmt: skip


def test_a_dossier_without_a_code_stays_here(tmp_path: Path, desk: App) -> None:
    dossier = desk.dossiers.open_new(code=None)
    paper = desk.dossiers.paper_for(dossier, None)
    pages(desk, tmp_path, paper, "mot")
    (tmp_path / "out").mkdir()
    over = export(desk.store, desk.vault, tmp_path / "out", [dossier.id], STILL)
    assert [(one.papers, one.unready) for one in over] == [(0, 1)]
    assert list((tmp_path / "out").iterdir()) == []

"""A stack of many dossiers, printed sheets between them, falls apart by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from commandline import CommandLine
from PIL import Image, ImageDraw

CODES = [f"000.00.20.H02-261122-000{number}" for number in range(1, 6)]
DPI = 150
SIZE = (1240, 1754)


def faces(command: CommandLine, folder: Path, *asked: str) -> list[Image.Image]:
    """Print separator sheets and scan each of their faces."""
    out = folder / "sheets.pdf"
    made = command.ok("separators", *asked, "-o", out).value
    assert made["pdfa"]
    with pypdfium2.PdfDocument(out) as pdf:
        assert len(pdf) == made["pages"]
        return [page.render(scale=DPI / 72).to_pil().convert("L").resize(SIZE) for page in pdf]


def page(text: str = "", code: str = "") -> Image.Image:
    sheet = Image.new("L", SIZE, 250)
    draw = ImageDraw.Draw(sheet)
    draw.text((200, 300), text, fill=20, font_size=60)
    if code:
        made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode).to_image(5)
        sheet.paste(Image.fromarray(np.array(made)), (100, 60))
    return sheet


def upside_down(sheet: Image.Image) -> Image.Image:
    return sheet.transpose(Image.Transpose.ROTATE_180)


def blotted(sheet: Image.Image) -> Image.Image:
    """A face of which the headline alone can be read."""
    spoiled = sheet.copy()
    spoiled.paste(250, (0, 340, SIZE[0], SIZE[1]))
    return spoiled


def live(dossier: dict[str, Any]) -> dict[str, list[int]]:
    return {
        f"{paper['part']}#{paper['copy']}": [
            one["batch_seq"] for one in paper["pages"] if not one["deleted"]
        ]
        for paper in dossier["papers"]
        if paper["pages"]
    }


def test_a_duplex_stack_of_five_dossiers_falls_apart(bare: CommandLine, tmp_path: Path) -> None:
    for code in CODES:
        bare.ok("dossier", "new", "--code", code)
    one, _, three, three_back, four, _, lost, _, next_paper, next_back = faces(
        bare, tmp_path, CODES[0], CODES[2], CODES[3], CODES[4], "--next-paper", "1"
    )
    blank = page()
    stack = [
        *(one, one, page("Don de nghi"), blank),  # 1-4
        *(page("Giay tiep nhan", CODES[1]), blank),  # 5-6
        *(
            upside_down(next_paper),
            upside_down(next_back),
            page("Hop dong"),
            page("trang hai"),
        ),  # -10
        *(blotted(three), upside_down(three_back), page("To trinh"), blank),  # 11-14
        *(upside_down(four), blank, page("Bien ban"), blank),  # 15-18
        *(blotted(lost), blotted(lost), page("Cua ai day"), blank),  # 19-22
        *(page("Giay tiep nhan", CODES[4]), blank),  # 23-24
    ]
    folder = tmp_path / "stack"
    folder.mkdir()
    for number, sheet in enumerate(stack, start=1):
        sheet.save(folder / f"{number:02d}.jpg", quality=80, dpi=(DPI, DPI))
    bare.ok("import", folder, "--dossier", CODES[0])
    assert bare.ok("work", "--until-idle").value["failed"] == 0

    shown = {code: bare.ok("dossier", "show", code).value for code in CODES}
    assert live(shown[CODES[0]]) == {"TP99#1": [3, 4]}
    assert live(shown[CODES[1]]) == {"TP99#1": [5, 6], "TP99#2": [9, 10]}
    assert live(shown[CODES[2]]) == {"TP99#1": [13, 14]}
    assert live(shown[CODES[3]]) == {"TP99#1": [17, 18]}
    assert live(shown[CODES[4]]) == {"TP99#1": [23, 24]}
    assert live(bare.ok("dossier", "show", "L-000001").value) == {"TP99#1": [21, 22]}

    out = [
        one["batch_seq"]
        for dossier in shown.values()
        for paper in dossier["papers"]
        for one in paper["pages"]
        if one["separator"]
    ]
    assert sorted(out) == [1, 2, 7, 8, 11, 12, 15, 16]
    for dossier in shown.values():
        for paper in dossier["papers"]:
            count = sum(not one["deleted"] for one in paper["pages"])
            assert paper["bundle"]["pages"] == count
    assert bare.ok("verify").value["problems"] == []

    back = bare.ok("page", "restore", CODES[0], "1").value
    assert live(back) == {"TP99#1": [1, 3, 4]}


def test_a_sheet_fed_back_first_and_upside_down_through_a_scanner(
    bare: CommandLine, virtual: Callable[..., CommandLine], tmp_path: Path
) -> None:
    """Printed on one side only: the scanner tells which side is whose back."""
    for code in CODES[:2]:
        bare.ok("dossier", "new", "--code", code)
    front = faces(bare, tmp_path, CODES[1])[0]
    blank = page()
    stack = [page("Don de nghi"), blank, blank, upside_down(front), page("Bien ban"), blank]
    folder = tmp_path / "stack"
    folder.mkdir()
    for number, sheet in enumerate(stack, start=1):
        sheet.save(folder / f"{number}.jpg", quality=80, dpi=(DPI, DPI))
    command = virtual(folder)
    device = ("--device", "airscan:e0:Virtual", "--source", "adf-duplex", "--dpi", str(DPI))
    done = command.ok("scan", *device, "--dossier", CODES[0])
    assert len(done.pages) == len(stack)
    assert command.ok("work", "--until-idle").value["failed"] == 0
    shown = {code: command.ok("dossier", "show", code).value for code in CODES[:2]}
    assert live(shown[CODES[0]]) == {"TP99#1": [1, 2]}
    assert live(shown[CODES[1]]) == {"TP99#1": [5, 6]}
    (paper,) = shown[CODES[1]]["papers"]
    out = [one["batch_seq"] for one in paper["pages"] if one["separator"]]
    assert out == [3, 4]


def test_a_strangers_receipt_sends_nobodys_pages_along(bare: CommandLine, tmp_path: Path) -> None:
    """Its code is not known here: its pages wait unsorted, and that is told."""
    for code in CODES[:2]:
        bare.ok("dossier", "new", "--code", code)
    folder = tmp_path / "stack"
    folder.mkdir()
    texts = (("Giay tiep nhan", CODES[0]), ("a", ""), ("Giay tiep nhan", CODES[3]), ("b", ""))
    for number, (text, code) in enumerate(texts, start=1):
        page(text, code).save(folder / f"{number}.jpg", quality=80, dpi=(DPI, DPI))
    bare.ok("import", folder, "--dossier", CODES[1])
    done = bare.ok("work", "--until-idle")
    waiting = {"dossier": "L-000001", "paper": "TP99", "copy": 1, "codes": [CODES[3]], "pages": 2}
    assert done.value["unclaimed"] == [waiting]
    assert f"2 in L-000001 TP99 ({CODES[3]})" in done.trouble
    assert live(bare.ok("dossier", "show", CODES[0]).value) == {"TP99#1": [1, 2]}
    assert live(bare.ok("dossier", "show", CODES[1]).value) == {}
    assert bare.ok("status").value["unclaimed"] == 2
    bare.ok("dossier", "new", "--code", CODES[3])
    assert live(bare.ok("dossier", "show", CODES[3]).value) == {"TP99#1": [3, 4]}
    assert "unclaimed" not in bare.ok("work", "--until-idle").value


def test_sheets_for_what_is_not_known_are_refused(bare: CommandLine) -> None:
    assert bare.run("separators", "H02").code == 2
    assert bare.run("separators", "--papers", "1.000000").code == 3
    assert bare.run("separators", "--title", "Giấy chứng sinh").code == 2
    assert bare.ok("separators", "--waiting").value == {"out": None, "pages": 0, "sheets": []}


def test_sheets_for_waiting_dossiers_and_a_procedures_papers(
    worked: CommandLine, tmp_path: Path
) -> None:
    waiting = worked.ok("separators", "--waiting", "-o", tmp_path / "waiting.pdf").value
    codes = [sheet["code"] for sheet in waiting["sheets"]]
    assert codes == sorted(codes)
    assert CODES[0] not in codes, "it has pages already"
    assert CODES[1] in codes
    papers = worked.ok("separators", "--papers", "1.001193", "-o", tmp_path / "papers.pdf").value
    assert [(sheet["part"], sheet["title"]) for sheet in papers["sheets"]][:2] == [
        ("TP01", "Tờ khai đăng ký khai sinh"),
        ("TP02", "Giấy chứng sinh"),
    ]
    assert papers["pages"] == 2 * len(papers["sheets"])

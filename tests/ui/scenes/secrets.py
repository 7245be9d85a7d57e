"""A page with a stamp that stops its dossier: told by the banner, listed, shown from close by."""

from __future__ import annotations

from pathlib import Path

from digitizer.sandbox.sheet import DPI, Sheet, Style
from tests.ui.camera import Camera, wait
from tests.ui.filled import take_in
from tests.ui.papers import Papers
from tests.ui.stage import set_up
from ui.asides import Aside
from ui.places import Place
from ui.screens.secret import SecretScreen
from ui.wording import Act

_CODE = "000.00.20.H02-261122-0007"


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        take_in(stage, "TP01", (*papers.birth, _marked(folder)), _CODE, finished=True)
        with camera.window(stage) as window:
            wait(lambda: window.banner.held(Act.SEE_MARKED) is not None)
            office = window.office
            assert office is not None
            office.open_code(_CODE)
            wait(lambda: office.desk is not None)
            camera.take(window, "440-secret-banner")
            window.go_to(Place.TROUBLE)
            trouble = window.screen(Place.TROUBLE)
            wait(lambda: bool(trouble.view.list.rows))  # type: ignore[attr-defined]
            camera.take(window, "441-secret-listed")
            trouble.press(trouble.view.list.rows[0])  # type: ignore[attr-defined]
            wait(lambda: window.aside is Aside.MARKED)
            shown = window._shown
            assert isinstance(shown, SecretScreen)
            wait(lambda: shown.close_up.accessibleName() == "Chỗ tìm thấy")
            wait(lambda: shown.sheet.accessibleName() == "Cả trang")
            camera.take(window, "442-secret-page")
            shown.digit(2)
            wait(lambda: window.aside is None)
            wait(lambda: trouble.view.list.rows[0].state == "Tài liệu mật")  # type: ignore[attr-defined]
            trouble.press(trouble.view.list.rows[0])  # type: ignore[attr-defined]
            wait(lambda: window.aside is Aside.MARKED)
            wait(lambda: shown.shown is not None)
            wait(lambda: shown.close_up.accessibleName() == "Chỗ tìm thấy")
            wait(lambda: shown.sheet.accessibleName() == "Cả trang")
            camera.take(window, "443-secret-confirmed")
            shown.digit(3)
            shown.removal.field.setText(_CODE[-4:])
            camera.take(window, "444-secret-removal-asked")
            shown.removal.remove.click()
            wait(shown.goes.isVisible)
            wait(lambda: shown.sheet.accessibleName() == "Cả trang")
            wait(lambda: shown.close_up.accessibleName() == "Chỗ tìm thấy")
            camera.take(window, "445-secret-about-to-go")
            window.go_to(Place.TODAY)
            today = window.screen(Place.TODAY)
            wait(lambda: bool(today.view.list.rows))  # type: ignore[attr-defined]
            camera.take(window, "446-secret-today")


def _marked(folder: Path) -> Path:
    sheet = Sheet(7)
    sheet.pair("ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(11.5))
    sheet.pair("Số: 12/BC-UBND", "Độc lập - Tự do - Hạnh phúc")
    sheet.marking(62, 48, "TỐI MẬT", -6)
    sheet.y = 70
    sheet.line("BÁO CÁO", Style(15.0, bold=True), align="centre")
    sheet.paragraph("Thực hiện kế hoạch công tác, Ủy ban nhân dân xã báo cáo như sau. " * 6)
    file = folder / "marked.jpg"
    sheet.scanned(askew=1.0).save(file, quality=85, dpi=(DPI, DPI))
    return file

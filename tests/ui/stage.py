"""A desk to try the window at: real SANE in front of virtual scanners, a procedure system on
loopback, a home, and pages that look like papers. Used by the window's tests and by ``shots``."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import zxingcpp
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageDraw, ImageFont

from digitizer.app import App
from digitizer.profiles import OFFICE
from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Faults as ServerFaults
from digitizer.sandbox.server import Sandbox
from digitizer.scanning import FLOOR_DPI
from digitizer.servers import Server
from drivers import virtual

FONTS = (
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
NAMES = ("Quầy 1", "Quầy 2", "Quầy 3")
GOOD, JAMMED, EMPTY = (f"airscan:e{number}:{name}" for number, name in enumerate(NAMES))
HOLDER = "Hoàng Thị Bích Ngọc"
CODE = "000.00.20.H02-261122-0007"

FORM = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "",
    "TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "",
    "Kính gửi: Ủy ban nhân dân xã Tân Lập",
    "Họ, chữ đệm, tên người yêu cầu: Hoàng Văn Bình",
    "Nơi cư trú: Thôn Đồng Tâm, xã Tân Lập",
    "Quan hệ với người được khai sinh: Bố đẻ",
    "Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:",
    "Họ, chữ đệm, tên: HOÀNG THỊ BÍCH NGỌC",
    "Ngày, tháng, năm sinh: 15/11/2026",
    "Giới tính: Nữ     Dân tộc: Kinh     Quốc tịch: Việt Nam",
    "Nơi sinh: Trung tâm Y tế huyện Yên Bình",
    "Họ tên người mẹ: Nguyễn Thị Thu Hằng",
    "Họ tên người cha: Hoàng Văn Bình",
    "Tôi cam đoan lời khai trên đây là đúng sự thật.",
)

_SIGNATURE = (
    (0.1, 0.9), (0.3, 0.55), (0.35, 0.95), (0.5, 0.6), (0.6, 0.9), (0.8, 0.7), (0.75, 0.9),
    (1.0, 0.75), (1.5, 0.7),
)  # fmt: skip


def draw_page(file: Path, lines: tuple[str, ...], *, dpi: int = 150, number: int = 0) -> None:
    """Draw an A4 page of text."""
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    page = Image.new("RGB", (width, height), (253, 253, 250))
    draw = ImageDraw.Draw(page)
    path = next(path for path in FONTS if Path(path).is_file())
    font = ImageFont.truetype(path, round(dpi * 13 / 72))
    top = dpi
    for line in (*lines, "", f"Trang {number}" if number else ""):
        middle = line.isupper() or line.startswith("Độc lập")
        left = (width - draw.textlength(line, font)) / 2 if middle else dpi * 0.8
        draw.text((left, top), line, fill=(25, 25, 60), font=font)
        top += round(dpi * 0.42)
    if len(lines) > 10:
        draw.text((width * 0.6, top), "NGƯỜI YÊU CẦU", fill=(25, 25, 60), font=font)
        pen = [(width * 0.62 + dpi * x, top + dpi * y) for x, y in _SIGNATURE]
        draw.line(pen, fill=(30, 50, 150), width=max(2, dpi // 60), joint="curve")
    page.save(file, dpi=(dpi, dpi), quality=88)


def draw_receipt(file: Path, code: str) -> None:
    """Draw the page that leads a stack: it bears a mã hồ sơ as a QR code."""
    draw_page(file, (*FORM[:2], "", "GIẤY TIẾP NHẬN HỒ SƠ"))
    with Image.open(file) as drawn:
        page = drawn.convert("RGB")
    code_made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode).to_image(5)
    page.paste(Image.fromarray(np.array(code_made)).convert("RGB"), (60, 40))
    page.save(file, dpi=(150, 150), quality=88)


def draw_stack(folder: Path, pages: int, lines: tuple[str, ...] = FORM) -> Path:
    """Draw ``pages`` pages into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, pages + 1):
        (folder / f"{number:02d}.jpg").write_bytes(_drawn(lines, number))
    return folder


@cache
def _drawn(lines: tuple[str, ...], number: int) -> bytes:
    """Draw a page once for all tests of a run."""
    with TemporaryDirectory() as folder:
        draw_page(Path(folder) / "page.jpg", lines, number=number)
        return (Path(folder) / "page.jpg").read_bytes()


class Stage(Struct, frozen=True):
    """What stands on the desk. ``home`` is not open."""

    home: Path
    stack: Path
    server: Server
    password: str
    faults: ServerFaults
    refill: Callable[..., None]
    accounts: Accounts

    def load(self, files: Sequence[Path]) -> None:
        """Put these pages into the feeder in place of what is there."""
        for old in self.stack.iterdir():
            old.unlink()
        for number, file in enumerate(files, start=1):
            shutil.copyfile(file, self.stack / f"{number:02d}.jpg")

    def prepare(self, *, device: str = GOOD, dpi: int = 150, server: bool = True) -> None:
        """Choose a scanner, how it scans, and where dossiers go; fetch what waits there."""
        with App(self.home, "test") as app:
            below = "" if dpi >= FLOOR_DPI else "thử cho nhanh"
            wish = replace(OFFICE.profile, device=device, dpi=dpi, below_floor=below)
            app.profiles.put(replace(OFFICE, profile=wish))
            if server:
                app.servers.set(self.server, self.password)
                app.server_changed()
                app.syncing.down(threading.Event())


@contextmanager
def set_up(folder: Path, *, pages: int = 3, seconds_a_page: float = 0.05) -> Iterator[Stage]:
    """Set a desk up in ``folder``; the scanners' feeder holds ``pages`` pages each time."""
    stack = draw_stack(folder / "stack", pages)

    def refill(count: int, lines: tuple[str, ...] = FORM) -> None:
        for old in stack.iterdir():
            old.unlink()
        draw_stack(stack, count, lines)

    with ExitStack() as on, pytest.MonkeyPatch.context() as patch:
        scanners = [
            on.enter_context(virtual.running(stack, virtual.Faults(slow=seconds_a_page))),
            on.enter_context(virtual.running(stack, virtual.Faults(jam=2))),
            on.enter_context(virtual.running(stack, virtual.Faults(empty=True))),
        ]
        config = folder / "sane.d"
        config.mkdir()
        (config / "dll.conf").write_text("airscan\n")
        lines = [f'"{name}" = {url}, eSCL' for name, url in zip(NAMES, scanners, strict=True)]
        (config / "airscan.conf").write_text(
            "\n".join(["[devices]", *lines, "[options]", "discovery = disable", ""]),
            encoding="utf-8",
        )
        patch.setenv("SANE_CONFIG_DIR", str(config))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        faults, accounts = ServerFaults(), Accounts()
        address = on.enter_context(Sandbox(folder / "server", faults, accounts=accounts))
        server = Server("opencps", address.url, address.group, address.user)
        yield Stage(folder / "home", stack, server, address.password, faults, refill, accounts)

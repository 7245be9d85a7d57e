"""PURE: what the doctor looked at → what a clerk reads: a name, a word, what to do.

Texts are translated where they are shown.
"""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct

from digitizer.doctor import Check
from ui import wording
from ui.language import numeral, say

_HELD_BACK, _NOT_FROM = "child programs held back", "not from: "
_BRIDGE = "Scan button of web pages"
_NUMBER = re.compile(r"\d+")
_RECORD, _LINES = "audit record", " lines"
_CLOCK = "clock"
_NAMES = {
    "digitizer": "Phần mềm",
    "tesseract": "Đọc chữ",
    "tesseract language vie": "Đọc chữ tiếng Việt",
    "tesseract language osd": "Nhận ra trang quay ngược",
    "scanner driver sane": "Máy quét cắm cáp",
    "network scanners (sane-airscan)": "Máy quét qua mạng",
    "USB scanners": "Quyền dùng máy quét USB",
    "window": "Cửa sổ",
    "sandbox": "Tập huấn",
    "home": "Kho hồ sơ",
    "disk": "Ổ đĩa",
    _RECORD: "Nhật ký ai làm gì",
    "encryption": "Mã hóa kho",
    "keyring": "Nơi giữ mật khẩu",
    _CLOCK: "Ngày giờ của máy",
    "office certificate": "Chứng thư gốc của cơ quan",
    "administrator's file": "Tệp đặt chung của quản trị",
    _HELD_BACK: "Chương trình con được giới hạn",
    _BRIDGE: "Nút Quét trên trang web",
}
_TO_DO = {
    "home": "Kiểm tra quyền ghi của thư mục, hoặc gọi người hỗ trợ. Đừng xóa gì.",
    "USB scanners": "Tài khoản này chưa được dùng máy quét đang cắm. Nhờ người quản trị thêm vào "
    "nhóm scanner, rồi đăng nhập lại.",
    "disk": "Xóa bớt tệp không cần. Một hồ sơ cần khoảng 10 MB.",
    "administrator's file": "Báo người quản trị sửa tệp. Các mục sai chưa có hiệu lực.",
    _BRIDGE: "Đóng phần mềm quét kèm trang web nếu nó đang mở, rồi tắt, bật lại trong Cài đặt.",
    _HELD_BACK: "Vẫn làm việc được. Nhờ người hỗ trợ nâng cấp hệ điều hành khi tiện.",
    _RECORD: "Nhật ký không còn nguyên vẹn. Đừng sửa gì, gọi người hỗ trợ.",
    _CLOCK: "Đặt lại ngày, giờ và múi giờ của máy.",
    "office certificate": "Xin người quản trị tệp chứng thư gốc mới, rồi thêm trong Cài đặt.",
}
_DETAILS = {
    "installed": "đã cài",
    "not installed": "chưa cài",
    "runs": "chạy được",
    "none": "không có",
    "off": "không bật",
    "on, its key held by a keyring": "đã mã hóa, tự mở khi đăng nhập máy",
    "on, its key held by a passphrase": "đã mã hóa, hỏi mật khẩu kho mỗi lần mở",
    "switching-on, its key held by a keyring": "đang mã hóa dần",
    "switching-on, its key held by a passphrase": "đang mã hóa dần",
    "switching-off, its key held by a keyring": "đang bỏ mã hóa dần",
    "switching-off, its key held by a passphrase": "đang bỏ mã hóa dần",
    "none is barred": "không máy nào bị chặn",
    "not found": "không thấy",
    "none: the password is kept in a private file": "không có: mật khẩu nằm trong tệp riêng",
    "it took none: the password is kept in a private file": (
        "không dùng được: mật khẩu nằm trong tệp riêng"
    ),
    "from other files, the network and other programs": (
        "không đọc tệp khác, không ra mạng, không chạy chương trình khác"
    ),
}
_BRIDGE_PARTS = {
    "on": "đang bật",
    "off": "đang tắt",
    "listening at port {0}": "chờ trang web ở cổng {0}",
    "listens while the window is open": "chờ trang web khi cửa sổ mở",
    "nobody listens at port {0}": "chưa chờ được ở cổng {0}",
    "another program has port {0}": "phần mềm khác giữ cổng {0}",
    "a digitizer of another home or account has port {0}": (
        "phần mềm này, mở ở tài khoản hoặc kho khác, giữ cổng {0}"
    ),
    "origins allowed: {0}": "{0} trang web được quét",
}
_FREE = {"files": "tệp khác", "network": "mạng", "programs": "chương trình khác"}
"""What a child program may not be held back from."""
_SUPPORT = "Nhờ người hỗ trợ cài thêm; gửi họ báo cáo này."
TEXTS = (
    *_NAMES.values(), *_DETAILS.values(), *_TO_DO.values(), *_FREE.values(),
    *_BRIDGE_PARTS.values(), _SUPPORT,
)  # fmt: skip
"""Every text of the tables."""


class CheckLine(Struct, frozen=True):
    """One line of the list."""

    name: str
    ok: bool
    word: str
    detail: str


def line(check: Check) -> CheckLine:
    """Return the line of one check; what is not right comes with what to do."""
    name = say(_NAMES.get(check.check, check.check))
    detail = say(_DETAILS.get(check.detail, check.detail))
    if check.check == "disk":
        detail = say("còn {0}", numeral(detail.removesuffix(" free")))
    if check.check == _CLOCK:
        at = datetime.fromisoformat(check.detail)
        detail = f"{wording.day(at)} {at:%H:%M}"
    if check.check == _RECORD and detail.endswith(_LINES):
        detail = say("{0} dòng", detail.removesuffix(_LINES))
    if check.check == _HELD_BACK and detail.startswith(_NOT_FROM):
        free = [say(_FREE[one]) for one in detail.removeprefix(_NOT_FROM).split(", ")]
        detail = say("chưa giới hạn: {0}", ", ".join(free))
    if check.check == _BRIDGE:
        detail = "; ".join(map(_bridge_part, check.detail.split("; ")))
    if check.ok:
        return CheckLine(name, True, say("Được"), detail)
    to_do = say(_TO_DO.get(check.check, _SUPPORT))
    more = f"{detail}; {check.fix}" if check.fix else detail
    return CheckLine(name, False, say("Cần xem"), f"{to_do} ({more})")


def _bridge_part(part: str) -> str:
    words = _BRIDGE_PARTS[_NUMBER.sub("{0}", part)]
    return say(words, *_NUMBER.findall(part))


def summary(checks: tuple[Check, ...]) -> str:
    """Say how all of it stands."""
    wrong = sum(not one.ok for one in checks)
    if not wrong:
        return say("Mọi thứ phần mềm cần đều có trên máy này.")
    return say("{0} mục cần xem; các mục khác đều được.", wrong)

"""PURE: what each place is for, in a few lines, and which section of the guide says more.

Used by the sheet of F1. Texts are translated where they are shown.
"""

from __future__ import annotations

from msgspec import Struct

from ui.asides import Aside
from ui.places import Place


class Explained(Struct, frozen=True):
    """A few lines about a place. ``section``: the first words of a heading of the guide."""

    lines: tuple[str, ...]
    section: str


_OF: dict[Place | Aside, Explained] = {
    Place.COUNTER: Explained(
        (
            "Quét giấy tờ của một hồ sơ, từng giấy tờ một, khi người dân đang chờ.",
            "1.  Quét mã vạch trên giấy tiếp nhận: hồ sơ tự mở.",
            "2.  Đặt giấy vào máy quét, bấm F5. Trang được lưu ngay khi hiện ra.",
            "3.  Enter sang giấy tờ tiếp theo; F5 quét tiếp.",
            "4.  Ctrl+Enter khi xong. Phần mềm tự đọc chữ và tự gửi; mời người tiếp theo.",
        ),
        "2.",
    ),
    Place.STACK: Explained(
        (
            "Quét cả chồng giấy của nhiều hồ sơ trong một lượt.",
            "Đặt giấy tiếp nhận hoặc tờ phân cách lên trước mỗi hồ sơ, rồi bấm F5.",
            "Enter đi tới chỗ tiếp theo cần xem; X tách, J nối, M chuyển trang.",
            "Không có gì được gửi đi trước khi bấm Nhận (Ctrl+Enter).",
        ),
        "5.",
    ),
    Place.TODAY: Explained(
        (
            "Hồ sơ đang chờ quét theo hệ thống, và hồ sơ đã làm trên máy này hôm nay.",
            "Hồ sơ sắp đến hạn đứng trước.",
            "↑ ↓ để chọn, Enter để mở hồ sơ tại quầy.",
        ),
        "6.",
    ),
    Place.TROUBLE: Explained(
        (
            "Những việc phần mềm không tự giải quyết được. Trống là bình thường.",
            "Mỗi dòng nói chuyện gì và có một nút để làm tiếp.",
            "Enter bấm nút đó; dấu cách mở hồ sơ.",
            "Trang đã lưu không bao giờ mất vì những việc ở đây.",
        ),
        "8.",
    ),
    Place.OUTBOX: Explained(
        (
            "Những gì đang gửi và chờ gửi, theo thứ tự sẽ đi.",
            "Mất mạng thì không phải làm gì: có mạng sẽ tự gửi, tắt máy cũng không mất.",
            "Đã gửi nghĩa là hệ thống đã nhận và trả lại đúng tệp đó.",
            "Delete để lại, không gửi dòng đang chọn; Gửi lại thì đi tiếp.",
        ),
        "4.",
    ),
    Place.FIND: Explained(
        (
            "Tìm trong mọi hồ sơ trên máy: mã hồ sơ, họ tên, số căn cước, chữ trong trang.",
            "Gõ không dấu cũng được; gõ có dấu thì tìm đúng dấu đó.",
            "↑ ↓ để chọn, Enter để mở hồ sơ ở đúng trang đó.",
        ),
        "7.",
    ),
    Place.SETTINGS: Explained(
        (
            "Máy quét nào, gửi đi đâu, cửa sổ trông thế nào.",
            "Phần Hiển thị có hiệu lực ngay; mẫu quét và hệ thống phải bấm Lưu.",
            "Mục ghi “Do quản trị đặt” được đặt chung cho các máy, không đổi ở đây được.",
            "Cài đặt lần đầu và Chẩn đoán ở cuối trang.",
        ),
        "9.",
    ),
    Aside.FIRST_RUN: Explained(
        (
            "Ba việc trước khi làm thật: máy quét, hệ thống, một trang thử.",
            "Trang thử chỉ để xem: không vào hồ sơ nào và không được gửi.",
            "Bỏ qua lúc nào cũng được; phần còn lại nằm trong Cài đặt.",
        ),
        "9.",
    ),
    Aside.GUIDE: Explained(
        (
            "Toàn bộ hướng dẫn. Mục ở bên trái, nội dung ở bên phải.",
            "Ctrl+F để tìm trong hướng dẫn, Enter tới chỗ tiếp theo.",
            "Esc quay lại màn hình đang làm.",
        ),
        "13.",
    ),
    Aside.DOCTOR: Explained(
        (
            "Những gì phần mềm cần trên máy này, cái nào có, cái nào thiếu.",
            "Dòng “Cần xem” nói phải làm gì.",
            "Sao chép báo cáo: để gửi người hỗ trợ. Trong đó không có tên người, mã hồ sơ.",
        ),
        "13.",
    ),
    Aside.COMPARE: Explained(
        (
            "Bên trái là bản của máy này, bên phải là bản ở nơi nhận.",
            "← → lật trang của cả hai; 1, 2, 3 để chọn bản giữ ở nơi nhận.",
            "Chọn gì thì cả hai bản vẫn còn ở máy này.",
        ),
        "8.",
    ),
    Aside.SIGN: Explained(
        (
            "Giấy tờ của hồ sơ đã xong, phải ký số trước khi gửi.",
            "↑ ↓ xem từng trang, hết giấy tờ này sang giấy tờ sau; Delete: để lần sau.",
            "Ctrl+Enter ký tất cả những gì trong danh sách. Mã PIN chỉ hỏi một lần.",
            "Rút USB ký giữa chừng: tệp đã ký vẫn còn, phần còn lại vẫn chờ.",
        ),
        "16.",
    ),
    Aside.MARKED: Explained(
        (
            "Trang này có dấu hay dòng chữ MẬT, TỐI MẬT, TUYỆT MẬT; cả hồ sơ chưa gửi đi đâu.",
            "Xem kỹ trang giấy: 1 nếu không phải tài liệu mật, 2 nếu là tài liệu mật.",
            "Lựa chọn được ghi lại cùng tên và giờ. Tài liệu mật làm bằng bản giấy.",
            "3 xóa cả hồ sơ mật khỏi máy: gõ cuối mã hồ sơ, 24 giờ sau mới xóa.",
        ),
        "17.",
    ),
    Aside.LOCAL: Explained(
        (
            "Hồ sơ bắt đầu khi chưa có mã: trang giữ ở máy này, chưa gửi.",
            "Có giấy tiếp nhận: quét mã vạch, hoặc gõ mã rồi bấm Gắn mã.",
            "Chưa có: chọn thủ tục, ghi họ tên, bấm Tạo trên hệ thống thủ tục.",
        ),
        "8.",
    ),
    Aside.HISTORY: Explained(
        (
            "Ai đã làm gì với hồ sơ này, lúc nào, việc mới nhất đứng trước.",
            "↑ ↓ để chọn, Enter để mở hồ sơ ở trang đó.",
            "Dấu cách: chỉ xem trang vừa xem ở quầy, hoặc cả hồ sơ.",
            "Phần mềm tự ghi; không ghi nội dung giấy tờ, không ghi tên người dân.",
        ),
        "13.",
    ),
}


def explained(where: Place | Aside) -> Explained:
    """Return what is said about a place."""
    return _OF[where]

"""What the sandbox knows from the start: commune procedures, their papers, waiting dossiers.

PURE data. The procedure codes and names are those of the national list; the papers are shortened
from the published ones; agency, people and dossiers are invented.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

GROUP = "20192"
USER = "motcua"
PASSWORD = "motcua-demo-2026"  # noqa: S105 (published on purpose: it opens invented data)
AGENCY_CODE = "000.00.20.H02"
AGENCY_NAME = "Ủy ban nhân dân xã Tân Lập"


class Part(Struct, frozen=True):
    """One line of a template. ``kind``: 1 component, 2 result, 3 other (``partType``)."""

    no: str
    name: str
    kind: int = 1
    required: bool = True
    multiple: bool = False
    tip: str = ""


class Procedure(Struct, frozen=True):
    """One procedure; its template's number is ``template``."""

    code: str
    name: str
    template: str
    parts: tuple[Part, ...]


class Waiting(Struct, frozen=True):
    """One dossier. ``received``: when, or None where it was only sent in."""

    no: str
    procedure: str
    holder: str
    holder_id: str
    status: str
    received: datetime | None
    due: datetime | None


def _procedure(code: str, name: str, papers: tuple[Part, ...], result: str) -> Procedure:
    ending = (
        Part("KQ01", result, kind=2),
        Part("TP99", "Giấy tờ khác", kind=3, required=False, multiple=True),
    )
    return Procedure(code, name, f"DT.{code}", papers + ending)


PROCEDURES = (
    _procedure(
        "1.001193",
        "Đăng ký khai sinh",
        (
            Part("TP01", "Tờ khai đăng ký khai sinh", tip="Theo mẫu"),
            Part("TP02", "Giấy chứng sinh", tip="Bản chính"),
            Part("TP03", "Giấy tờ tùy thân của người đi đăng ký", multiple=True),
            Part("TP04", "Giấy chứng nhận kết hôn của cha mẹ", required=False),
        ),
        "Giấy khai sinh",
    ),
    _procedure(
        "2.000815",
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền "
        "của Việt Nam cấp hoặc chứng nhận",
        (
            Part("TP01", "Bản chính giấy tờ, văn bản làm cơ sở để chứng thực", multiple=True),
            Part("TP02", "Bản sao cần chứng thực", multiple=True),
        ),
        "Bản sao được chứng thực",
    ),
    _procedure(
        "1.010041",
        "Xác nhận thông tin về cư trú",
        (
            Part("TP01", "Tờ khai thay đổi thông tin cư trú (mẫu CT01)"),
            Part("TP02", "Giấy tờ chứng minh thông tin cần xác nhận", required=False),
        ),
        "Giấy xác nhận thông tin về cư trú",
    ),
    _procedure(
        "1.000656",
        "Đăng ký khai tử",
        (
            Part("TP01", "Tờ khai đăng ký khai tử"),
            Part("TP02", "Giấy báo tử hoặc giấy tờ thay thế Giấy báo tử"),
            Part("TP03", "Giấy tờ tùy thân của người đi đăng ký"),
        ),
        "Trích lục khai tử",
    ),
    _procedure(
        "1.000894",
        "Đăng ký kết hôn",
        (
            Part("TP01", "Tờ khai đăng ký kết hôn"),
            Part("TP02", "Giấy xác nhận tình trạng hôn nhân", multiple=True),
            Part("TP03", "Giấy tờ tùy thân của hai bên nam, nữ", multiple=True),
        ),
        "Giấy chứng nhận kết hôn",
    ),
    _procedure(
        "1.004873",
        "Cấp Giấy xác nhận tình trạng hôn nhân",
        (
            Part("TP01", "Tờ khai cấp Giấy xác nhận tình trạng hôn nhân"),
            Part("TP02", "Quyết định ly hôn hoặc Giấy chứng tử", required=False),
        ),
        "Giấy xác nhận tình trạng hôn nhân",
    ),
    _procedure(
        "1.001776",
        "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hàng tháng, hỗ trợ kinh phí chăm sóc, "
        "nuôi dưỡng hàng tháng",
        (
            Part("TP01", "Tờ khai đề nghị trợ giúp xã hội"),
            Part("TP02", "Giấy xác nhận khuyết tật", required=False),
            Part("TP03", "Sổ hộ nghèo, hộ cận nghèo", required=False),
        ),
        "Quyết định trợ cấp xã hội hàng tháng",
    ),
)


def dossier_no(day: datetime, serial: int) -> str:
    """Return a mã hồ sơ of the sandbox's agency."""
    return f"{AGENCY_CODE}-{day:%y%m%d}-{serial:04d}"


def _waiting(
    serial: int, procedure: str, holder: str, holder_id: str, status: str = "processing"
) -> Waiting:
    received = datetime(2026, 11, 22, 7, 30) + timedelta(minutes=12 * serial)
    arrived = None if status == "receiving" else received
    due = None if arrived is None else received + timedelta(days=3)
    no = dossier_no(received, serial)
    return Waiting(no, procedure, holder, holder_id, status, arrived, due)


DOSSIERS = (
    _waiting(1, "1.001193", "Nguyễn Thị Hạnh Dung", "024199000011"),
    _waiting(2, "2.000815", "Trần Văn Quyết", "024088000022"),
    _waiting(3, "1.010041", "Lê Hoàng Thảo Vy", "024195000033"),
    _waiting(4, "1.000656", "Phạm Đức Thịnh", "024075000044"),
    _waiting(5, "1.000894", "Vũ Ngọc Ánh", "024198000055"),
    _waiting(6, "1.004873", "Đặng Quốc Khánh", "024096000066", "waiting"),
    _waiting(7, "1.001193", "Hoàng Thị Bích Ngọc", "024194000077"),
    _waiting(8, "1.001776", "Bùi Xuân Trường", "024062000088"),
    _waiting(9, "2.000815", "Đỗ Thị Kim Oanh", "024183000099", "releasing"),
    _waiting(10, "1.000894", "Ngô Gia Huy", "024097000100", "receiving"),
)

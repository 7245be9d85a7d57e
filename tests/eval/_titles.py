"""Papers that counters see: what stands on them, and the lists they are wanted in."""

from __future__ import annotations

from dataclasses import dataclass

from digitizer.proposing import Listed


@dataclass(frozen=True, slots=True)
class Titled:
    """A paper: its list, the lines of its title as printed, and its component there; empty where
    the list has no such paper."""

    list_name: str
    lines: tuple[str, ...]
    part: str


LISTS: dict[str, tuple[Listed, ...]] = {
    "khai sinh": (
        Listed("TP01", "Tờ khai đăng ký khai sinh"),
        Listed("TP02", "Giấy chứng sinh"),
        Listed("TP03", "Giấy tờ tùy thân của người đi đăng ký"),
        Listed("TP04", "Giấy chứng nhận kết hôn của cha mẹ"),
        Listed("KQ01", "Giấy khai sinh"),
        Listed("TP99", "Giấy tờ khác"),
    ),
    "khai tử": (
        Listed("TP01", "Tờ khai đăng ký khai tử"),
        Listed("TP02", "Giấy báo tử hoặc giấy tờ thay thế Giấy báo tử"),
        Listed("TP03", "Giấy tờ tùy thân của người đi đăng ký"),
        Listed("KQ01", "Trích lục khai tử"),
    ),
    "kết hôn": (
        Listed("TP01", "Tờ khai đăng ký kết hôn"),
        Listed("TP02", "Giấy xác nhận tình trạng hôn nhân"),
        Listed("TP03", "Căn cước công dân, hộ chiếu của hai bên nam, nữ"),
        Listed("TP04", "Quyết định ly hôn hoặc Giấy chứng tử"),
        Listed("KQ01", "Giấy chứng nhận kết hôn"),
    ),
    "đất đai": (
        Listed("TP01", "Đơn đăng ký biến động đất đai, tài sản gắn liền với đất (mẫu 11/ĐK)"),
        Listed("TP02", "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác"),
        Listed("TP03", "Hợp đồng chuyển nhượng quyền sử dụng đất"),
        Listed("TP04", "Văn bản ủy quyền"),
        Listed("TP05", "Trích đo bản đồ địa chính"),
        Listed("TP06", "Biên bản xác minh ranh giới thửa đất"),
    ),
    "hộ kinh doanh": (
        Listed("TP01", "Giấy đề nghị đăng ký hộ kinh doanh"),
        Listed("TP02", "Giấy tờ pháp lý của cá nhân: thẻ căn cước công dân hoặc hộ chiếu"),
        Listed("TP03", "Biên bản họp thành viên hộ gia đình"),
        Listed("TP04", "Hợp đồng thuê nhà"),
        Listed("KQ01", "Giấy chứng nhận đăng ký hộ kinh doanh"),
    ),
    "trợ cấp": (
        Listed("TP01", "Tờ khai đề nghị trợ giúp xã hội"),
        Listed("TP02", "Giấy xác nhận khuyết tật"),
        Listed("TP03", "Sổ hộ nghèo, hộ cận nghèo"),
        Listed("TP04", "Sơ yếu lý lịch"),
        Listed("TP05", "Giấy ra viện"),
        Listed("KQ01", "Quyết định trợ cấp xã hội hàng tháng"),
    ),
}

PAPERS = (
    Titled("khai sinh", ("TỜ KHAI ĐĂNG KÝ KHAI SINH",), "TP01"),
    Titled("khai sinh", ("GIẤY CHỨNG SINH",), "TP02"),
    Titled("khai sinh", ("CĂN CƯỚC CÔNG DÂN",), "TP03"),
    Titled("khai sinh", ("CĂN CƯỚC",), "TP03"),
    Titled("khai sinh", ("GIẤY CHỨNG MINH NHÂN DÂN",), "TP03"),
    Titled("khai sinh", ("GIẤY CHỨNG NHẬN KẾT HÔN",), "TP04"),
    Titled("khai sinh", ("GIẤY KHAI SINH",), "KQ01"),
    Titled("khai sinh", ("GIẤY CAM ĐOAN",), ""),
    Titled("khai sinh", ("GIẤY TIẾP NHẬN HỒ SƠ", "VÀ HẸN TRẢ KẾT QUẢ"), ""),
    Titled("khai sinh", ("TỜ KHAI ĐĂNG KÝ KHAI TỬ",), ""),
    Titled("khai sinh", ("TỜ KHAI ĐĂNG KÝ LẠI KHAI SINH",), ""),
    Titled("khai tử", ("TỜ KHAI ĐĂNG KÝ KHAI TỬ",), "TP01"),
    Titled("khai tử", ("GIẤY BÁO TỬ",), "TP02"),
    Titled("khai tử", ("TRÍCH LỤC KHAI TỬ",), "KQ01"),
    Titled("khai tử", ("GIẤY CHỨNG SINH",), ""),
    Titled("khai tử", ("GIẤY KHAI SINH",), ""),
    Titled("kết hôn", ("TỜ KHAI ĐĂNG KÝ KẾT HÔN",), "TP01"),
    Titled("kết hôn", ("GIẤY XÁC NHẬN", "TÌNH TRẠNG HÔN NHÂN"), "TP02"),
    Titled("kết hôn", ("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",), "TP02"),
    Titled("kết hôn", ("CĂN CƯỚC CÔNG DÂN",), "TP03"),
    Titled("kết hôn", ("GIẤY CHỨNG NHẬN KẾT HÔN",), "KQ01"),
    Titled("kết hôn", ("TRÍCH LỤC KHAI TỬ",), "TP04"),
    Titled("kết hôn", ("ĐƠN XIN XÁC NHẬN",), ""),
    Titled("đất đai", ("ĐƠN ĐĂNG KÝ BIẾN ĐỘNG", "ĐẤT ĐAI, TÀI SẢN GẮN LIỀN VỚI ĐẤT"), "TP01"),
    Titled("đất đai", ("GIẤY CHỨNG NHẬN", "QUYỀN SỬ DỤNG ĐẤT"), "TP02"),
    Titled("đất đai", ("HỢP ĐỒNG CHUYỂN NHƯỢNG", "QUYỀN SỬ DỤNG ĐẤT"), "TP03"),
    Titled("đất đai", ("VĂN BẢN ỦY QUYỀN",), "TP04"),
    Titled("đất đai", ("BIÊN BẢN XÁC MINH RANH GIỚI THỬA ĐẤT",), "TP06"),
    Titled("đất đai", ("HỢP ĐỒNG THUÊ NHÀ",), ""),
    Titled("đất đai", ("QUYẾT ĐỊNH", "Về việc thu hồi đất"), ""),
    Titled("hộ kinh doanh", ("GIẤY ĐỀ NGHỊ", "ĐĂNG KÝ HỘ KINH DOANH"), "TP01"),
    Titled("hộ kinh doanh", ("CĂN CƯỚC CÔNG DÂN",), "TP02"),
    Titled("hộ kinh doanh", ("BIÊN BẢN HỌP", "THÀNH VIÊN HỘ GIA ĐÌNH"), "TP03"),
    Titled("hộ kinh doanh", ("HỢP ĐỒNG THUÊ NHÀ",), "TP04"),
    Titled("hộ kinh doanh", ("GIẤY CHỨNG NHẬN", "ĐĂNG KÝ HỘ KINH DOANH"), "KQ01"),
    Titled("hộ kinh doanh", ("HỢP ĐỒNG LAO ĐỘNG",), ""),
    Titled("trợ cấp", ("TỜ KHAI ĐỀ NGHỊ TRỢ GIÚP XÃ HỘI",), "TP01"),
    Titled("trợ cấp", ("GIẤY XÁC NHẬN KHUYẾT TẬT",), "TP02"),
    Titled("trợ cấp", ("SƠ YẾU LÝ LỊCH",), "TP04"),
    Titled("trợ cấp", ("GIẤY RA VIỆN",), "TP05"),
    Titled("trợ cấp", ("QUYẾT ĐỊNH", "TRỢ CẤP XÃ HỘI HÀNG THÁNG"), "KQ01"),
    Titled("trợ cấp", ("GIẤY CHUYỂN VIỆN",), ""),
)

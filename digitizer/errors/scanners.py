"""Rows of the error table: a scanner and its feeder."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


class ScannerError(DigitizerError):
    """Any trouble of a scanner."""


class ScannerNotFound(ScannerError):
    code = "scanner-not-found"
    title = "Không tìm thấy máy quét"
    hint = "Kiểm tra máy quét đã bật và đã cắm cáp, rồi bấm Quét lại."
    says = "no such scanner"
    fix = "check its power and cable; 'digitizer devices' lists what is connected"


class ScannerBusy(ScannerError):
    code = "scanner-busy"
    remedy = Remedy.LATER
    title = "Máy quét đang bận"
    hint = "Phần mềm khác đang dùng máy quét. Đóng phần mềm đó rồi bấm Quét lại."
    says = "the scanner is busy"
    fix = "close other scanning software and try again"


class ScannerDenied(ScannerError):
    code = "scanner-denied"
    title = "Không có quyền dùng máy quét"
    hint = "Gọi người hỗ trợ cấp quyền dùng máy quét cho tài khoản này."
    says = "this account may not use the scanner"
    fix = "add it to the group 'scanner', sign in again, then try again"


class FeederEmpty(ScannerError):
    code = "feeder-empty"
    title = "Khay giấy trống"
    hint = "Đặt giấy vào khay rồi bấm Quét."
    says = "the feeder is empty"
    fix = "put paper into it and scan again"


class FeederJam(ScannerError):
    code = "feeder-jam"
    title = "Kẹt giấy"
    hint = "Mở nắp, lấy tờ giấy bị kẹt ra, đặt lại từ tờ đó rồi bấm Quét."
    says = "paper jam"
    fix = "take the jammed sheet out and scan on from it; earlier pages are safe"


class CoverOpen(ScannerError):
    code = "cover-open"
    title = "Nắp máy quét đang mở"
    hint = "Đóng nắp rồi bấm Quét."
    says = "the scanner's cover is open"
    fix = "close it and scan again; earlier pages are safe"


class DoubleFeed(ScannerError):
    code = "double-feed"
    title = "Máy kéo hai tờ một lúc"
    hint = "Tách hai tờ ra, đặt lại rồi bấm Quét."
    says = "two sheets were fed at once"
    fix = "separate them and scan on; earlier pages are safe"


class FeederStopped(ScannerError):
    """Something stopped a feeder that had begun: SANE has no word for two sheets at once."""

    code = "feeder-stopped"
    title = "Máy quét ngừng kéo giấy"
    hint = (
        "Xem máy quét: hai tờ dính nhau, giấy bị kẹt, hay máy đang in? Xếp lại giấy rồi bấm Quét."
    )
    says = "the feeder stopped"
    fix = "see whether two sheets stick together or one is stuck, put them right and scan on"


class FeederEndless(ScannerError):
    """A feeder that never tells its end gave as many pages as any feeder holds."""

    code = "feeder-endless"
    title = "Dừng vì quá nhiều trang một lượt"
    hint = "Máy này không báo khi hết giấy. Bỏ các trang trắng thừa; còn giấy thì bấm Quét tiếp."
    says = "as many pages came as a feeder holds, and this scanner never tells when it is empty"
    fix = "remove what is blank, and scan on where paper is left"


class ScannerLost(ScannerError):
    code = "scanner-lost"
    title = "Mất kết nối với máy quét"
    hint = "Kiểm tra cáp và nguồn của máy quét rồi bấm Quét. Các trang đã quét vẫn còn."
    says = "the scanner stopped answering"
    fix = "check its cable and power; earlier pages are safe"


class ScannerCrashed(ScannerError):
    code = "scanner-crashed"
    title = "Trình điều khiển máy quét bị lỗi"
    hint = "Bấm Quét để quét tiếp. Các trang đã quét vẫn còn."
    says = "the scanner's driver crashed"
    fix = "scan again; earlier pages are safe"


class ScanCancelled(ScannerError):
    code = "scan-cancelled"
    remedy = Remedy.LATER
    title = "Đã dừng quét"
    hint = "Các trang đã quét vẫn còn. Bấm Quét để quét tiếp."
    says = "the scan was cancelled"
    fix = "scan again to go on; earlier pages are safe"


class ScannerUntrusted(ScannerError):
    code = "scanner-untrusted"
    title = "Máy quét không còn là máy đã biết"
    hint = "Nếu máy quét vừa được thay hoặc cài lại, gọi người hỗ trợ. Nếu không, đừng quét."
    says = "the scanner's certificate is not the one it had before; nothing was sent to it"
    fix = "if it was replaced or reset, remove its file from the scanners folder and scan again"


class ScannerStrange(ScannerError):
    code = "scanner-strange"
    title = "Máy quét trả lời lạ"
    hint = "Tắt máy quét, bật lại rồi bấm Quét. Nếu còn lặp lại, gọi người hỗ trợ."
    says = "the scanner sent something that is not a page"
    fix = "try again, or use it through SANE"


class ProfileUnsupported(ScannerError):
    code = "profile-unsupported"
    title = "Máy quét không có chế độ này"
    hint = "Chọn mẫu quét khác."
    says = "the scanner cannot do that"
    fix = "choose what 'digitizer devices' lists for it"

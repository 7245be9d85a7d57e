"""The error table: every trouble the environment can make, once, with words and a remedy.

Used everywhere. Each class is a row: a Vietnamese ``title`` and ``hint`` for the screen, an
English ``says`` and ``fix`` for the command line and the log, and the ``remedy`` that drives
both the lanes and the exit code. Foreign errors are converted to a row once, at the edge where
they appear, and never matched by text further in. Anything that is not a row is a bug.

``detail`` may name a file, a device or a part, never a person: it reaches the log.
"""

from __future__ import annotations

import errno
from enum import StrEnum
from typing import ClassVar


class Remedy(StrEnum):
    """What makes the trouble go away."""

    LATER = "later"  # the lane tries again by itself
    USER = "user"  # somebody has to do something first
    NEVER = "never"  # trying again gives the same answer: somebody has to decide


class DigitizerError(Exception):
    """A trouble with words. Raise a subclass; ``detail`` says which file, device or part."""

    code: ClassVar[str] = "unknown"
    remedy: ClassVar[Remedy] = Remedy.USER
    title: ClassVar[str] = "Có lỗi"
    hint: ClassVar[str] = ""
    says: ClassVar[str] = "something went wrong"
    fix: ClassVar[str] = ""
    pauses_lane: ClassVar[bool] = False
    """True where no other work of the lane could succeed either (no line, no disk)."""
    rests_lane: ClassVar[bool] = False
    """True where the lane had better wait a while before its next work, which may succeed; the
    work that met it is put off like any other."""
    until_woken: ClassVar[bool] = False
    """Trying again by itself would do harm: only somebody's hand ends the lane's pause."""
    spares_attempt: ClassVar[bool] = False
    """It says nothing of the work that met it: the attempt does not count."""

    after: float = 0.0
    """The seconds that whoever made the trouble asks to be left alone."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        """One English line: what happened, to what, what to do."""
        what = f"{self.says}: {self.detail}" if self.detail else self.says
        line = f"{what}; {self.fix}" if self.fix else what
        return " ".join(line.split())


# --- scanners -----------------------------------------------------------------------------


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


# --- files that come from outside ---------------------------------------------------------


class InputError(DigitizerError):
    """A file from outside cannot be taken."""

    remedy = Remedy.NEVER


class FileMissing(InputError):
    code = "file-missing"
    remedy = Remedy.USER
    title = "Không thấy tệp"
    hint = "Tệp đã bị chuyển hoặc xóa. Chọn lại tệp."
    says = "no such file"
    fix = "check the path"


class FileEmpty(InputError):
    code = "file-empty"
    title = "Tệp rỗng"
    hint = "Tệp không có nội dung. Quét lại tờ giấy này."
    says = "the file is empty (0 bytes)"
    fix = "scan or export it again"


class FileUnreadable(InputError):
    code = "file-unreadable"
    title = "Tệp hỏng hoặc không phải ảnh"
    hint = "Tệp không mở được hoặc thiếu phần cuối. Quét lại tờ giấy này."
    says = "not an image or PDF that can be read to its end"
    fix = "scan or export it again"


class FileIsFolder(InputError):
    code = "file-is-folder"
    remedy = Remedy.USER
    title = "Đây là thư mục, không phải tệp"
    hint = "Chọn các tệp trong thư mục đó."
    says = "a folder, not a file"
    fix = "name the files in it"


class FileForbidden(InputError):
    code = "file-forbidden"
    remedy = Remedy.USER
    title = "Không được phép đọc tệp"
    hint = "Kiểm tra quyền đọc của tệp rồi thử lại."
    says = "this account may not read the file"
    fix = "check the file's permissions"


class FileLocked(InputError):
    code = "file-protected"
    remedy = Remedy.USER
    title = "PDF có mật khẩu"
    hint = "Mở tệp, bỏ mật khẩu rồi lưu lại, sau đó thử lại."
    says = "the PDF is protected by a password"
    fix = "save it without a password and try again"


class ImageTooLarge(InputError):
    code = "image-too-large"
    title = "Ảnh quá lớn"
    hint = "Quét lại ở độ phân giải 300 dpi."
    says = "the image is larger than any scanned page"
    fix = "scan it again at 300 dpi"


class FormUnsupported(InputError):
    code = "form-unsupported"
    title = "Biểu mẫu PDF động, không xem được"
    hint = "Mở tệp bằng Adobe Reader, in ra tệp PDF khác rồi lấy tệp đó."
    says = "a dynamic form (XFA) that only some programs can show"
    fix = "open it in Adobe Reader, print it to a PDF and take that"


class FolderUnreadable(InputError):
    code = "folder-unreadable"
    remedy = Remedy.USER
    title = "Không mở được thư mục"
    hint = "Kiểm tra thư mục còn đó và được phép đọc."
    says = "the folder cannot be read"
    fix = "check that it exists and may be read"


class FolderUnwritable(InputError):
    code = "folder-unwritable"
    remedy = Remedy.USER
    title = "Không ghi được vào thư mục"
    hint = "Xem USB còn cắm, còn chỗ trống, không khóa ghi; rồi xuất lại, phần thiếu được ghi tiếp."
    says = "the folder cannot be written"
    fix = "see that it is there, has room and is not write-protected, and export again"


class FileBusy(InputError):
    code = "file-busy"
    remedy = Remedy.LATER
    title = "Tệp đang được phần mềm khác giữ"
    hint = "Sẽ tự thử lại. Nếu còn lặp lại, đóng phần mềm đang mở tệp."
    says = "another program holds the file"
    fix = "it is tried again by itself; close the program that has it open"


class TakenBefore(InputError):
    code = "taken-before"
    remedy = Remedy.USER
    title = "Tệp này đã được lấy trước đây"
    hint = "Chọn Lấy lại hoặc Bỏ qua."
    says = "the same file was taken before"
    fix = "say what to do: 'digitizer watch-answer FILE take' or '… skip'"


class FileUnmovable(InputError):
    code = "file-unmovable"
    remedy = Remedy.USER
    title = "Không chuyển được tệp đã lấy"
    hint = "Các trang đã lưu. Kiểm tra quyền ghi của thư mục, tệp sẽ tự được chuyển đi."
    says = "its pages are safe, but the file cannot be moved away"
    fix = "check the folder's permissions"


class NoParcel(InputError):
    code = "no-parcel"
    remedy = Remedy.USER
    title = "Không có hồ sơ nào trong thư mục này"
    hint = "Chọn thư mục đã xuất từ máy khác: bên trong mỗi hồ sơ có tệp manifest.json."
    says = "no exported dossier in this folder"
    fix = "name a folder that 'digitizer export' wrote"


class ParcelHalf(InputError):
    code = "parcel-half"
    remedy = Remedy.USER
    title = "Hồ sơ chép dở"
    hint = "Xuất lại hồ sơ này ở máy đã xuất, rồi nhận lần nữa. Phần đã nhận vẫn còn."
    says = "the dossier was not written to its end"
    fix = "export it again where it came from, then receive it again"


class ParcelWrong(InputError):
    code = "parcel-wrong"
    title = "Tệp không đúng với bản kê"
    hint = "Tệp bị hỏng hoặc bị thay. Không lấy tệp này; xuất lại ở máy đã xuất."
    says = "the file is not what its manifest says"
    fix = "it was not taken; export it again where it came from"


class ParcelUnsafe(InputError):
    code = "parcel-unsafe"
    title = "Bản kê không an toàn"
    hint = "Thư mục này trỏ ra chỗ khác hoặc quá lớn. Không lấy gì; báo người hỗ trợ."
    says = "the manifest names what no export holds"
    fix = "nothing of it was taken"


class PaperDiffers(InputError):
    code = "paper-differs"
    remedy = Remedy.USER
    title = "Ở đây đã có bản khác của giấy tờ này"
    hint = "Cả hai bản vẫn còn. Mở hồ sơ, so hai bản rồi giữ một."
    says = "another version of this paper is here"
    fix = "both are kept; compare them, then remove the pages of one and receive again"


class RulesUnusable(InputError):
    code = "rules-unusable"
    remedy = Remedy.USER
    title = "Quy tắc thư mục không dùng được"
    hint = "Sửa tệp quy tắc rồi thử lại."
    says = "the rules of watched folders cannot be used"
    fix = "correct the file of rules"


class CertificateUnreadable(InputError):
    code = "certificate-unreadable"
    remedy = Remedy.USER
    title = "Tệp không phải một chứng thư"
    hint = "Xin người quản trị tệp chứng thư gốc (.pem, .crt, .cer hoặc .der), trong đó chỉ một."
    says = "not a file with exactly one certificate (PEM or DER)"
    fix = "ask the administrator for the CA's certificate alone"


class CertificateNotCa(InputError):
    code = "certificate-not-ca"
    remedy = Remedy.USER
    title = "Đây là chứng thư của một máy, không phải chứng thư gốc"
    hint = "Xin người quản trị tệp chứng thư gốc (CA) đã cấp chứng thư cho máy chủ."
    says = "the certificate is not that of a CA"
    fix = "ask the administrator for the certificate of the CA that issued the server's"


class CertificateOutOfDate(InputError):
    code = "certificate-out-of-date"
    remedy = Remedy.USER
    title = "Chứng thư gốc đã hết hạn hoặc chưa có hiệu lực"
    hint = "Xem ngày giờ của máy này có đúng không. Nếu đúng, xin người quản trị tệp mới."
    says = "the CA's certificate is not valid today"
    fix = "check this machine's clock, or ask the administrator for a new one"


class CertificateUnconfirmed(InputError):
    """``detail``: the fingerprint that has to be confirmed."""

    code = "certificate-unconfirmed"
    remedy = Remedy.USER
    title = "Chứng thư gốc chưa được xác nhận"
    hint = "So dấu vân tay SHA-256 với số người quản trị đã cho, rồi xác nhận."
    says = (
        "whoever holds this CA could pose as the server; its SHA-256 fingerprint is not confirmed"
    )
    fix = "compare it with what the administrator told you, then give it with --ca-sha256"


# --- the home -----------------------------------------------------------------------------


class HomeError(DigitizerError):
    """The home folder cannot be used."""


class HomeLocked(HomeError):
    code = "home-locked"
    remedy = Remedy.LATER
    title = "Phần mềm đang chạy"
    hint = "Kho hồ sơ này đang được một cửa sổ khác dùng. Đóng cửa sổ đó rồi thử lại."
    says = "the home is in use"
    fix = "close the other one or wait for it"


class HomeTooNew(HomeError):
    code = "home-too-new"
    title = "Kho hồ sơ thuộc bản mới hơn"
    hint = "Cài bản phần mềm mới nhất rồi mở lại. Không có gì bị thay đổi."
    says = "the home was written by a newer version"
    fix = "install that version; nothing was changed"


class HomeReadOnly(HomeError):
    code = "home-read-only"
    title = "Không ghi được vào kho hồ sơ"
    hint = "Kiểm tra quyền ghi của thư mục dữ liệu."
    says = "the home cannot be written"
    fix = "check the folder's permissions"


class HomeDamaged(HomeError):
    code = "home-damaged"
    remedy = Remedy.NEVER
    title = "Kho hồ sơ bị hỏng"
    hint = "Không xóa gì. Gọi người hỗ trợ và gửi kết quả 'digitizer verify'."
    says = "the home's database is damaged"
    fix = "delete nothing; 'digitizer verify' tells what is left"


class NotTraining(HomeError):
    code = "not-training"
    title = "Thư mục tập huấn đang chứa thứ khác"
    hint = "Không xóa gì. Chuyển thư mục đó đi chỗ khác rồi mở lại Tập huấn."
    says = "that folder is not a training home"
    fix = "nothing was changed; move it away, or name another home with --home"


class DiskFull(HomeError):
    code = "disk-full"
    title = "Ổ đĩa đã đầy"
    hint = "Xóa bớt tệp không cần để có chỗ trống. Các trang đã lưu vẫn còn."
    says = "the disk is full"
    fix = "free some space and try again; pages already saved are safe"
    pauses_lane = True


class CopyRemoved(DigitizerError):
    code = "copy-removed"
    title = "Bản trên máy này đã được xóa"
    hint = "Hồ sơ đã gửi xong và hết thời hạn lưu trên máy. Xem ở hệ thống một cửa."
    says = "its copy on this machine was removed"
    fix = "the procedure system has it; what is scanned now becomes a further file of the component"


class RemovalUnconfirmed(DigitizerError):
    code = "removal-unconfirmed"
    title = "Chưa xác nhận xóa"
    hint = "Chưa xóa gì. Nhập lại đúng mã hồ sơ và ghi lý do."
    says = "nothing was removed"
    fix = "say why with --reason, and name the dossier once more with --confirm"


class DossierBusy(DigitizerError):
    code = "dossier-busy"
    remedy = Remedy.LATER
    title = "Hồ sơ đang có việc"
    hint = "Sẽ xóa ngay khi việc đang làm xong."
    says = "pages are coming into that dossier, or work on it is in hand"
    fix = "it is removed as soon as that has ended"


class NoSuchThing(DigitizerError):
    code = "not-found"
    title = "Không tìm thấy"
    hint = "Kiểm tra lại."
    says = "not found"


class DossierUnknown(DigitizerError):
    code = "dossier-unknown"
    title = "Không có hồ sơ này"
    hint = "Kiểm tra mã hồ sơ, hoặc đồng bộ rồi tìm lại."
    says = "no such dossier here"
    fix = "check the code, run 'digitizer sync', or make it with 'digitizer dossier new'"


class DossierExists(DigitizerError):
    code = "dossier-exists"
    title = "Hồ sơ đã có"
    hint = "Mở hồ sơ đó để quét tiếp."
    says = "that dossier is here already"
    fix = "use it as it is"


class DossierHasCode(DigitizerError):
    code = "dossier-has-code"
    title = "Hồ sơ này đã có mã"
    hint = "Chỉ gắn mã cho hồ sơ tạm, chưa có mã."
    says = "the dossier has a code already, or is none that could get one"
    fix = "only a dossier begun with a local number is bound"


class DossiersOverlap(DigitizerError):
    code = "dossiers-overlap"
    title = "Hồ sơ kia đã có trang ở cùng giấy tờ"
    hint = "Chọn gộp: các trang của hồ sơ tạm được để sau các trang đã có. Hoàn tác được."
    says = "that dossier is here and has pages in the same papers"
    fix = "bind with --merge to put these pages behind those, or move them first"


class BindingKept(DigitizerError):
    code = "binding-kept"
    remedy = Remedy.NEVER
    title = "Không gỡ mã được nữa"
    hint = "Giấy tờ của hồ sơ đã được gửi dưới mã này."
    says = "a paper of it was sent under this code"
    fix = "move the pages to the right dossier instead"


class CreationLacks(DigitizerError):
    code = "creation-lacks"
    title = "Chưa đủ để tạo hồ sơ"
    hint = "Cần có thủ tục và họ tên người nộp."
    says = "a dossier is begun with a known procedure and a holder's name"
    fix = "give both: --procedure MÃ_TTHC --holder NAME"


class PaperUnknown(DigitizerError):
    code = "paper-unknown"
    title = "Thủ tục không có giấy tờ này"
    hint = "Chọn một giấy tờ trong danh sách của hồ sơ."
    says = "the dossier's procedure has no such paper"
    fix = "'digitizer dossier show' lists its papers"


class ProcedureUnknown(DigitizerError):
    code = "procedure-unknown"
    title = "Chưa biết thủ tục này"
    hint = "Đồng bộ với hệ thống một cửa để lấy danh sách giấy tờ của thủ tục."
    says = "nothing is known of this procedure here"
    fix = "'digitizer sync' brings the papers of procedures whose dossiers come down"


class NothingToReuse(DigitizerError):
    code = "nothing-to-reuse"
    title = "Giấy tờ đó không có trang nào để dùng lại"
    hint = "Chọn giấy tờ khác, hoặc quét như thường."
    says = "that paper has no page to be reused"
    fix = "name a paper of another dossier that has pages; nothing was changed"


class ResultCodeBad(DigitizerError):
    code = "result-code-bad"
    title = "Cần mã của kết quả được dùng lại"
    hint = "Nhập mã kết quả, ví dụ KQ.G07.000122. Mã ghi trên kết quả hoặc trong hệ thống."
    says = "an earlier result is reused by its code"
    fix = "give one like KQ.G07.000122 with --result; nothing was changed"


class PageUnknown(DigitizerError):
    code = "page-unknown"
    title = "Không có trang này"
    hint = "Chọn lại trang trong danh sách."
    says = "no such page in this paper"
    fix = "'digitizer dossier show' lists the pages of a dossier"


class SidesDiffer(DigitizerError):
    code = "sides-differ"
    title = "Số mặt trước và mặt sau không bằng nhau"
    hint = "Kiểm tra có tờ nào bị kéo hai lần hoặc bị sót, bỏ hoặc quét bù, rồi ghép lại."
    says = "there are not as many backs as fronts"
    fix = "remove what was scanned twice or scan what is missing, then put them together again"


class PageUnread(DigitizerError):
    code = "page-unread"
    title = "Trang này chưa đọc xong"
    hint = "Chờ phần mềm đọc xong trang rồi làm lại."
    says = "this page is not read yet"
    fix = "run 'digitizer work --until-idle', then try again"


class CropUnusable(DigitizerError):
    code = "crop-unusable"
    title = "Không cắt được trang như vậy"
    hint = "Chọn lại khung cắt nằm trên trang, mỗi cạnh ít nhất 5 mm."
    says = "no part of the page to crop to"
    fix = "name at least 5 mm of the page each way; 'dossier show' tells its size"


class ProfileUnknown(DigitizerError):
    code = "profile-unknown"
    title = "Không có mẫu quét này"
    hint = "Chọn mẫu quét khác trong Cài đặt."
    says = "no such profile"
    fix = "'digitizer profile list' names those there are"


class ProfileNameTaken(DigitizerError):
    code = "profile-name-taken"
    title = "Đã có mẫu quét tên này"
    hint = "Đặt tên khác."
    says = "another profile has that name"
    fix = "choose another name; 'digitizer profile list' names those there are"


class ProfileBad(DigitizerError):
    code = "profile-bad"
    title = "Mẫu quét không lưu được"
    hint = "Tên không được trống; tên, máy quét và lý do dài nhất 120 chữ, trên một dòng."
    says = "such a profile cannot be kept"
    fix = (
        "a name, a scanner and a reason are one line of 120 characters at most; nothing was changed"
    )


class ProfileFileBad(DigitizerError):
    code = "profile-file-bad"
    title = "Tệp mẫu quét không đúng"
    hint = "Xin lại tệp từ người quản trị. Các mẫu đang có vẫn như cũ."
    says = "not a file of profiles"
    fix = "'digitizer profile export' writes one to start from; nothing was changed"


class BelowFloor(DigitizerError):
    code = "below-floor"
    title = "Mẫu quét thấp hơn mức quy định"
    hint = "Số hóa hồ sơ phải quét màu, từ 200 dpi. Nếu thật cần, ghi lý do rồi lưu lại."
    says = "below the legal floor of colour at 200 dpi"
    fix = "give the reason with --below-floor, or ask for more"


class ByAdministrator(DigitizerError):
    """The administrator's file holds a setting; nobody changes it here."""

    code = "by-administrator"
    remedy = Remedy.NEVER
    title = "Do quản trị đặt"
    hint = "Mục này được đặt chung cho các máy. Cần đổi thì hỏi người quản trị."
    says = "the administrator's file locks this setting"
    fix = "'digitizer doctor' names the file; nothing was changed"


class ClerkUnknown(DigitizerError):
    code = "clerk-unknown"
    title = "Không có người này trong danh sách"
    hint = "Chọn một người trong danh sách, hoặc thêm người mới."
    says = "nobody of that name works at this desk"
    fix = "'digitizer clerk list' names those who do"


class ClerkNameTaken(DigitizerError):
    code = "clerk-name-taken"
    title = "Đã có người tên này"
    hint = "Ghi thêm chức danh hoặc số để phân biệt."
    says = "somebody of that name is on the list"
    fix = "add something to tell them apart"


class ClerkBad(DigitizerError):
    code = "clerk-bad"
    title = "Họ tên hoặc tên đăng nhập không dùng được"
    hint = "Họ tên không được trống; mỗi mục dài nhất 80 chữ, trên một dòng."
    says = "such a name or account cannot be kept"
    fix = "a name is needed; name and account are one line of 80 characters at most"


class BadIdentifier(DigitizerError):
    code = "bad-identifier"
    title = "Mã không đúng dạng"
    hint = "Kiểm tra lại mã, ví dụ 000.00.04.H02-240508-0001."
    says = "not a dossier code"
    fix = "a code looks like 000.00.04.H02-240508-0001"


# --- state secrets ------------------------------------------------------------------------


class SecrecyError(DigitizerError):
    """A dossier stays on this machine: it holds a state secret, or may hold one (decision 23)."""


class StateSecretSuspected(SecrecyError):
    code = "state-secret-suspected"
    title = "Có trang mang dấu mật, hồ sơ chưa được gửi"
    hint = "Xem trang đó rồi chọn: là tài liệu mật, hay không phải."
    says = "a page bears the marking of a state secret, or could not be read: nothing leaves"
    fix = "look at it and decide: 'digitizer secret list', 'digitizer secret decide'"


class StateSecret(SecrecyError):
    code = "state-secret"
    title = "Hồ sơ có tài liệu mật, không được gửi"
    hint = (
        "Tài liệu mật không được số hóa ở đây. Báo người phụ trách bảo mật để xử lý theo quy định; "
        "hồ sơ này làm bằng bản giấy."
    )
    says = "a page was found to be a state secret: the dossier may not leave this machine"
    fix = "tell whoever is in charge of state secrets; the dossier is handled on paper"


class PagesUnchecked(SecrecyError):
    code = "pages-unchecked"
    remedy = Remedy.LATER
    title = "Đang kiểm tra dấu mật"
    hint = "Hồ sơ được gửi khi mọi trang đã được đọc và kiểm tra."
    says = "its pages are not all looked at for markings of state secrets yet: nothing leaves"
    fix = "run 'digitizer work --until-idle', then try again"


# --- work on pages ------------------------------------------------------------------------


class ToolMissing(DigitizerError):
    code = "tool-missing"
    title = "Thiếu một phần của phần mềm"
    hint = "Cài lại phần mềm hoặc gọi người hỗ trợ."
    says = "a program this needs is not installed"
    fix = "'digitizer doctor' says how to get it"
    pauses_lane = True


class ScreenMissing(DigitizerError):
    code = "screen-missing"
    title = "Không có màn hình"
    hint = "Mở phần mềm từ màn hình làm việc của máy."
    says = "there is no display to open the window on"
    fix = "start it in a desktop session; 'digitizer --help' lists what works without"


class ProgramTimeout(DigitizerError):
    code = "program-timeout"
    remedy = Remedy.LATER
    title = "Xử lý trang quá lâu"
    hint = "Phần mềm sẽ tự thử lại."
    says = "a program took too long and was stopped"
    fix = "it is tried again by itself"


class ProgramCrashed(DigitizerError):
    code = "program-crashed"
    remedy = Remedy.LATER
    title = "Xử lý trang bị lỗi"
    hint = "Phần mềm sẽ tự thử lại."
    says = "a program crashed"
    fix = "it is tried again by itself"


class Stopped(DigitizerError):
    code = "stopped"
    remedy = Remedy.LATER
    title = "Đã dừng"
    hint = "Việc này sẽ được làm tiếp lần sau."
    says = "interrupted"
    fix = "run it again to go on; nothing was lost"


class BundleInvalid(DigitizerError):
    code = "bundle-invalid"
    remedy = Remedy.NEVER
    title = "Bản số hóa không đạt chuẩn PDF/A"
    hint = "Bản này không được gửi đi. Gọi người hỗ trợ."
    says = "the bundle is not valid PDF/A-2b and was not kept"
    fix = "send the log to support"


class PortTaken(DigitizerError):
    code = "port-taken"
    remedy = Remedy.LATER
    title = "Cổng mạng đang được dùng"
    hint = "Đóng phần mềm đang dùng cổng đó, hoặc chọn cổng khác."
    says = "that port of this machine is taken"
    fix = "stop what uses it, or choose another with --port"


# --- signing ------------------------------------------------------------------------------


class SigningError(DigitizerError):
    """A PDF cannot be signed. It stays as it was."""


class WrongPin(SigningError):
    """Never tried again by itself: tokens lock after a few."""

    code = "wrong-pin"
    title = "Sai mã PIN"
    hint = "Gõ lại thật cẩn thận: sai nhiều lần, USB ký sẽ tự khóa. Chưa ký tệp nào."
    says = "wrong PIN or password"
    fix = "type it again with care: a token locks after a few wrong ones"


class WrongPinLast(WrongPin):
    code = "wrong-pin-last"
    title = "Sai mã PIN, chỉ còn một lần thử"
    hint = "Sai lần nữa là USB ký bị khóa. Nếu không chắc, hãy hỏi nơi cấp USB ký trước."
    says = "wrong PIN, and the token locks at the next wrong one"
    fix = "be sure before you try again, or ask whoever issued the token"


class PinLocked(SigningError):
    code = "pin-locked"
    title = "USB ký đã bị khóa"
    hint = "Liên hệ nơi cấp USB ký để mở khóa. Chưa ký tệp nào."
    says = "the token's PIN is locked"
    fix = "ask whoever issued the token to unlock it"


class PinNeedsChange(SigningError):
    code = "pin-needs-change"
    title = "Phải đổi mã PIN trước khi ký"
    hint = "Mở phần mềm của USB ký, đổi mã PIN, rồi ký lại."
    says = "the token wants its PIN changed before it is used"
    fix = "change it with the token's own program, then sign again"


class TokenMissing(SigningError):
    code = "token-missing"
    title = "Không thấy USB ký"
    hint = "Cắm USB ký vào máy rồi nhập lại mã PIN. Các tệp đã ký xong vẫn còn."
    says = "the signing token is not plugged in"
    fix = "plug it in and give the PIN again; what was signed before stays"


class SeveralTokens(SigningError):
    code = "several-tokens"
    title = "Có nhiều USB ký cùng cắm"
    hint = "Chọn một USB ký trong Cài đặt, hoặc chỉ để lại một chiếc."
    says = "several signing tokens are plugged in"
    fix = "name one by its label, or leave only one plugged in"


class TokenUnusable(SigningError):
    code = "token-unusable"
    title = "Không dùng được USB ký"
    hint = "Kiểm tra đã cài phần mềm của USB ký và chọn đúng tệp thư viện của nó trong Cài đặt."
    says = "the token or its PKCS#11 library cannot be used"
    fix = "check that the token's software is installed and that its library is the one named"


class KeyFileBroken(SigningError):
    code = "key-file-broken"
    title = "Tệp khóa ký hỏng hoặc không đúng loại"
    hint = "Chọn lại tệp .p12 hoặc .pfx, hoặc xin tệp mới ở nơi cấp."
    says = "not a PKCS#12 file that can be read"
    fix = "choose the right .p12 or .pfx file, or ask its issuer for a new one"


class NoKey(SigningError):
    code = "no-signing-key"
    title = "Không có chứng thư ký"
    hint = "USB hoặc tệp này không có chứng thư kèm khóa dùng để ký. Hỏi nơi cấp."
    says = "no certificate for signing with its private key is there"
    fix = "ask whoever issued it"


class SigningCertificateExpired(SigningError):
    code = "signing-certificate-expired"
    title = "Chứng thư ký đã hết hạn"
    hint = "Xem ngày giờ của máy này có đúng không. Nếu đúng, xin gia hạn ở nơi cấp."
    says = "the signing certificate has expired"
    fix = "check this machine's clock, or have the certificate renewed"


class SigningCertificateNotYet(SigningError):
    code = "signing-certificate-not-yet"
    title = "Chứng thư ký chưa có hiệu lực"
    hint = "Xem ngày giờ của máy này có đúng không."
    says = "the signing certificate is not valid yet"
    fix = "check this machine's clock"


class SigningCertificateRevoked(SigningError):
    code = "signing-certificate-revoked"
    title = "Chứng thư ký đã bị thu hồi"
    hint = "Không ký bằng chứng thư này nữa. Liên hệ nơi cấp."
    says = "the signing certificate has been revoked by its issuer"
    fix = "ask whoever issued it"


class SigningClosed(SigningError):
    code = "signing-closed"
    title = "Cần nhập lại mã PIN"
    hint = "Nhập mã PIN để ký tiếp. Các tệp đã ký xong vẫn còn."
    says = "the signing session has ended"
    fix = "give the PIN again to go on; what was signed before stays"


class SignerCrashed(SigningError):
    code = "signer-crashed"
    title = "Phần mềm của USB ký bị lỗi"
    hint = "Rút USB ký, cắm lại rồi nhập lại mã PIN. Các tệp đã ký xong vẫn còn."
    says = "the signing program crashed, most likely in the token's library"
    fix = "plug the token in anew and give the PIN again; what was signed before stays"


class SignerSilent(SigningError):
    code = "signer-silent"
    title = "USB ký không trả lời"
    hint = "Rút USB ký, cắm lại rồi nhập lại mã PIN. Các tệp đã ký xong vẫn còn."
    says = "the signing program gave no answer in time"
    fix = "plug the token in anew and give the PIN again; what was signed before stays"


class SigningServiceMissing(SigningError):
    code = "signing-service-missing"
    title = "Dịch vụ ký số trên máy không trả lời"
    hint = "Mở phần mềm ký số VGCA trên máy này rồi ký lại."
    says = "the signing service of this machine does not answer"
    fix = "start it and sign again"


class SigningServiceUntrusted(SigningError):
    code = "signing-service-untrusted"
    title = "Không nhận ra dịch vụ ký số trên máy"
    hint = "Cài lại phần mềm ký số VGCA, hoặc gọi người hỗ trợ thêm chứng thư của nó vào máy."
    says = "the signing service's certificate is not trusted; nothing was given to it"
    fix = "install it again, or put its certificate into the home's folder 'trust'"


class SigningServiceRefused(SigningError):
    """``detail``: the number it gave."""

    code = "signing-service-refused"
    title = "Dịch vụ ký số không ký tệp này"
    hint = "Việc ký bị hủy hoặc bị từ chối. Bấm ký lại nếu vẫn muốn ký."
    says = "the signing service did not sign: it was cancelled or refused"
    fix = "sign again if it is still wanted"


class SignatureRefused(SigningError):
    """What came of the signing is not kept. ``detail`` says why."""

    code = "signature-refused"
    remedy = Remedy.NEVER
    title = "Bản đã ký không đúng, không giữ lại"
    hint = "Bản trước khi ký vẫn nguyên. Nếu còn lặp lại, gọi người hỗ trợ."
    says = "the signed file is not what it should be and was not kept"
    fix = "the unsigned one is as it was; tell support"


class SigningForbidden(SigningError):
    code = "signing-forbidden"
    remedy = Remedy.NEVER
    title = "Tệp này đã được khóa, không ký thêm được"
    hint = "Chữ ký có sẵn không cho thêm chữ ký. Giữ nguyên tệp này."
    says = "an earlier signature of the file forbids further ones"
    fix = "leave it as it is"


# --- signing here -----------------------------------------------------------------------------


class PaperUnsigned(DigitizerError):
    code = "paper-unsigned"
    title = "Chưa ký số"
    hint = "Bấm F4, xem danh sách rồi ký."
    says = "it has to be signed before it is sent"
    fix = "sign it: 'digitizer sign --all-waiting'"


class KeyNotSet(DigitizerError):
    code = "key-not-set"
    title = "Chưa chọn khóa để ký số"
    hint = "Vào Cài đặt, mục Ký số, chọn tệp khóa, USB ký hoặc dịch vụ ký."
    says = "nobody has said which key signs"
    fix = "give --key, --token or --service, or set it once with 'digitizer sign rules'"


class AgencyMissing(DigitizerError):
    code = "agency-missing"
    title = "Chưa có tên cơ quan"
    hint = "Vào Cài đặt, mục Ký số, điền tên cơ quan để ký sao y."
    says = "a certified copy bears the agency's name, which is not set"
    fix = "give --agency, or set it once with 'digitizer sign rules'"


class ListChanged(DigitizerError):
    code = "signing-list-changed"
    remedy = Remedy.LATER
    title = "Giấy tờ đã đổi sau khi lên danh sách"
    hint = "Giấy tờ này chưa ký. Xem lại rồi ký."
    says = "it changed since it was listed, and was left out"
    fix = "look at it again and sign it"


class NotBundled(DigitizerError):
    code = "not-bundled"
    remedy = Remedy.LATER
    title = "Giấy tờ chưa đóng tệp xong"
    hint = "Chờ đọc chữ và đóng tệp xong rồi ký."
    says = "its file is not made yet"
    fix = "'digitizer work --until-idle' makes it"


class SignedElsewhere(DigitizerError):
    code = "signed-elsewhere"
    remedy = Remedy.NEVER
    title = "Tệp này đã có chữ ký số từ nơi khác"
    hint = "Tệp được giữ và gửi nguyên như vậy, không ký thêm."
    says = "it came signed, and is passed on as it is"


# --- web pages that scan -------------------------------------------------------------------


class WebPageRefused(DigitizerError):
    code = "web-page-refused"
    title = "Trang web chưa được phép quét"
    hint = "Cho phép trong Cài đặt, mục Nút Quét trên trang web, nếu đó là trang của cơ quan."
    says = "a web page that may not scan wanted to"
    fix = "if it is the office's, 'digitizer bridge allow ORIGIN'"


class WebPageStrange(DigitizerError):
    code = "web-page-strange"
    remedy = Remedy.NEVER
    title = "Trang web gửi lời không hiểu được"
    hint = "Trang đó dùng cách quét khác. Báo quản trị."
    says = "a web page did not speak the scan protocol"
    fix = "ask who runs that page"


class WebPageSlow(DigitizerError):
    code = "web-page-slow"
    remedy = Remedy.LATER
    title = "Trang web không trả lời"
    hint = "Bấm Quét lại trên trang web."
    says = "a web page fell silent"
    fix = "press its Scan button again"


class WebScanGone(DigitizerError):
    code = "web-scan-gone"
    title = "Các trang quét cho trang web đã được chuyển đi"
    hint = "Bấm Quét lại trên trang web nếu vẫn cần tệp đó."
    says = "the pages scanned for a web page were moved or deleted before it got them"
    fix = "press its Scan button again"


class OutputUnwritable(DigitizerError):
    code = "output-unwritable"
    title = "Không ghi được tệp kết quả"
    hint = "Chọn thư mục khác."
    says = "the output file cannot be written"
    fix = "choose another folder"


class OutputIsInput(DigitizerError):
    code = "output-is-input"
    title = "Tệp kết quả trùng với tệp gốc"
    hint = "Chọn tên khác cho tệp kết quả: tệp gốc không bao giờ bị ghi đè."
    says = "the output would take the place of a file it is made of"
    fix = "give it another name"


# --- the procedure system -----------------------------------------------------------------


class ServerError(DigitizerError):
    """Any trouble with the procedure system."""


class ServerNotSet(ServerError):
    code = "server-not-set"
    title = "Chưa khai báo hệ thống thủ tục"
    hint = "Vào Cài đặt, nhập địa chỉ hệ thống giải quyết TTHC."
    says = "no procedure system is set"
    fix = "set one with 'digitizer server set'"
    pauses_lane = True


class AddressUnusable(ServerError):
    code = "address-unusable"
    title = "Địa chỉ không dùng được"
    hint = "Kiểm tra địa chỉ trong Cài đặt, ví dụ https://motcua.tinh.gov.vn."
    says = "the procedure system's address cannot be used"
    fix = "give one like https://motcua.tinh.gov.vn, or a folder's absolute path"
    pauses_lane = True


class AccountIncomplete(ServerError):
    code = "account-incomplete"
    title = "Thiếu thông tin đăng nhập"
    hint = "Vào Cài đặt, nhập đủ mã đơn vị, tên đăng nhập và mật khẩu."
    says = "the procedure system cannot be signed in to without more"
    fix = "give it with 'digitizer server set'; nothing was changed"
    pauses_lane = True


class NotSupported(ServerError):
    """The kind of system cannot be told that yet. All its papers would meet the same."""

    code = "not-supported"
    title = "Chưa gửi thẳng lên hệ thống này được"
    hint = (
        "Giấy tờ vẫn chờ ở đây, không mất gì. Trong lúc đó, xuất hồ sơ ra thư mục để tải lên: "
        "Cài đặt, mục Chuyển hồ sơ bằng thư mục."
    )
    says = "this kind of procedure system takes no papers from here yet; they wait"
    fix = "carry them as files: 'digitizer export FOLDER'"
    pauses_lane = True
    until_woken = True  # trying again by itself would only wake the line


class Offline(ServerError):
    code = "offline"
    remedy = Remedy.LATER
    title = "Mất mạng"
    hint = "Sẽ tự gửi lại khi có mạng."
    says = "the procedure system cannot be reached"
    fix = "it is tried again by itself"
    pauses_lane = True


class ServerTrouble(ServerError):
    code = "server-trouble"
    remedy = Remedy.LATER
    title = "Hệ thống thủ tục đang trục trặc"
    hint = "Sẽ tự gửi lại sau ít phút."
    says = "the procedure system failed"
    fix = "it is tried again by itself"


class ServerBusy(ServerTrouble):
    code = "server-busy"
    title = "Hệ thống thủ tục đang quá tải"
    hint = "Sẽ tự gửi lại sau ít phút."
    says = "the procedure system is overloaded"
    rests_lane = True

    def __init__(self, detail: str = "", after: float = 0.0) -> None:
        """``after``: see the base; 0 where the server does not say."""
        super().__init__(detail)
        self.after = after


class ServerUntrusted(ServerError):
    code = "server-untrusted"
    title = "Không xác minh được máy chủ"
    hint = (
        "Kiểm tra địa chỉ. Cơ quan có chứng thư gốc riêng thì thêm tệp đó trong Cài đặt; "
        "nếu không, đừng nhập mật khẩu và gọi người hỗ trợ."
    )
    says = "nobody this machine trusts vouches for the procedure system's certificate"
    fix = "check the address, or add the office's own CA with 'digitizer server set … --ca FILE'"
    pauses_lane = True


class ServerMisnamed(ServerUntrusted):
    code = "server-misnamed"
    title = "Chứng thư của máy chủ mang tên khác"
    hint = "Kiểm tra địa chỉ trong Cài đặt: viết đúng như người quản trị đã cho."
    says = "the procedure system's certificate is for another name"
    fix = "check the address: it must be written as the administrator gave it"


class ServerExpired(ServerUntrusted):
    code = "server-expired"
    title = "Chứng thư của máy chủ đã hết hạn"
    hint = (
        "Xem ngày giờ của máy này: sai thì đặt lại; đúng thì báo người quản trị hệ thống gia hạn "
        "chứng thư. Sẽ tự gửi lại."
    )
    says = "the procedure system's certificate has expired"
    fix = "if this machine's clock is right, its administrator has to renew it"


class ClockWrong(ServerUntrusted):
    """By this machine's clock the certificate is not valid yet, or hardly any CA is valid now."""

    code = "clock-wrong"
    title = "Ngày giờ của máy này sai"
    hint = "Đặt lại ngày, giờ và múi giờ của máy. Sẽ tự gửi lại."
    says = "this machine's clock is wrong: by it, the procedure system's certificate is not valid"
    fix = "set the date and time"


class SignInRefused(ServerError):
    code = "sign-in-refused"
    title = "Sai tên đăng nhập hoặc mật khẩu"
    hint = "Đăng nhập lại trong Cài đặt. Không có gì bị mất."
    says = "the procedure system refused the user name or password"
    fix = "set them again with 'digitizer server set'"
    pauses_lane = True
    until_woken = True  # some servers lock an account after a few wrong passwords


class PasswordMissing(ServerError):
    code = "password-missing"
    title = "Chưa có mật khẩu"
    hint = "Nhập mật khẩu của tài khoản."
    says = "no password was given"
    fix = "write it to standard input, as in: digitizer server set … < password-file"
    pauses_lane = True
    until_woken = True  # without one, the server would only count a wrong password


class ClerkError(ServerError):
    """One account of several cannot sign in: what goes under it waits, all else goes on.

    ``detail`` is the id of the clerk whose account it is (empty: the office's own); ``who`` their
    name, for the screen and the command line alone: it is in no text of the error.
    """

    until_woken = True
    spares_attempt = True

    def __init__(self, detail: str = "", who: str = "") -> None:
        super().__init__(detail)
        self.who = who

    def __str__(self) -> str:
        return f"{self.says}; {self.fix}"


class ClerkRefused(ClerkError):
    code = "clerk-refused"
    title = "Sai tên đăng nhập hoặc mật khẩu"
    hint = "Chỉ hồ sơ của người này chờ, hồ sơ khác vẫn gửi. Không có gì bị mất."
    says = "the procedure system refused the user name or password of one clerk"
    fix = "give it anew with 'digitizer clerk password NAME'; all others' papers go on"


class ClerkPasswordMissing(ClerkError):
    code = "clerk-password-missing"
    title = "Chưa có mật khẩu"
    hint = "Chỉ hồ sơ của người này chờ, hồ sơ khác vẫn gửi."
    says = "no password is known for one clerk"
    fix = "give it with 'digitizer clerk password NAME'; all others' papers go on"


class KeyringLocked(ServerError):
    code = "keyring-locked"
    title = "Kho mật khẩu của máy đang khóa"
    hint = "Mở khóa kho mật khẩu thì tự gửi tiếp, hoặc nhập lại mật khẩu trong Cài đặt."
    says = "this system's keyring is locked or does not answer"
    fix = "unlock it and try again, or give the password anew"
    pauses_lane = True


class NotAllowed(ServerError):
    code = "not-allowed"
    title = "Tài khoản không có quyền"
    hint = "Hỏi người quản trị hệ thống thủ tục về quyền của tài khoản."
    says = "this account may not do that"
    fix = "ask the procedure system's administrator"


class DossierNotAtServer(ServerError):
    code = "dossier-not-at-server"
    title = "Hệ thống thủ tục không có hồ sơ này"
    hint = "Kiểm tra mã hồ sơ."
    says = "the procedure system knows no such dossier"
    fix = "check the code"


class UploadRefused(ServerError):
    code = "upload-refused"
    remedy = Remedy.NEVER
    title = "Hệ thống thủ tục từ chối giấy tờ này"
    hint = "Kiểm tra giấy tờ có thuộc thủ tục này không."
    says = "the procedure system refused the file"
    fix = "check that the paper belongs to this procedure"


class UploadConflict(ServerError):
    code = "upload-conflict"
    title = "Giấy tờ này đã được sửa ở nơi khác"
    hint = "So hai bản rồi chọn bản để giữ ở nơi nhận. Cả hai bản đều còn ở máy này."
    says = "the procedure system holds another version of this paper"
    fix = "compare the two with 'digitizer conflict show' and decide with 'conflict resolve'"


class DossierEnded(ServerError):
    code = "dossier-ended"
    title = "Hồ sơ đã đóng ở nơi nhận"
    hint = "Chọn gửi tiếp, hoặc giữ các giấy tờ này ở máy, không gửi."
    says = "the dossier was closed or withdrawn at the procedure system"
    fix = "decide with 'digitizer conflict resolve'"


class PaperDropped(ServerError):
    code = "paper-dropped"
    title = "Thủ tục không còn giấy tờ này"
    hint = "Chuyển trang sang giấy tờ khác, hoặc giữ ở máy, không gửi."
    says = "the procedure's list no longer has this paper"
    fix = "move its pages to another paper, or decide with 'digitizer conflict resolve'"


class CodesNotGiven(ServerError):
    code = "codes-not-given"
    remedy = Remedy.NEVER
    title = "Nơi gửi này không cấp mã hồ sơ"
    hint = "Tạo hồ sơ trên hệ thống thủ tục, rồi gắn mã vào hồ sơ tạm."
    says = "this system begins no dossiers"
    fix = "begin it there by hand and bind it: 'digitizer dossier bind LOCAL CODE'"


class CreationRefused(ServerError):
    code = "creation-refused"
    title = "Hệ thống thủ tục không nhận hồ sơ mới này"
    hint = "Kiểm tra thủ tục, họ tên và số giấy tờ của người nộp rồi thử lại."
    says = "the procedure system does not want this dossier"
    fix = "check its procedure and holder, then ask again"


class ConflictUnknown(NoSuchThing):
    code = "conflict-unknown"
    title = "Không còn việc cần chọn này"
    hint = "Xem lại danh sách Cần xử lý."
    says = "no such conflict"
    fix = "'digitizer conflict list' names those there are"


class ChoiceImpossible(DigitizerError):
    code = "choice-impossible"
    title = "Không chọn được như vậy"
    hint = "Giấy tờ này chỉ nhận một tệp, hoặc bản này đã được gửi. Chọn cách khác."
    says = "that cannot be decided here"
    fix = "'digitizer conflict show' tells what can be chosen"


class ServerChanged(ServerError):
    code = "server-changed"
    remedy = Remedy.LATER
    title = "Nơi gửi vừa được đổi"
    hint = "Sẽ tự làm lại với nơi gửi mới."
    says = "another procedure system was set meanwhile"
    fix = "it is tried again by itself"
    pauses_lane = True


class ReceiptMismatch(ServerError):
    code = "receipt-mismatch"
    remedy = Remedy.LATER
    title = "Máy chủ giữ bản không đúng"
    hint = "Sẽ tự gửi lại."
    says = "the procedure system gave back other bytes than were sent"
    fix = "it is sent again by itself"

    def __init__(self, detail: str = "", found: str = "") -> None:
        """``found``: hash of the bytes it gave back, if it gave any: ours, broken there."""
        super().__init__(detail)
        self.found = found


class AnswerUnexpected(ServerError):
    code = "answer-unexpected"
    remedy = Remedy.LATER
    title = "Hệ thống thủ tục trả lời lạ"
    hint = "Sẽ tự thử lại. Nếu còn lặp lại, gọi người hỗ trợ."
    says = "the procedure system gave an answer that makes no sense"
    fix = "it is tried again by itself; check the server's address"


class Bug(DigitizerError):
    """Something nobody foresaw. Its traceback is in the log."""

    code = "bug"
    remedy = Remedy.NEVER
    title = "Lỗi phần mềm"
    hint = "Việc này được để lại, các việc khác vẫn chạy. Gửi nhật ký cho người hỗ trợ."
    says = "a bug in digitizer"
    fix = "send the log to support"


def _rows(base: type[DigitizerError]) -> dict[str, type[DigitizerError]]:
    found = {base.code: base} if "code" in vars(base) else {}
    for child in base.__subclasses__():
        found.update(_rows(child))
    return found


def from_code(code: str, detail: str = "") -> DigitizerError:
    """Return the error that ``code`` names, as a child process reported it.

    An unknown code (another version's child) gives a plain ``DigitizerError``.
    """
    return _rows(DigitizerError).get(code, DigitizerError)(detail)


def kind(code: str) -> type[DigitizerError]:
    """Return the row of the table that ``code`` names."""
    return _rows(DigitizerError).get(code, DigitizerError)


def from_os(error: OSError, detail: str = "") -> DigitizerError:
    """Convert what the file system said while the home was being written."""
    where = detail or (str(error.filename) if error.filename else "")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(where)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return HomeReadOnly(where)
    return HomeReadOnly(f"{where}: {error.strerror}" if where else str(error.strerror))

"""Rows of the error table: files and folders that come from outside."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


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


class RecordUnreadable(InputError):
    code = "record-unreadable"
    remedy = Remedy.USER
    title = "Không mở được tệp lịch sử"
    hint = "Chọn tệp mà lệnh xuất lịch sử đã ghi."
    says = "the exported record cannot be read"
    fix = "name the file that 'digitizer audit export' wrote"


class FileNotPlain(InputError):
    code = "file-not-plain"
    remedy = Remedy.USER
    title = "Không phải tệp thường"
    hint = "Đây là lối tắt dẫn ra ngoài thư mục, hoặc không chứa trang nào. Chép chính tệp đó vào."
    says = "no plain file: a link that leads out of the folder or nowhere, a pipe, a device"
    fix = "put the file itself there, or name it by itself"


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


class TooManyPages(InputError):
    code = "too-many-pages"
    title = "Tệp có quá nhiều trang"
    hint = "Tệp dài hơn 2000 trang. Tách thành nhiều tệp rồi lấy từng tệp."
    says = "more than 2000 pages in one file"
    fix = "split it, and take its parts"


class ImageTooSmall(InputError):
    code = "image-too-small"
    title = "Ảnh quá nhỏ, không phải một trang giấy"
    hint = "Ảnh chỉ có vài điểm ảnh, hoặc là một dải hẹp. Chọn đúng ảnh chụp trang giấy."
    says = "the image is smaller or narrower than any page"
    fix = "choose the image of the page"


class PdfOverfull(InputError):
    code = "pdf-overfull"
    title = "PDF phình quá lớn khi mở"
    hint = "Tệp hỏng hoặc cố ý gây hại. Quét tờ giấy, hoặc xin tệp PDF khác."
    says = "the PDF unpacks to more than any paper holds"
    fix = "scan the paper, or ask for another PDF"


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

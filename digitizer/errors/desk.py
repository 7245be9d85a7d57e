"""Rows of the error table: what is set at a desk: profiles, clerks, the administrator's file."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


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

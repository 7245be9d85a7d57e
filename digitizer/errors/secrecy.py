"""Rows of the error table: state secrets."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


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


class RecordContradicts(SecrecyError):
    code = "record-contradicts"
    title = "Dữ liệu của hồ sơ không khớp với nhật ký, hồ sơ chưa được gửi"
    hint = (
        "Trang hoặc quyết định về dấu mật đã bị sửa ngoài phần mềm. Báo người quản trị kiểm tra "
        "kho hồ sơ (digitizer verify) và lấy lại bản sao lưu."
    )
    says = (
        "the audit record knows of a page of the dossier, or of a decision about one, that the "
        "database does not have: nothing leaves"
    )
    fix = (
        "run 'digitizer verify' to see which; restore a backup, or for a decision decide again: "
        "'digitizer secret decide'"
    )


class PagesUnchecked(SecrecyError):
    code = "pages-unchecked"
    remedy = Remedy.LATER
    title = "Đang kiểm tra dấu mật"
    hint = "Hồ sơ được gửi khi mọi trang đã được đọc và kiểm tra."
    says = "its pages are not all looked at for markings of state secrets yet: nothing leaves"
    fix = "run 'digitizer work --until-idle', then try again"

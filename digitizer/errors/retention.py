"""Rows of the error table: copies of dossiers that are removed from this machine."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


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

"""Rows of the error table: what the procedure system says of a dossier or a file."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, NoSuchThing, Remedy
from digitizer.errors.server import ServerError


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

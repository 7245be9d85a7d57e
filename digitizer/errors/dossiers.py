"""Rows of the error table: dossiers, their papers and pages, and their codes."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


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


class ScanLeftOff(DigitizerError):
    code = "scan-left-off"
    title = "Lượt quét dở dang"
    hint = "Xem còn thiếu tờ nào không, quét tiếp nếu thiếu; rồi bấm Xong hồ sơ này lần nữa."
    says = "a scan into it broke off after its dossier was closed"
    fix = "scan what is missing, then 'digitizer dossier close' it again"


class BadIdentifier(DigitizerError):
    code = "bad-identifier"
    title = "Mã không đúng dạng"
    hint = "Kiểm tra lại mã, ví dụ 000.00.04.H02-240508-0001."
    says = "not a dossier code"
    fix = "a code looks like 000.00.04.H02-240508-0001"

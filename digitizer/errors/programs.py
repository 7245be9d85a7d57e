"""Rows of the error table: programs at work on pages, and what a machine lacks for them."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


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


class WebPortTaken(PortTaken):
    """The port of the bridge: web pages know no other, so none can be chosen."""

    code = "web-port-taken"
    title = "Cổng dành cho trang web đang được dùng"
    hint = "Đóng phần mềm quét kèm trang web, hoặc phần mềm này ở tài khoản khác, rồi thử lại."
    says = "the port of this machine that web pages call is taken"
    fix = "close what has it (a web page's own scan program, or a digitizer); pages know no other"

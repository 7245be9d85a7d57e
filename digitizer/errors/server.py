"""Rows of the error table: reaching the procedure system, and signing in to it."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


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


class ServerChanged(ServerError):
    code = "server-changed"
    remedy = Remedy.LATER
    title = "Nơi gửi vừa được đổi"
    hint = "Sẽ tự làm lại với nơi gửi mới."
    says = "another procedure system was set meanwhile"
    fix = "it is tried again by itself"
    pauses_lane = True


class AnswerUnexpected(ServerError):
    code = "answer-unexpected"
    remedy = Remedy.LATER
    title = "Hệ thống thủ tục trả lời lạ"
    hint = "Sẽ tự thử lại. Nếu còn lặp lại, gọi người hỗ trợ."
    says = "the procedure system gave an answer that makes no sense"
    fix = "it is tried again by itself; check the server's address"

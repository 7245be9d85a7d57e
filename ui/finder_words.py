"""PURE: why a mã hồ sơ opened no dossier, and what can be done; the words of the finder.

Whether the procedure system said that it has none, or could not be asked, are two different
things: after the first the code is probably wrong, after the second it is probably right.
"""

from __future__ import annotations

from msgspec import Struct

from digitizer import errors
from digitizer.errors import DigitizerError
from ui.language import say

_REST = (
    "Máy này chưa có hồ sơ mã này. "
    "Bấm Tạo hồ sơ để quét ngay: họ tên và giấy tờ tự về khi hỏi được."
)


class Unknown(Struct, frozen=True):
    """A heading, and a sentence below it."""

    heading: str
    sentence: str


def unknown(error: DigitizerError, *, server: bool) -> Unknown:
    """Say why a code opened nothing.

    Args:
        error: What came of looking: here alone (``DossierUnknown``), else at the server.
        server: Whether there is a procedure system to ask.
    """
    if isinstance(error, errors.DossierNotAtServer):
        return Unknown(
            say("Hệ thống thủ tục không có hồ sơ mã này"),
            say("Xem lại mã trên giấy tiếp nhận. Nếu mã đúng, bấm Tạo hồ sơ để quét ngay."),
        )
    if isinstance(error, errors.DossierUnknown) and not server:
        return Unknown(
            say("Máy này chưa có hồ sơ mã này"),
            say("Chưa khai báo hệ thống thủ tục nên chỉ tìm ở máy này. Bấm Tạo hồ sơ để quét."),
        )
    why = say(error.title)
    if isinstance(error, errors.DossierUnknown):  # nobody asked: the account may get locked
        why = say("Tài khoản chưa đăng nhập được")
    rest = say(_REST)
    return Unknown(say("Chưa hỏi được hệ thống thủ tục"), f"{why}. {rest}")

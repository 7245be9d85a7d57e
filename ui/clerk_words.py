"""PURE: who works at this desk, and whose password is needed, in words."""

from __future__ import annotations

from digitizer import errors
from digitizer.errors import DigitizerError
from ui.language import say


def title(kind: type[DigitizerError], who: str) -> str:
    """Say whose account cannot sign in; empty: the office's own."""
    name = who or say("tài khoản chung")
    if issubclass(kind, errors.ClerkPasswordMissing):
        return say("Chưa có mật khẩu của {0}", name)
    return say("Sai tên đăng nhập hoặc mật khẩu của {0}", name)


def waiting(dossiers: int) -> str:
    """Say how many dossiers wait for one account, and that nothing else does."""
    if not dossiers:
        return say("Chưa lấy được danh sách hồ sơ của người này.")
    return say("{0} hồ sơ của người này đang chờ; hồ sơ khác vẫn gửi.", dossiers)


def account(own: str) -> str:
    """Say under which account somebody's dossiers go."""
    return own or say("dùng tài khoản chung")

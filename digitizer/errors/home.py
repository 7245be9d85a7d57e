"""Rows of the error table: the home folder, and results written outside it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from digitizer.errors.base import DigitizerError, Remedy


class HomeError(DigitizerError):
    """The home folder cannot be used."""


class HomeLocked(HomeError):
    code = "home-locked"
    remedy = Remedy.LATER
    title = "Phần mềm đang chạy"
    hint = "Kho hồ sơ này đang được một cửa sổ khác dùng. Đóng cửa sổ đó rồi thử lại."
    says = "the home is in use"
    fix = "close the other one or wait for it"


class HomeTooNew(HomeError):
    code = "home-too-new"
    title = "Kho hồ sơ thuộc bản mới hơn"
    hint = "Cài bản phần mềm mới nhất rồi mở lại. Không có gì bị thay đổi."
    says = "the home was written by a newer version"
    fix = "install that version; nothing was changed"


class HomeReadOnly(HomeError):
    code = "home-read-only"
    title = "Không ghi được vào kho hồ sơ"
    hint = "Kiểm tra quyền ghi của thư mục dữ liệu."
    says = "the home cannot be written"
    fix = "check the folder's permissions"


class HomeDamaged(HomeError):
    code = "home-damaged"
    remedy = Remedy.NEVER
    title = "Kho hồ sơ bị hỏng"
    hint = "Không xóa gì. Gọi người hỗ trợ và gửi kết quả 'digitizer verify'."
    says = "the home's database is damaged"
    fix = "delete nothing; 'digitizer verify' tells what is left"


class NotTraining(HomeError):
    code = "not-training"
    title = "Thư mục tập huấn đang chứa thứ khác"
    hint = "Không xóa gì. Chuyển thư mục đó đi chỗ khác rồi mở lại Tập huấn."
    says = "that folder is not a training home"
    fix = "nothing was changed; move it away, or name another home with --home"


class DiskFull(HomeError):
    code = "disk-full"
    title = "Ổ đĩa đã đầy"
    hint = "Xóa bớt tệp không cần để có chỗ trống. Các trang đã lưu vẫn còn."
    says = "the disk is full"
    fix = "free some space and try again; pages already saved are safe"
    pauses_lane = True


class OutputUnwritable(DigitizerError):
    code = "output-unwritable"
    title = "Không ghi được tệp kết quả"
    hint = "Chọn thư mục khác."
    says = "the output file cannot be written"
    fix = "choose another folder"


class OutputIsInput(DigitizerError):
    code = "output-is-input"
    title = "Tệp kết quả trùng với tệp gốc"
    hint = "Chọn tên khác cho tệp kết quả: tệp gốc không bao giờ bị ghi đè."
    says = "the output would take the place of a file it is made of"
    fix = "give it another name"


def from_os(error: OSError, detail: str = "") -> DigitizerError:
    """Convert what the file system said while the home was being written."""
    where = detail or (str(error.filename) if error.filename else "")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(where)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return HomeReadOnly(where)
    return HomeReadOnly(f"{where}: {error.strerror}" if where else str(error.strerror))


@contextmanager
def converting_os() -> Iterator[None]:
    """Convert what the file system says while the block writes into the home (``from_os``)."""
    try:
        yield
    except OSError as error:
        raise from_os(error) from error

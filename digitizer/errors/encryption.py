"""Rows of the error table: an encrypted home, its keys, and switching it."""

from __future__ import annotations

from digitizer.errors.base import Remedy
from digitizer.errors.home import HomeError


class EncryptionError(HomeError):
    """The home is encrypted, and cannot be opened, or not be switched, as things stand."""


class HomeSealed(EncryptionError):
    """A passphrase is wanted, and none was given."""

    code = "home-sealed"
    title = "Kho hồ sơ đang khóa"
    hint = "Nhập mật khẩu kho để mở. Quên mật khẩu thì dùng khóa khôi phục."
    says = "the home is encrypted and wants its passphrase"
    fix = "type it at a terminal, or name a file that holds it in DIGITIZER_PASSPHRASE_FILE"


class PassphraseWrong(EncryptionError):
    code = "passphrase-wrong"
    title = "Mật khẩu kho không đúng"
    hint = "Nhập lại; xem phím Caps Lock và bộ gõ tiếng Việt. Quên thì dùng khóa khôi phục."
    says = "that is not the passphrase of this home"
    fix = "try again, or use the recovery key: 'digitizer encryption recover'"


class PassphraseWeak(EncryptionError):
    code = "passphrase-weak"
    title = "Mật khẩu kho quá ngắn"
    hint = "Cần ít nhất 10 ký tự. Dễ nhớ nhất là bốn, năm từ không liên quan với nhau."
    says = "that passphrase is too short"
    fix = "take 10 characters at least; four or five unrelated words are easy to remember"


class PassphraseFileOpen(EncryptionError):
    """Others can read the file that holds the passphrase, or nobody can."""

    code = "passphrase-file-open"
    title = "Tệp mật khẩu kho không an toàn"
    hint = "Chỉ tài khoản này được đọc tệp đó (quyền 0600)."
    says = "the file that DIGITIZER_PASSPHRASE_FILE names cannot be used"
    fix = "let it hold the passphrase alone, and let nobody else read it: chmod 600"


class HomeKeyMissing(EncryptionError):
    code = "home-key-missing"
    title = "Không tìm thấy khóa của kho"
    hint = (
        "Kho mật khẩu của máy không có khóa này. Đăng nhập đúng tài khoản, "
        "hoặc mở bằng khóa khôi phục."
    )
    says = "this system's keyring does not have the key of this home"
    fix = "sign in with the account that encrypted it, or 'digitizer encryption recover'"


class HomeKeyLocked(EncryptionError):
    code = "home-key-locked"
    remedy = Remedy.LATER
    title = "Kho mật khẩu của máy đang khóa"
    hint = "Mở khóa kho mật khẩu của máy rồi thử lại, hoặc mở bằng khóa khôi phục."
    says = "this system's keyring, which holds the key of this home, is locked or does not answer"
    fix = "unlock it and try again, or 'digitizer encryption recover'"


class KeyringRefused(EncryptionError):
    code = "keyring-refused"
    title = "Máy này không giữ được khóa"
    hint = "Máy không có kho mật khẩu, hoặc kho đang khóa. Chọn mở bằng mật khẩu kho."
    says = "this system has no keyring that keeps the key"
    fix = "choose a passphrase, or unlock the keyring first"


class CipherMissing(EncryptionError):
    code = "cipher-missing"
    title = "Máy này thiếu phần mã hóa"
    hint = "Cài lại phần mềm bản đầy đủ. Không có gì bị thay đổi."
    says = "the libraries for encrypted homes are not installed"
    fix = "install digitizer again; nothing was changed"


class KeysDamaged(EncryptionError):
    code = "keys-damaged"
    remedy = Remedy.NEVER
    title = "Tệp khóa của kho bị hỏng"
    hint = "Không xóa gì. Mở bằng khóa khôi phục; không được thì gọi người hỗ trợ."
    says = "this home is encrypted, and files in its 'keys' folder are missing or damaged"
    fix = "delete nothing; 'digitizer encryption recover', or bring them back from a copy"


class KeysMissing(EncryptionError):
    """What is left of the home is encrypted, and nothing of its keys is there."""

    code = "keys-missing"
    remedy = Remedy.NEVER
    title = "Thư mục khóa của kho không còn"
    hint = "Kho này đã mã hóa. Không xóa gì; chép lại thư mục keys từ bản sao lưu vào kho."
    says = "this home is encrypted, and its keys are missing"
    fix = "delete nothing; bring its folder 'keys' back from the backup, nothing else opens it"


class RecoveryKeyWrong(EncryptionError):
    code = "recovery-key-wrong"
    title = "Khóa khôi phục không đúng"
    hint = "Nhập lại đủ các ký tự, bắt đầu bằng AGE-SECRET-KEY-1."
    says = "that is not the recovery key of this home"
    fix = "type all of it, from AGE-SECRET-KEY-1 on"


class RecoveryUnconfirmed(EncryptionError):
    code = "recovery-unconfirmed"
    title = "Sáu ký tự cuối không khớp"
    hint = "Chưa mã hóa gì. Ghi lại khóa khôi phục rồi nhập sáu ký tự cuối của khóa đó."
    says = "those are not the last six characters of the recovery key; nothing was encrypted"
    fix = "write the key down and try again"


class RecoveryKeptAsBefore(EncryptionError):
    """The end of a new recovery key was not typed: it takes nobody's place."""

    code = "recovery-kept"
    title = "Sáu ký tự cuối không khớp"
    hint = "Khóa khôi phục cũ vẫn dùng được. Ghi lại khóa mới rồi nhập sáu ký tự cuối của khóa đó."
    says = "those are not the last six characters of the new recovery key; the old one still holds"
    fix = "write the new key down and try again"


class AlreadyEncrypted(EncryptionError):
    code = "already-encrypted"
    title = "Kho này đã mã hóa"
    hint = "Không cần làm gì thêm."
    says = "this home is encrypted already, or on its way"
    fix = "'digitizer encryption status' tells how far"


class NotEncrypted(EncryptionError):
    code = "not-encrypted"
    title = "Kho này không mã hóa"
    hint = "Bật mã hóa trong Cài đặt trước."
    says = "this home is not encrypted"
    fix = "'digitizer encryption on' encrypts it"

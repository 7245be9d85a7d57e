"""Rows of the error table: keys, tokens and services that sign, and papers to be signed."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


class SigningError(DigitizerError):
    """A PDF cannot be signed. It stays as it was."""


class WrongPin(SigningError):
    """Never tried again by itself: tokens lock after a few."""

    code = "wrong-pin"
    title = "Sai mã PIN"
    hint = "Gõ lại thật cẩn thận; USB ký thì tự khóa sau vài lần sai. Chưa ký tệp nào."
    says = "wrong PIN or password"
    fix = "type it again with care: a token locks after a few wrong ones"


class WrongPinLast(WrongPin):
    code = "wrong-pin-last"
    title = "Sai mã PIN, chỉ còn một lần thử"
    hint = "Sai lần nữa là USB ký bị khóa. Nếu không chắc, hãy hỏi nơi cấp USB ký trước."
    says = "wrong PIN, and the token locks at the next wrong one"
    fix = "be sure before you try again, or ask whoever issued the token"


class PinLocked(SigningError):
    code = "pin-locked"
    title = "USB ký đã bị khóa"
    hint = "Liên hệ nơi cấp USB ký để mở khóa. Chưa ký tệp nào."
    says = "the token's PIN is locked"
    fix = "ask whoever issued the token to unlock it"


class PinNeedsChange(SigningError):
    code = "pin-needs-change"
    title = "Phải đổi mã PIN trước khi ký"
    hint = "Mở phần mềm của USB ký, đổi mã PIN, rồi ký lại."
    says = "the token wants its PIN changed before it is used"
    fix = "change it with the token's own program, then sign again"


class TokenMissing(SigningError):
    code = "token-missing"
    title = "Không thấy USB ký"
    hint = "Cắm USB ký vào máy rồi nhập lại mã PIN. Các tệp đã ký xong vẫn còn."
    says = "the signing token is not plugged in"
    fix = "plug it in and give the PIN again; what was signed before stays"


class SeveralTokens(SigningError):
    """``detail`` names them, with their serial numbers."""

    code = "several-tokens"
    title = "Có nhiều USB ký cùng cắm, chưa thử mã PIN"
    hint = "Chọn một chiếc trong Cài đặt, mục Ký số, hoặc chỉ để lại một chiếc."
    says = "several signing tokens are plugged in that it could be; no PIN was tried"
    fix = "name one by its label or serial (--label, --serial), or leave only one plugged in"


class TokenUnusable(SigningError):
    code = "token-unusable"
    title = "Không dùng được USB ký"
    hint = "Kiểm tra đã cài phần mềm của USB ký và chọn đúng tệp thư viện của nó trong Cài đặt."
    says = "the token or its PKCS#11 library cannot be used"
    fix = "check that the token's software is installed and that its library is the one named"


class KeyFileBroken(SigningError):
    code = "key-file-broken"
    title = "Tệp khóa ký hỏng hoặc không đúng loại"
    hint = "Chọn lại tệp .p12 hoặc .pfx, hoặc xin tệp mới ở nơi cấp."
    says = "not a PKCS#12 file that can be read"
    fix = "choose the right .p12 or .pfx file, or ask its issuer for a new one"


class NoKey(SigningError):
    code = "no-signing-key"
    title = "Không có chứng thư ký"
    hint = "USB hoặc tệp này không có chứng thư kèm khóa dùng để ký. Hỏi nơi cấp."
    says = "no certificate for signing with its private key is there"
    fix = "ask whoever issued it"


class SigningCertificateExpired(SigningError):
    code = "signing-certificate-expired"
    title = "Chứng thư ký đã hết hạn"
    hint = "Xem ngày giờ của máy này có đúng không. Nếu đúng, xin gia hạn ở nơi cấp."
    says = "the signing certificate has expired"
    fix = "check this machine's clock, or have the certificate renewed"


class SigningCertificateNotYet(SigningError):
    code = "signing-certificate-not-yet"
    title = "Chứng thư ký chưa có hiệu lực"
    hint = "Xem ngày giờ của máy này có đúng không."
    says = "the signing certificate is not valid yet"
    fix = "check this machine's clock"


class SigningCertificateRevoked(SigningError):
    code = "signing-certificate-revoked"
    title = "Chứng thư ký đã bị thu hồi"
    hint = "Không ký bằng chứng thư này nữa. Liên hệ nơi cấp."
    says = "the signing certificate has been revoked by its issuer"
    fix = "ask whoever issued it"


class SigningClosed(SigningError):
    code = "signing-closed"
    title = "Cần nhập lại mã PIN"
    hint = "Nhập mã PIN để ký tiếp. Các tệp đã ký xong vẫn còn."
    says = "the signing session has ended"
    fix = "give the PIN again to go on; what was signed before stays"


class SignerCrashed(SigningError):
    code = "signer-crashed"
    title = "Phần mềm của USB ký bị lỗi"
    hint = "Rút USB ký, cắm lại rồi nhập lại mã PIN. Các tệp đã ký xong vẫn còn."
    says = "the signing program crashed, most likely in the token's library"
    fix = "plug the token in anew and give the PIN again; what was signed before stays"


class SignerSilent(SigningError):
    code = "signer-silent"
    title = "USB ký không trả lời"
    hint = "Rút USB ký, cắm lại rồi nhập lại mã PIN. Các tệp đã ký xong vẫn còn."
    says = "the signing program gave no answer in time"
    fix = "plug the token in anew and give the PIN again; what was signed before stays"


class SigningServiceMissing(SigningError):
    code = "signing-service-missing"
    title = "Dịch vụ ký số trên máy không trả lời"
    hint = "Mở phần mềm ký số VGCA trên máy này rồi ký lại."
    says = "the signing service of this machine does not answer"
    fix = "start it and sign again"


class SigningServiceUntrusted(SigningError):
    code = "signing-service-untrusted"
    title = "Không nhận ra dịch vụ ký số trên máy"
    hint = "Cài lại phần mềm ký số VGCA, hoặc gọi người hỗ trợ thêm chứng thư của nó vào máy."
    says = "the signing service's certificate is not trusted; nothing was given to it"
    fix = "install it again, or put its certificate into the home's folder 'trust'"


class SigningServiceRefused(SigningError):
    """``detail``: the number it gave."""

    code = "signing-service-refused"
    title = "Dịch vụ ký số không ký tệp này"
    hint = "Việc ký bị hủy hoặc bị từ chối. Bấm ký lại nếu vẫn muốn ký."
    says = "the signing service did not sign: it was cancelled or refused"
    fix = "sign again if it is still wanted"


class SignatureRefused(SigningError):
    """What came of the signing is not kept. ``detail`` says why."""

    code = "signature-refused"
    remedy = Remedy.NEVER
    title = "Bản đã ký không đúng, không giữ lại"
    hint = "Bản trước khi ký vẫn nguyên. Nếu còn lặp lại, gọi người hỗ trợ."
    says = "the signed file is not what it should be and was not kept"
    fix = "the unsigned one is as it was; tell support"


class SigningForbidden(SigningError):
    code = "signing-forbidden"
    remedy = Remedy.NEVER
    title = "Tệp này đã được khóa, không ký thêm được"
    hint = "Chữ ký có sẵn không cho thêm chữ ký. Giữ nguyên tệp này."
    says = "an earlier signature of the file forbids further ones"
    fix = "leave it as it is"


class PaperUnsigned(DigitizerError):
    code = "paper-unsigned"
    title = "Chưa ký số"
    hint = "Bấm F4, xem danh sách rồi ký."
    says = "it has to be signed before it is sent"
    fix = "sign it: 'digitizer sign --all-waiting'"


class KeyNotSet(DigitizerError):
    code = "key-not-set"
    title = "Chưa chọn khóa để ký số"
    hint = "Vào Cài đặt, mục Ký số, chọn tệp khóa, USB ký hoặc dịch vụ ký."
    says = "nobody has said which key signs"
    fix = "give --key, --token or --service, or set it once with 'digitizer sign rules'"


class AgencyMissing(DigitizerError):
    code = "agency-missing"
    title = "Chưa có tên cơ quan"
    hint = "Vào Cài đặt, mục Ký số, điền tên cơ quan để ký sao y."
    says = "a certified copy bears the agency's name, which is not set"
    fix = "give --agency, or set it once with 'digitizer sign rules'"


class PinMissing(DigitizerError):
    code = "pin-missing"
    title = "Chưa có mã PIN"
    hint = "Nhập mã PIN của USB ký, hoặc mật khẩu của tệp khóa."
    says = "no PIN was given: standard input had ended"
    fix = "type it at a terminal, or pipe one line from a password manager; keep it in no file"


class ListChanged(DigitizerError):
    code = "signing-list-changed"
    remedy = Remedy.LATER
    title = "Giấy tờ đã đổi sau khi lên danh sách"
    hint = "Giấy tờ này chưa ký. Xem lại rồi ký."
    says = "it changed since it was listed, and was left out"
    fix = "look at it again and sign it"


class NotBundled(DigitizerError):
    code = "not-bundled"
    remedy = Remedy.LATER
    title = "Giấy tờ chưa đóng tệp xong"
    hint = "Chờ đọc chữ và đóng tệp xong rồi ký."
    says = "its file is not made yet"
    fix = "'digitizer work --until-idle' makes it"


class SignedElsewhere(DigitizerError):
    code = "signed-elsewhere"
    remedy = Remedy.NEVER
    title = "Tệp này đã có chữ ký số từ nơi khác"
    hint = "Tệp được giữ và gửi nguyên như vậy, không ký thêm."
    says = "it came signed, and is passed on as it is"

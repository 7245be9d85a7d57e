"""Rows of the error table: web pages that scan."""

from __future__ import annotations

from digitizer.errors.base import DigitizerError, Remedy


class WebPageRefused(DigitizerError):
    code = "web-page-refused"
    title = "Trang web chưa được phép quét"
    hint = "Cho phép trong Cài đặt, mục Nút Quét trên trang web, nếu đó là trang của cơ quan."
    says = "a web page that may not scan wanted to"
    fix = "if it is the office's, 'digitizer bridge allow ORIGIN'"


class WebPageStrange(DigitizerError):
    code = "web-page-strange"
    remedy = Remedy.NEVER
    title = "Trang web gửi lời không hiểu được"
    hint = "Trang đó dùng cách quét khác. Báo quản trị."
    says = "a web page did not speak the scan protocol"
    fix = "ask who runs that page"


class WebPageSlow(DigitizerError):
    code = "web-page-slow"
    remedy = Remedy.LATER
    title = "Trang web không trả lời"
    hint = "Bấm Quét lại trên trang web."
    says = "a web page fell silent"
    fix = "press its Scan button again"


class WebScanGone(DigitizerError):
    code = "web-scan-gone"
    title = "Các trang quét cho trang web đã được chuyển đi"
    hint = "Bấm Quét lại trên trang web nếu vẫn cần tệp đó."
    says = "the pages scanned for a web page were moved or deleted before it got them"
    fix = "press its Scan button again"

"""Barcodes and QR codes on a page, all turns. Called by reading; knows no identifiers."""

from __future__ import annotations

import unicodedata

import zxingcpp
from PIL import Image

from digitizer.model import Code

_FORMATS = {
    "QRCode": zxingcpp.BarcodeFormat.QRCode,
    "Code128": zxingcpp.BarcodeFormat.Code128,
    "Code39": zxingcpp.BarcodeFormat.Code39,
    "PDF417": zxingcpp.BarcodeFormat.PDF417,
    "DataMatrix": zxingcpp.BarcodeFormat.DataMatrix,
}


def find(page: Image.Image) -> tuple[Code, ...]:
    """Return the codes of an 8-bit grey page from top to bottom, each once.

    A code that cannot be read is left out and hides no other.
    """
    wanted = zxingcpp.BarcodeFormats(list(_FORMATS.values()))
    found = zxingcpp.read_barcodes(page, formats=wanted, text_mode=zxingcpp.TextMode.Plain)
    placed = sorted(
        (code for code in found if code.valid and code.text),
        key=lambda code: (code.position.top_left.y, code.position.top_left.x),
    )
    return tuple(
        dict.fromkeys(Code(_name(code), unicodedata.normalize("NFC", code.text)) for code in placed)
    )


def _name(code: zxingcpp.Barcode) -> str:
    return next(
        (name for name, kind in _FORMATS.items() if kind in (code.format, code.symbology)),
        str(code.format),
    )

"""What a scanner is called while nobody has looked for it: no id on the screen."""

from __future__ import annotations

import pytest

from ui import scanner_words


@pytest.mark.parametrize(
    ("device", "name"),
    [
        ("airscan:e0:Brother MFC-L2710DW", "Brother MFC-L2710DW"),
        ("airscan:w1:Máy: tầng 2", "Máy: tầng 2"),
        ("airscan:e0", "Máy quét qua mạng"),
        ("sane:airscan:e0:Quầy 1", "Quầy 1"),
        ("escl:name:Canon TS5300", "Canon TS5300"),
        ("escl:uuid:4509a320-00a0-008f-00b6-002507510eca", "Máy quét qua mạng"),
        ("escl:https://192.168.1.9:443/eSCL", "Máy quét ở 192.168.1.9"),
        ("escl:192.168.1.9", "Máy quét ở 192.168.1.9"),
        ("hpaio:/usb/OfficeJet_Pro_8500?serial=CN1", "OfficeJet Pro 8500"),
        ("genesys:libusb:001:004", "Máy quét genesys"),
        ("folder:/srv/quet/quay-1/", "Thư mục quay-1"),
    ],
)
def test_a_scanner_has_a_name_without_being_looked_for(device: str, name: str) -> None:
    assert scanner_words.named(device) == name

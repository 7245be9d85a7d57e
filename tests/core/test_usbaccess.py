"""Scanners on the USB that this account may not open, told from what udev and the kernel list."""

from __future__ import annotations

from pathlib import Path

from digitizer.usbaccess import barred


def plug(root: Path, place: str, number: str, *, name: str, marked: bool) -> Path:
    """Lay out a device as the kernel and udev do; returns its node, which is not made."""
    device = root / "devices" / place
    device.mkdir(parents=True)
    minor = int(number)
    for file, text in (
        ("dev", f"189:{minor}"), ("busnum", "1"), ("devnum", str(minor + 1)), ("product", name),
    ):  # fmt: skip
        (device / file).write_text(f"{text}\n", "utf-8")
    (root / "marks").mkdir(exist_ok=True)
    mark = "E:libsane_matched=yes\n" if marked else ""
    (root / "marks" / f"c189:{minor}").write_text(f"E:ID_BUS=usb\n{mark}", "utf-8")
    node = root / "nodes/001" / f"{minor + 1:03d}"
    node.parent.mkdir(parents=True, exist_ok=True)
    return node


def test_a_scanner_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    places = (tmp_path / "devices", tmp_path / "marks", tmp_path / "nodes")
    plug(tmp_path, "1-1", "3", name="CanoScan LiDE", marked=True)
    plug(tmp_path, "1-2", "4", name="Keyboard", marked=False)
    plug(tmp_path, "1-3", "5", name="fi-7160", marked=True).touch()
    (tmp_path / "devices/usb1").mkdir()
    assert barred(*places) == ("CanoScan LiDE",)


def test_a_machine_without_udev_bars_none(tmp_path: Path) -> None:
    assert barred(tmp_path / "a", tmp_path / "b", tmp_path / "c") == ()

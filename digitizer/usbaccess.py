"""Which scanners on the USB this account may not use, by udev's marks and the nodes' permissions.

Asked by the doctor, on Linux. udev marks what SANE's rules know as a scanner, and lets who sits at
the desk and the group ``scanner`` use it; an account that signed in from afar is in neither.
"""

from __future__ import annotations

import os
from pathlib import Path

_MARK = "E:libsane_matched=yes"


def barred(
    devices: Path = Path("/sys/bus/usb/devices"),
    marks: Path = Path("/run/udev/data"),
    nodes: Path = Path("/dev/bus/usb"),
) -> tuple[str, ...]:
    """Return the names of the scanners that are plugged in and cannot be opened.

    Args:
        devices: Where the kernel lists what is plugged in.
        marks: Where udev keeps what it knows of each.
        nodes: Where their files lie.
    """
    found = []
    for device in sorted(devices.glob("*")):
        number = _said(device / "dev")
        if not number or _MARK not in _said(marks / f"c{number}").splitlines():
            continue
        bus, place = _said(device / "busnum"), _said(device / "devnum")
        node = nodes / f"{int(bus or 0):03d}" / f"{int(place or 0):03d}"
        if not os.access(node, os.R_OK | os.W_OK):
            found.append(_said(device / "product") or "a scanner")
    return tuple(found)


def _said(file: Path) -> str:
    """Return what a small file says; nothing where it is not there."""
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""

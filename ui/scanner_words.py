"""PURE: what a scanner is called that nobody has looked for yet, made of its id alone.

An id (``airscan:e0:Brother``, ``escl:uuid:…``, ``genesys:libusb:001:004``) is for programs. Once
scanners were looked for, they have the names that their drivers tell (``ui.profiles``).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ui.language import say


def named(device: str) -> str:
    """Return a name for an id; its own words where it holds any."""
    kind, _, rest = device.partition(":")
    if kind == "sane":
        return named(rest)
    if kind == "folder":
        return say("Thư mục {0}", rest.rstrip("/").rpartition("/")[2] or rest)
    if kind == "escl":
        return _driverless(rest)
    if kind == "airscan":  # its connection, then its own name
        return rest.partition(":")[2] or say("Máy quét qua mạng")
    if kind == "hpaio":
        model = rest.partition("?")[0].rpartition("/")[2].replace("_", " ")
        return model or say("Máy quét {0}", "HP")
    return say("Máy quét {0}", kind) if kind else device


def _driverless(rest: str) -> str:
    how, _, what = rest.partition(":")
    if how == "name" and what:
        return what
    if how == "uuid":
        return say("Máy quét qua mạng")
    host = urlsplit(rest if "//" in rest else f"//{rest}").hostname
    return say("Máy quét ở {0}", host) if host else say("Máy quét qua mạng")

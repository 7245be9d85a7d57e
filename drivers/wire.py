"""What ``drivers.host`` and ``drivers.worker`` say to each other: one JSON object a line.

PURE. The host writes one request and later perhaps ``cancel``; the worker answers with ``alive``,
``page``, and one last ``devices``, ``capabilities``, ``done`` or ``error``. Reading is strict: the
worker holds foreign code, so what it says is checked, and anything odd is ``Nonsense``.
"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer.scanning import (
    Capabilities,
    Device,
    Mode,
    Profile,
    Progress,
    ScannedPage,
    Size,
    Source,
)

MAX_REQUEST_BYTES = 1 << 24
"""The longest request: tens of thousands of file names fit."""

MAX_ANSWER_BYTES = 1 << 16
"""The longest answer: a list of hundreds of devices fits."""

_PAGE_SUFFIXES = ("jpg", "png", "tif")

CANCEL = b"cancel\n"


class Nonsense(Exception):
    """A line that breaks the protocol."""


class Verb(StrEnum):
    """What the host can ask. ``READY`` asks whether the driver can run on this machine."""

    READY = "ready"
    DEVICES = "devices"
    CAPABILITIES = "capabilities"
    SCAN = "scan"


class Request(Struct, frozen=True):
    """The one request a worker gets.

    ``profile`` and ``into`` belong to ``SCAN``; ``state`` is a folder where a driver may keep what
    it learns about devices, or None.
    """

    verb: Verb
    driver: str
    device: str = ""
    profile: Profile | None = None
    into: Path | None = None
    state: Path | None = None


class Done(Struct, frozen=True):
    """The verb ended well."""


class Failed(Struct, frozen=True):
    """The verb ended with a row of the error table."""

    code: str
    detail: str


class Found(Struct, frozen=True):
    """The answer to ``DEVICES``."""

    devices: tuple[Device, ...]


Answer = Progress | Done | Failed | Found | Capabilities | ScannedPage


def write_request(request: Request) -> bytes:
    """Return ``request`` as a line."""
    value: dict[str, Any] = {
        "verb": request.verb,
        "driver": request.driver,
        "device": request.device,
        "state": None if request.state is None else str(request.state),
    }
    if request.profile is not None and request.into is not None:
        profile = request.profile
        value["into"] = str(request.into)
        value["profile"] = {
            "device": profile.device,
            "source": profile.source,
            "dpi": profile.dpi,
            "mode": profile.mode,
            "pages": profile.pages,
            "options": profile.options,
            "files": [str(file) for file in profile.files],
            "size": profile.size and [profile.size.width, profile.size.height],
            "double_feed": profile.double_feed,
            "wait": profile.wait,
            "first": profile.first,
            "pace": profile.pace,
            "both_sides": profile.both_sides,
        }
    return _line(value)


def read_request(line: bytes) -> Request:
    """Return the request in ``line``. Raises ``Nonsense``."""
    value = _value(line)
    try:
        asked = value.get("profile")
        profile = None
        if asked is not None:
            profile = Profile(
                device=asked["device"],
                source=None if asked["source"] is None else Source(asked["source"]),
                dpi=int(asked["dpi"]),
                mode=Mode(asked["mode"]),
                pages=None if asked["pages"] is None else int(asked["pages"]),
                options=tuple((str(name), str(text)) for name, text in asked["options"]),
                files=tuple(Path(file) for file in asked["files"]),
                size=None if asked["size"] is None else Size(*map(float, asked["size"])),
                double_feed=bool(asked["double_feed"]),
                wait=bool(asked["wait"]),
                first=int(asked["first"]),
                pace=None if asked["pace"] is None else float(asked["pace"]),
                both_sides=bool(asked["both_sides"]),
            )
        into = Path(value["into"]) if "into" in value else None
        state = None if value["state"] is None else Path(value["state"])
        return Request(Verb(value["verb"]), value["driver"], value["device"], profile, into, state)
    except (KeyError, TypeError, ValueError) as error:
        raise Nonsense("request") from error


def write_answer(answer: Answer) -> bytes:
    """Return ``answer`` as a line."""
    match answer:
        case Progress(seq, fraction, waiting):
            return _line({"alive": seq, "fraction": fraction, "waiting": waiting})
        case Done():
            return _line({"done": True})
        case Failed(code, detail):
            return _line({"error": code, "detail": detail})
        case Found(devices):
            return _line({"devices": [_device(device) for device in devices]})
        case Capabilities() as able:
            return _line(
                {
                    "capabilities": {
                        "device": _device(able.device),
                        "sources": able.sources,
                        "resolutions": able.resolutions,
                        "modes": able.modes,
                        "sizes": [[size.width, size.height] for size in able.sizes],
                        "double_feed": able.double_feed,
                        "can_wait": able.can_wait,
                    }
                }
            )
        case ScannedPage(seq, file, origin, last, source):
            return _line(
                {
                    "page": seq,
                    "file": file.name,
                    "origin": None if origin is None else str(origin),
                    "last": last,
                    "source": source,
                }
            )


def read_answer(line: bytes, into: Path | None = None) -> Answer:
    """Return the answer in ``line``; pages are looked for in ``into``. Raises ``Nonsense``."""
    value = _value(line)
    try:
        if "page" in value and into is not None:
            return _page(value, into)
        if "alive" in value:
            fraction = value["fraction"]
            if fraction is not None:
                fraction = min(max(float(fraction), 0.0), 1.0)
            return Progress(int(value["alive"]), fraction, bool(value["waiting"]))
        if "done" in value:
            return Done()
        if "error" in value:
            return Failed(str(value["error"]), str(value["detail"]))
        if "devices" in value:
            return Found(tuple(_read_device(device) for device in value["devices"]))
        told = value["capabilities"]
        return Capabilities(
            _read_device(told["device"]),
            tuple(Source(source) for source in told["sources"]),
            tuple(int(dpi) for dpi in told["resolutions"]),
            tuple(Mode(mode) for mode in told["modes"]),
            tuple(Size(*map(float, size)) for size in told["sizes"]),
            bool(told["double_feed"]),
            bool(told["can_wait"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Nonsense("answer") from error


def _page(value: dict[str, Any], into: Path) -> ScannedPage:
    seq, name = int(value["page"]), str(value["file"])
    stem, _, suffix = name.partition(".")
    if stem != f"{seq:04d}" or suffix not in _PAGE_SUFFIXES:
        raise Nonsense("page name")
    file = into / name
    if file.is_symlink() or not file.is_file():
        raise Nonsense("page file")
    origin = None if value["origin"] is None else Path(value["origin"])
    source = None if value["source"] is None else Source(value["source"])
    return ScannedPage(seq, file, origin, bool(value["last"]), source)


def _device(device: Device) -> dict[str, str]:
    return {"id": device.id, "driver": device.driver, "name": device.name}


def _read_device(value: dict[str, Any]) -> Device:
    return Device(str(value["id"]), str(value["driver"]), str(value["name"]))


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode("ascii") + b"\n"


def _value(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Nonsense("not JSON") from error
    if not isinstance(value, dict):
        raise Nonsense("not an object")
    return value

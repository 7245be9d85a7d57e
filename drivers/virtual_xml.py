"""The XML of the virtual scanner: what it can do, how it is, and what a client asks.

PURE. Used by ``drivers.virtual``. Shapes after the recordings of real devices (Kyocera, HP).
Lengths in eSCL are in 1/300 inch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from digitizer.scanning import Mode

_SPACES = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
    ' xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_RESOLUTIONS = (100, 150, 200, 300, 600)
_A4 = (2480, 3508)


class Settings(Struct, frozen=True):
    """What one scan job wants."""

    feeder: bool
    duplex: bool
    dpi: int
    mode: Mode


def _input_caps(tag: str) -> str:
    steps = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>"
        f"<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        for dpi in _RESOLUTIONS
    )
    return (
        f"<scan:{tag}><scan:MinWidth>118</scan:MinWidth><scan:MaxWidth>{_A4[0]}</scan:MaxWidth>"
        f"<scan:MinHeight>118</scan:MinHeight><scan:MaxHeight>{_A4[1]}</scan:MaxHeight>"
        "<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes>"
        "<scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode>"
        "</scan:ColorModes><scan:DocumentFormats>"
        "<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat></scan:DocumentFormats>"
        f"<scan:SupportedResolutions><scan:DiscreteResolutions>{steps}"
        "</scan:DiscreteResolutions></scan:SupportedResolutions>"
        f"</scan:SettingProfile></scan:SettingProfiles></scan:{tag}>"
    )


def capabilities(uuid: str = "") -> str:
    """Return the ScannerCapabilities document, with the device's ``uuid`` if it has one."""
    own = f"<scan:UUID>{uuid}</scan:UUID>" if uuid else ""
    both = _input_caps("AdfSimplexInputCaps") + _input_caps("AdfDuplexInputCaps")
    return (
        f"{_HEAD}<scan:ScannerCapabilities {_SPACES}><pwg:Version>2.62</pwg:Version>"
        f"<pwg:MakeAndModel>Digitizer Virtual</pwg:MakeAndModel>{own}"
        f"<scan:Platen>{_input_caps('PlatenInputCaps')}</scan:Platen>"
        f"<scan:Adf>{both}</scan:Adf></scan:ScannerCapabilities>"
    )


def status(state: str, adf_state: str, jobs: str = "") -> str:
    """Return the ScannerStatus document; ``state`` is ``Idle`` or ``Processing``."""
    return (
        f"{_HEAD}<scan:ScannerStatus {_SPACES}><pwg:Version>2.62</pwg:Version>"
        f"<pwg:State>{state}</pwg:State><scan:AdfState>{adf_state}</scan:AdfState>"
        f"<scan:Jobs>{jobs}</scan:Jobs></scan:ScannerStatus>"
    )


def job_info(path: str, state: str) -> str:
    """Return what the status says of one job."""
    return (
        f"<scan:JobInfo><pwg:JobUri>{path}</pwg:JobUri><pwg:JobState>{state}</pwg:JobState>"
        "</scan:JobInfo>"
    )


def prefixed(document: str, prefix: str) -> str:
    """Return ``document`` with another prefix for eSCL's own name space."""
    return document.replace("scan:", f"{prefix}:").replace(":scan=", f":{prefix}=")


def multipart(pages: Sequence[bytes]) -> tuple[bytes, str]:
    """Return several JPEGs as one body, and its content type."""
    mark = "virtual-boundary"
    parts = [f"--{mark}\r\nContent-Type: image/jpeg\r\n\r\n".encode() + p for p in pages]
    body = b"\r\n".join([*parts, f"--{mark}--\r\n".encode()])
    return body, f"multipart/mixed; boundary={mark}"


def read_settings(content: bytes) -> Settings | None:
    """Read a ScanSettings document, or return None where it makes no sense.

    Read by pattern, not parsed: devices are this tolerant, and nothing in it can then expand.
    """
    text = content.decode("utf-8", "replace")
    dpi = _text(text, "XResolution")
    if not re.fullmatch("[1-9][0-9]{1,3}", dpi):
        return None
    return Settings(
        feeder=_text(text, "InputSource") == "Feeder",
        duplex=_text(text, "Duplex") == "true",
        dpi=int(dpi),
        mode=Mode.GRAY if _text(text, "ColorMode") == "Grayscale8" else Mode.COLOR,
    )


def _text(document: str, name: str) -> str:
    """Return the text of the first element called ``name`` in any name space."""
    found = re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)<", document)
    return found[1].strip() if found else ""

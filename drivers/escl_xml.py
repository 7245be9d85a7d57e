"""The XML that eSCL scanners speak: what they can do, how they are, what is asked of them.

PURE. Used by ``drivers.escl`` and its modules. Written after recordings of real devices and the
Mopria eSCL specification 2.97. Elements are known by their local names alone, because devices
mix up name spaces; what is missing is guessed; documents that declare entities are refused.
Lengths are in 1/300 inch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

import defusedxml.ElementTree as Xml
from defusedxml import DefusedXmlException
from msgspec import Struct

from digitizer.scanning import Mode, Source

MAX_XML_BYTES = 1 << 20
UNITS_PER_INCH = 300

_SAMPLED_DPI = (75, 100, 150, 200, 300, 400, 600)
_GUESSED_DPI = (200, 300)
_GUESSED_WIDTH, _GUESSED_HEIGHT = 2480, 3508  # A4
_INPUTS = {
    Source.FLATBED: "plateninputcaps",
    Source.ADF: "adfsimplexinputcaps",
    Source.ADF_DUPLEX: "adfduplexinputcaps",
}
_SPACES = (
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
    ' xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
)


class NotEscl(Exception):
    """A document that is not what it should be."""


class Input(Struct, frozen=True):
    """One source. ``resolutions`` in dpi, ascending; an empty ``colors`` tells nothing.

    Attributes:
        resolutions: Same both ways; a range is sampled.
        dpi_range: From, to, step, where the device tells a range.
        colors: eSCL's words, such as ``RGB24``.
        max_width: 1/300 inch, as is ``max_height``.
    """

    resolutions: tuple[int, ...]
    dpi_range: tuple[int, int, int] | None
    colors: tuple[str, ...]
    max_width: int
    max_height: int

    def allows(self, dpi: int) -> bool:
        """Tell whether this source scans at ``dpi``."""
        if self.dpi_range is not None:
            low, high, step = self.dpi_range
            if low <= dpi <= high and (dpi - low) % step == 0:
                return True
        return dpi in self.resolutions

    @property
    def modes(self) -> tuple[Mode, ...]:
        """What pages can be made of what this source gives: fewer levels we make ourselves."""
        color = not self.colors or any(word.lower().startswith("rgb") for word in self.colors)
        return tuple(Mode) if color else (Mode.GRAY, Mode.LINEART)

    def color_word(self, mode: Mode) -> str:
        """Return what to ask for: black-and-white is asked for in grey and cut by us."""
        wanted = "RGB24" if mode is Mode.COLOR else "Grayscale8"
        words = {word.lower(): word for word in self.colors}
        if not words or wanted.lower() in words:
            return words.get(wanted.lower(), wanted)
        return "RGB24" if "rgb24" in words else wanted


class Abilities(Struct, frozen=True):
    """ScannerCapabilities. ``identity``: its UUID or serial number, or empty."""

    name: str
    identity: str
    version: str
    inputs: dict[Source, Input]

    @property
    def resolutions(self) -> tuple[int, ...]:
        """What every source can do, or, where there is no such, what any can."""
        each = [set(one.resolutions) for one in self.inputs.values()]
        return tuple(sorted(set.intersection(*each) or set.union(*each))) if each else ()

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Every mode that some source has."""
        return tuple(m for m in Mode if any(m in one.modes for one in self.inputs.values()))


class Feeder(Enum):
    """What a device says about its feeder; not always the truth."""

    UNKNOWN = auto()
    EMPTY = auto()
    LOADED = auto()
    JAM = auto()
    COVER = auto()
    DOUBLE = auto()


class Status(Struct, frozen=True):
    """ScannerStatus. ``job``: the state of the asked job in lower case, such as ``aborted``."""

    feeder: Feeder = Feeder.UNKNOWN
    busy: bool = False
    job: str = ""


def read_abilities(content: bytes) -> Abilities:
    """Read ScannerCapabilities. Raises ``NotEscl``."""
    root = _parse(content)
    if _local(root) != "scannercapabilities":
        raise NotEscl(_local(root))
    named = {
        name: profile
        for profile in _all(root, "settingprofile")
        if (name := _attribute(profile, "name"))
    }
    inputs = {}
    for source, tag in _INPUTS.items():
        found = next(_all(root, tag), None)
        if found is not None:
            inputs[source] = _input(found, named)
    if Source.ADF_DUPLEX in inputs:  # a device that feeds both sides feeds one
        inputs.setdefault(Source.ADF, inputs[Source.ADF_DUPLEX])
    if not inputs:
        raise NotEscl("no source")
    identity = _text(root, "uuid") or _text(root, "serialnumber")
    name = _text(root, "makeandmodel") or _text(root, "modelname") or "eSCL"
    return Abilities(
        " ".join(name.split()),
        plain_uuid(identity),
        _text(root, "version") or "2.0",
        {source: inputs[source] for source in Source if source in inputs},
    )


def plain_uuid(text: str) -> str:
    """Return a UUID as all spell it alike: devices differ in case and in ``urn:uuid:``."""
    return text.strip().lower().removeprefix("urn:").removeprefix("uuid:")


def read_status(content: bytes, job_path: str = "") -> Status:
    """Read ScannerStatus. Raises ``NotEscl``.

    Args:
        content: The document.
        job_path: The path of the job whose state is asked for.
    """
    root = _parse(content)
    if _local(root) != "scannerstatus":
        raise NotEscl(_local(root))
    job = ""
    reasons = [_text_of(element) for element in _all(root, "statereason")]
    number = job_path.rstrip("/").rpartition("/")[2]
    for info in _all(root, "jobinfo"):
        if number and _text(info, "joburi").rstrip("/").rpartition("/")[2] == number:
            job = _text(info, "jobstate").lower()
            reasons += [_text_of(element) for element in _all(info, "jobstatereason")]
    feeder = _feeder(_text(root, "adfstate"))
    if feeder in (Feeder.UNKNOWN, Feeder.LOADED, Feeder.EMPTY):
        troubles = [state for state in map(_feeder, reasons) if state in _TROUBLES]
        feeder = troubles[0] if troubles else feeder
    own = next((_text_of(child) for child in root if _local(child) == "state"), "")
    return Status(feeder, own.lower() == "processing", job)


_TROUBLES = (Feeder.JAM, Feeder.COVER, Feeder.DOUBLE)
_FEEDER_WORDS = (  # in this order: a word may hold two of them
    ("multipick", Feeder.DOUBLE),
    ("double", Feeder.DOUBLE),
    ("jam", Feeder.JAM),
    ("mispick", Feeder.JAM),
    ("pagetoo", Feeder.JAM),
    ("inputtray", Feeder.JAM),
    ("hatch", Feeder.COVER),
    ("door", Feeder.COVER),
    ("cover", Feeder.COVER),
    ("empty", Feeder.EMPTY),
    ("loaded", Feeder.LOADED),
    ("adfprocessing", Feeder.LOADED),
)


def _feeder(word: str) -> Feeder:
    lower = word.lower().replace("-", "").replace("_", "")
    return next((state for part, state in _FEEDER_WORDS if part in lower), Feeder.UNKNOWN)


class Wish(Struct, frozen=True):
    """One scan job. ``width`` and ``height`` in 1/300 inch."""

    source: Source
    color: str
    dpi: int
    width: int
    height: int
    version: str = "2.0"


def write_settings(wish: Wish) -> bytes:
    """Return the ScanSettings document."""
    feeder = wish.source is not Source.FLATBED
    duplex = str(wish.source is Source.ADF_DUPLEX).lower()
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<scan:ScanSettings {_SPACES}>"
        f"<pwg:Version>{escape(wish.version)}</pwg:Version>"
        "<pwg:ScanRegions><pwg:ScanRegion>"
        "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>"
        f"<pwg:Height>{wish.height}</pwg:Height><pwg:Width>{wish.width}</pwg:Width>"
        "<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>"
        "</pwg:ScanRegion></pwg:ScanRegions>"
        f"<pwg:InputSource>{'Feeder' if feeder else 'Platen'}</pwg:InputSource>"
        "<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>"
        "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>"
        f"<scan:ColorMode>{escape(wish.color)}</scan:ColorMode>"
        f"<scan:XResolution>{wish.dpi}</scan:XResolution>"
        f"<scan:YResolution>{wish.dpi}</scan:YResolution>"
        + (f"<scan:Duplex>{duplex}</scan:Duplex>" if feeder else "")
        + "</scan:ScanSettings>"
    ).encode()


def _input(caps: Element, named: dict[str, Element]) -> Input:
    profiles = [
        named.get(_attribute(profile, "ref"), profile) for profile in _all(caps, "settingprofile")
    ]
    colors: dict[str, None] = {}
    steps: set[int] = set()
    dpi_range = None
    for part in profiles or [caps]:
        for group in _all(part, "colormodes"):
            colors |= dict.fromkeys(_text_of(e) for e in _all(group, "colormode"))
        for step in _all(part, "discreteresolution"):
            across, along = _number(step, "xresolution"), _number(step, "yresolution")
            if across is not None and along in (None, across):
                steps.add(across)
        for spread in _all(part, "resolutionrange"):
            dpi_range = _range(spread) or dpi_range
    if dpi_range is not None:
        low, high, step_size = dpi_range
        steps |= {d for d in _SAMPLED_DPI if low <= d <= high and (d - low) % step_size == 0}
    return Input(
        tuple(sorted(steps)) or _GUESSED_DPI,
        dpi_range,
        tuple(word for word in colors if word),
        _number(caps, "maxwidth") or _GUESSED_WIDTH,
        _number(caps, "maxheight") or _GUESSED_HEIGHT,
    )


def _range(spread: Element) -> tuple[int, int, int] | None:
    """Read a ResolutionRange: ``XResolutionRange`` of ``Min``, ``Max``, ``Normal``, ``Step``."""
    part = next(_all(spread, "xresolutionrange"), spread)
    low, high = _number(part, "min"), _number(part, "max")
    if low is None or high is None or high < low:
        return None
    return low, high, _number(part, "step") or 1


def _parse(content: bytes) -> Element:
    if len(content) > MAX_XML_BYTES:
        raise NotEscl("too long")
    content = content.strip(b"\0 \t\r\n")
    try:
        try:
            return _parsed(content)
        except ParseError:  # a prefix nobody declared: do without any
            return _parsed(_without_prefixes(content))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotEscl("XML") from error


def _parsed(content: bytes) -> Element:
    root: Element = Xml.fromstring(content, forbid_dtd=True)
    return root


def _without_prefixes(content: bytes) -> bytes:
    content = re.sub(rb"\s[\w.-]+:[\w.-]+\s*=\s*(\"[^\"]*\"|'[^']*')", b"", content)
    return re.sub(rb"(</?)[\w.-]+:", rb"\1", content)


def _local(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _all(parent: Element, name: str) -> Iterator[Element]:
    return (element for element in parent.iter() if _local(element) == name)


def _attribute(element: Element, name: str) -> str:
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _text_of(element: Element) -> str:
    return (element.text or "").strip()


def _text(parent: Element, name: str) -> str:
    return next((text for element in _all(parent, name) if (text := _text_of(element))), "")


def _number(parent: Element, name: str) -> int | None:
    text = _text(parent, name)
    return int(text) if re.fullmatch("[1-9][0-9]{0,5}", text) else None

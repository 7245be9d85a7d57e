"""The driver for driverless network and USB scanners: eSCL (AirScan), spoken by ourselves.

Runs inside ``drivers.worker``. Devices are named by an address or, once discovered, by their UUID
(``drivers.escl_address``). Unlike SANE's, its pages are the scanner's own JPEGs, byte for byte.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from digitizer.errors import (
    DigitizerError,
    ProfileUnsupported,
    ScanCancelled,
    ScannerError,
    ScannerUntrusted,
)
from digitizer.scanning import (
    Capabilities,
    Device,
    Profile,
    Progress,
    ScannedPage,
    unheard,
)
from drivers import escl_address, escl_opening, escl_search
from drivers.escl_http import Line
from drivers.escl_job import Order, Scan
from drivers.escl_memory import Known, Memory
from drivers.escl_opening import Found
from drivers.escl_pages import Wanted
from drivers.escl_xml import UNITS_PER_INCH, Abilities, Wish

_NAME = "escl"
_MM_PER_INCH = 25.4
_LONGEST_INCHES = 14.0
"""Where no size is asked for: feeders that tell a metre mean banners, not papers."""
_SLACK_UNITS = 24
"""2 mm: a sheet may be so much larger than the device says it can take."""
_KNOWN_SECONDS = 1.5
_KNOWN_AT_MOST = 32
_LOOK_SECONDS = 0.05


def scanner(state: Path | None) -> EsclScanner:
    """Return the driver; what it learns about devices goes to the folder ``state``."""
    return EsclScanner(Memory(state))


class EsclScanner:
    """Every eSCL device that can be reached."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def devices(self) -> list[Device]:
        """Return who answers a search of three seconds, and who was used before and answers."""
        known = self._memory.everything()[:_KNOWN_AT_MOST]
        with ThreadPoolExecutor(_KNOWN_AT_MOST) as pool:
            answering = [(one, pool.submit(_answers, one)) for one in known]
            heard = escl_search.search()
            old = [one for one, answers in answering if answers.result()]
        names = {one.device: one.name for one in heard}
        for one in old:
            found_as = escl_address.key(one.identity, "")
            if one.device not in names and found_as not in names:
                names[one.device] = one.name
        return [
            Device(f"{escl_address.PREFIX}{device}", _NAME, name or device)
            for device, name in names.items()
        ]

    def capabilities(self, device: str) -> Capabilities:
        """Ask ``device`` what it can do. It is named as by ``devices``."""
        device = escl_address.bare(device)
        abilities = escl_opening.find(device, self._memory).abilities
        return Capabilities(
            Device(f"{escl_address.PREFIX}{device}", _NAME, abilities.name),
            tuple(abilities.inputs),
            abilities.resolutions,
            abilities.modes,
        )

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        """Scan page by page; see ``Scanner.scan``."""
        if profile.pages is not None and profile.pages < 1:
            raise ProfileUnsupported("no pages asked for")
        device = escl_address.bare(profile.device)
        told(Progress(profile.first))
        found = self._found(device, stop)
        wish = plan(profile, found.abilities)
        wanted = Wanted(into, profile.mode, profile.dpi, wish.width)
        order = Order(device, wish, wanted, profile.first, profile.pages, profile.wait)
        with Line(found.address, found.pin) as line:
            yield from Scan(line, order, stop, told).pages()

    def _found(self, device: str, stop: threading.Event) -> Found:
        """Find ``device`` on a thread that is left behind when ``stop`` is set."""
        over = threading.Event()
        results: list[Found | DigitizerError] = []

        def look() -> None:
            try:
                results.append(escl_opening.find(device, self._memory))
            except DigitizerError as error:
                results.append(error)
            finally:
                over.set()

        if not stop.is_set():
            threading.Thread(target=look, name="find scanner", daemon=True).start()
        while not over.wait(_LOOK_SECONDS) or stop.is_set():
            if stop.is_set():
                raise ScanCancelled(device)
        match results:
            case [Found() as found]:
                return found
            case [DigitizerError() as error]:
                raise error
        raise RuntimeError("the search for the scanner broke down")  # its traceback is above


def plan(profile: Profile, abilities: Abilities) -> Wish:
    """Return the job that ``profile`` calls for. PURE.

    Raises:
        ProfileUnsupported: naming what the device has not got.
    """
    source = next((one for one in profile.sources if one in abilities.inputs), None)
    if source is None:
        raise ProfileUnsupported(f"source {profile.source or 'any'}")
    offered = abilities.inputs[source]
    if not offered.allows(profile.dpi):
        raise ProfileUnsupported(f"{profile.dpi} dpi")
    if profile.mode not in offered.modes:
        raise ProfileUnsupported(f"mode {profile.mode}")
    width = offered.max_width
    height = min(offered.max_height, round(_LONGEST_INCHES * UNITS_PER_INCH))
    if profile.size is not None:
        asked_width, asked_height = _units(profile.size.width), _units(profile.size.height)
        if (
            asked_width > offered.max_width + _SLACK_UNITS
            or asked_height > offered.max_height + _SLACK_UNITS
        ):
            raise ProfileUnsupported(f"{profile.size.width:g} x {profile.size.height:g} mm")
        width, height = min(asked_width, width), min(asked_height, offered.max_height)
    color = offered.color_word(profile.mode)
    return Wish(source, color, profile.dpi, width, height, abilities.version)


def _units(millimetres: float) -> int:
    return max(1, round(millimetres / _MM_PER_INCH * UNITS_PER_INCH))


def _answers(known: Known) -> bool:
    """Tell whether a device that is known is there now."""
    address = escl_address.parse(known.url) if known.url else None
    if address is None:
        return False
    try:
        found = escl_opening.ask(address, known.sha256, _KNOWN_SECONDS)
    except ScannerUntrusted:
        return True  # it is there; opening it says what is wrong
    except ScannerError:
        return False
    return not escl_address.discovered(known.device) or escl_opening.same(found, known)

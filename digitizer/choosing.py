"""PURE: which of the scanners that are there does what a profile wants.

Used by the command line and the window for a profile that takes any scanner. Knows no driver.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.errors import ProfileUnsupported, ScannerNotFound
from digitizer.scanning import Capabilities, Profile

_SLACK_MM = 2.0


def best(found: Sequence[Capabilities], profile: Profile) -> Capabilities:
    """Return the scanner that suits a profile best; of two alike, the first.

    Raises:
        ScannerNotFound: there is none that can be opened.
        ProfileUnsupported: none can do it; the detail says what the first one lacks.
    """
    usable = [one for one in found if one.sources]
    if not usable:
        raise ScannerNotFound
    suiting = [one for one in usable if not lacking(one, profile)]
    if not suiting:
        raise ProfileUnsupported(f"{usable[0].device.id}: {lacking(usable[0], profile)}")
    return min(suiting, key=lambda one: _drawbacks(one, profile))


def lacking(able: Capabilities, profile: Profile) -> str:
    """Return what a scanner has not got of what a profile cannot do without, or nothing."""
    if not any(source in able.sources for source in profile.sources):
        return f"source {profile.source or 'any'}"
    if able.modes and profile.mode not in able.modes:
        return f"mode {profile.mode}"
    if able.resolutions and not able.resolutions[0] <= profile.dpi <= able.resolutions[-1]:
        return f"{profile.dpi} dpi"
    return ""


def _drawbacks(able: Capabilities, profile: Profile) -> tuple[bool, bool, int]:
    """Return how far a scanner is from what is wanted, to be compared: less is better.

    Resolutions of a range are told as a sample, and most back ends clip a sheet that is too
    large: neither rules a scanner out.
    """
    rank, source = next(
        (rank, source) for rank, source in enumerate(profile.sources) if source in able.sources
    )
    sizes = dict(zip(able.sources, able.sizes, strict=False))
    size, wanted = sizes.get(source), profile.size
    small = bool(
        size
        and wanted
        and size.width
        and (wanted.width > size.width + _SLACK_MM or wanted.height > size.height + _SLACK_MM)
    )
    return bool(able.resolutions) and profile.dpi not in able.resolutions, small, rank

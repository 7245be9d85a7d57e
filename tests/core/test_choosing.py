"""Which scanner a profile without one takes."""

from __future__ import annotations

import pytest

from digitizer.choosing import best
from digitizer.errors import ProfileUnsupported, ScannerNotFound
from digitizer.scanning import A4, Capabilities, Device, Mode, Profile, Size, Source

GLASS, ADF, BOTH = Source.FLATBED, Source.ADF, Source.ADF_DUPLEX


def able(
    name: str,
    *sources: Source,
    dpi: tuple[int, ...] = (75, 150, 300),
    modes: tuple[Mode, ...] = tuple(Mode),
    size: Size = A4,
) -> Capabilities:
    sizes = tuple(size for _ in sources)
    return Capabilities(Device(name, "sane", name), sources, dpi, modes, sizes)


FILES = able("files", GLASS, dpi=(), size=Size(0, 0))
FEEDER = able("feeder", GLASS, ADF)
DUPLEX = able("duplex", GLASS, ADF, BOTH, dpi=(200, 300, 600))
GRAY = able("gray", ADF, modes=(Mode.GRAY,))
CLOSED = able("closed", dpi=(), modes=())
LARGE = able("large", GLASS, size=Size(297, 420))
EVERY = (CLOSED, GRAY, FILES, FEEDER, DUPLEX, LARGE)


@pytest.mark.parametrize(
    ("profile", "chosen"),
    [
        (Profile("", both_sides=True), DUPLEX),
        (Profile(""), FEEDER),
        (Profile("", dpi=200), DUPLEX),
        (Profile("", dpi=600), DUPLEX),
        (Profile("", mode=Mode.GRAY), GRAY),
        (Profile("", GLASS), FILES),
        (Profile("", GLASS, size=A4), FILES),
        (Profile("", GLASS, size=Size(297, 420)), FILES),  # it does not tell, so it may
    ],
)
def test_the_best_of_many(profile: Profile, chosen: Capabilities) -> None:
    assert best(EVERY, profile) is chosen


def test_a_sheet_goes_to_a_glass_that_holds_it() -> None:
    assert best((FEEDER, LARGE), Profile("", GLASS, size=Size(297, 420))) is LARGE


def test_a_resolution_between_others_may_be_of_a_range() -> None:
    assert best((FEEDER,), Profile("", dpi=250)) is FEEDER


@pytest.mark.parametrize(
    ("profile", "lacks"),
    [
        (Profile("", BOTH), "feeder: source adf-duplex"),
        (Profile("", dpi=1200), "feeder: 1200 dpi"),
    ],
)
def test_what_none_can_do_is_named(profile: Profile, lacks: str) -> None:
    with pytest.raises(ProfileUnsupported) as told:
        best((CLOSED, FEEDER), profile)
    assert told.value.detail == lacks
    with pytest.raises(ProfileUnsupported, match="mode color"):
        best((GRAY,), Profile(""))


@pytest.mark.parametrize("found", [(), (CLOSED,)])
def test_no_scanner_at_all(found: tuple[Capabilities, ...]) -> None:
    with pytest.raises(ScannerNotFound):
        best(found, Profile(""))

"""The many names real back ends give a few ideas."""

from __future__ import annotations

import pytest

from digitizer.scanning import Mode, Source
from drivers import sane_oddities, sane_options
from drivers.sane_acts import LARGEST
from drivers.sane_options import Kind, Offer, Setting

ROWS = sane_oddities.of("any:0")
FLATBED, ADF, BOTH = Source.FLATBED, Source.ADF, Source.ADF_DUPLEX


def offers(*some: Offer) -> dict[str, Offer]:
    return {offer.name: offer for offer in some}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Flatbed", "Automatic Document Feeder"), {FLATBED: 0, ADF: 1}),
        (("FlatBed", "Automatic Document Feeder(left aligned,Duplex)"), {FLATBED: 0, BOTH: 1}),
        (("ADF Front", "ADF Back", "ADF Duplex"), {ADF: 0, BOTH: 2}),
        (("Document Table", "ADF", "Duplex ADF"), {FLATBED: 0, ADF: 1, BOTH: 2}),
        (("Flatbed", "ADF", "ADF Duplex - Long-Edge Binding"), {FLATBED: 0, ADF: 1, BOTH: 2}),
        (("Normal", "ADF", "ADF Rear", "XPA"), {FLATBED: 0, ADF: 1}),
        (("Flatbed", "Slide", "Negative"), {FLATBED: 0}),
        (("Reflective", "Positive", "Negative"), {FLATBED: 0}),
        (("Auto", "Flatbed", "ADF"), {FLATBED: 1, ADF: 2}),
        (("Auto", "ADF"), {FLATBED: 0, ADF: 1}),
        (("fb", "adf", "ADF Card Duplex"), {FLATBED: 0, ADF: 1}),
    ],
)
def test_sources_by_name(words: tuple[str, ...], expected: dict[Source, int]) -> None:
    found = sane_options.sources(offers(Offer("source", words)), ROWS)
    assert found == {
        source: (Setting("source", words[index]),) for source, index in expected.items()
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Normal", "Transparency", "Negative"), FLATBED),
        (("Flatbed", "ADF", "ADF Duplex"), FLATBED),
        (("ADF Front", "ADF Duplex"), ADF),
        (("Transparency",), None),
    ],
)
def test_a_source_that_cannot_be_chosen_now(
    words: tuple[str, ...], expected: Source | None
) -> None:
    asleep = Offer("source", words, active=False)
    fixed = {} if expected is None else {expected: ()}
    assert sane_options.sources(offers(asleep), ROWS) == fixed


def test_both_sides_as_a_mode_of_the_feeder() -> None:
    found = sane_options.sources(
        offers(Offer("source", ("Flatbed", "ADF")), Offer("adf-mode", ("Simplex", "Duplex"))), ROWS
    )
    assert found[ADF] == (Setting("source", "ADF"), Setting("adf-mode", "Simplex", needed=False))
    assert found[BOTH] == (Setting("source", "ADF"), Setting("adf-mode", "Duplex"))


def test_both_sides_as_a_switch() -> None:
    found = sane_options.sources(
        offers(Offer("source", ("Flatbed", "ADF")), Offer("duplex", kind=Kind.BOOL)), ROWS
    )
    assert found[ADF] == (Setting("source", "ADF"), Setting("duplex", False, needed=False))
    assert found[BOTH] == (Setting("source", "ADF"), Setting("duplex", True))


def test_a_feeder_alone_with_a_switch() -> None:
    found = sane_options.sources(offers(Offer("duplex", kind=Kind.BOOL)), ROWS)
    assert found == {
        ADF: (Setting("duplex", False, needed=False),),
        BOTH: (Setting("duplex", True),),
    }


def test_a_device_that_says_nothing_is_a_flatbed() -> None:
    assert sane_options.sources({}, ROWS) == {FLATBED: ()}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Lineart", "Gray", "Color"), ("Color", "Gray", "Lineart")),
        (("Lineart", "Halftone", "Grayscale", "Color"), ("Color", "Grayscale", "Lineart")),
        (("Color48", "Color24", "Gray16", "Gray8", "Lineart"), ("Color24", "Gray8", "Lineart")),
        (("Binary", "Gray", "Color"), ("Color", "Gray", "Binary")),
        (
            ("Black & White", "Gray[Error Diffusion]", "True Gray", "24bit Color"),
            ("24bit Color", "True Gray", "Black & White"),
        ),
    ],
)
def test_modes_by_name(words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert tuple(sane_options.modes(words).values()) == expected
    assert tuple(sane_options.modes(words)) == (Mode.COLOR, Mode.GRAY, Mode.LINEART)


def test_a_mode_that_is_nothing_of_ours() -> None:
    assert sane_options.modes(("Halftone", "Dithered", "Infrared")) == {}


def test_both_sides_as_a_choice_of_words() -> None:
    found = sane_options.sources(
        offers(Offer("source", ("ADF",)), Offer("duplex", ("Off", "On"))), ROWS
    )
    assert found[BOTH] == (Setting("source", "ADF"), Setting("duplex", "On"))


def test_a_source_that_is_told_without_a_choice() -> None:
    assert sane_options.sources(offers(Offer("source")), ROWS, "ADF Front") == {ADF: ()}
    assert sane_options.sources(offers(Offer("source")), ROWS, "Something") == {FLATBED: ()}


def test_a_source_that_a_switch_on_the_device_chooses() -> None:
    fixed = Offer("source", ("Flatbed", "ADF"), settable=False)
    assert sane_options.sources(offers(fixed), ROWS, "ADF") == {ADF: ()}


def test_resolutions_from_a_list_or_a_range() -> None:
    listed = Offer("resolution", numbers=(1200.0, 0.0, 599.9999, 300.0), kind=Kind.FIXED)
    ranged = Offer("resolution", range=(100.0, 300.0, 0.0), kind=Kind.FIXED)
    stepped = Offer("resolution", range=(50.0, 300.0, 100.0), kind=Kind.INT)
    words = Offer("resolution", ("auto", "600 dpi", "300x300"))
    assert sane_options.resolutions(listed) == (300, 600, 1200)
    assert sane_options.resolutions(ranged) == (100, 150, 200, 300)
    assert sane_options.resolutions(stepped) == (150,)
    assert sane_options.resolutions(words) == (300, 600)
    assert sane_options.allowed(listed, 600) == 599.9999
    assert sane_options.allowed(listed, 200) is None
    assert sane_options.allowed(ranged, 299) == 299
    assert sane_options.allowed(stepped, 200) is None
    assert sane_options.allowed(words, 300) == "300x300"


def test_a_step_that_is_not_exact_in_fixed_point() -> None:
    rounded = Offer("resolution", range=(50.0, 600.0, 0.0152588), kind=Kind.FIXED)
    assert sane_options.allowed(rounded, 300) == 300


def test_options_are_found_however_they_are_spelt() -> None:
    offer = Offer("MultifeedDetection", kind=Kind.BOOL)
    assert sane_options.find(offers(offer), ("multi-feed", "multifeed-detection")) is offer
    assert sane_options.find(offers(offer), ("duplex",)) is None


@pytest.mark.parametrize(
    ("offer", "values", "expected"),
    [
        (Offer("x", kind=Kind.BOOL), ("Off", "no"), False),
        (Offer("x", kind=Kind.BOOL), ("Off",), None),
        (Offer("x", ("Off", "STOP")), ("Stop", "Off"), "STOP"),
        (Offer("x", range=(1.0, 9.0, 1.0), kind=Kind.INT), ("0", "no"), None),
        (Offer("x", range=(0.0, 9.0, 1.0), kind=Kind.INT), (LARGEST,), 9.0),
        (Offer("x", numbers=(0.0, 15.0), kind=Kind.INT), ("7", "15"), 15.0),
        (Offer("x", kind=Kind.OTHER), ("yes",), None),
    ],
)
def test_the_first_value_that_the_device_takes(
    offer: Offer, values: tuple[str, ...], expected: object
) -> None:
    assert sane_options.first_allowed(offer, values) == expected

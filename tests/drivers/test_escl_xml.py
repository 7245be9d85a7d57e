"""What eSCL devices say of themselves, in the variety that real ones have."""

from __future__ import annotations

import pytest

from digitizer.scanning import Mode, Source
from drivers import escl_xml
from drivers.escl_xml import Feeder, NotEscl, Wish

SPACES = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" '
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)


def steps(*pairs: tuple[int, int]) -> str:
    inside = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{x}</scan:XResolution>\n"
        f"<scan:YResolution>{y}</scan:YResolution></scan:DiscreteResolution>"
        for x, y in pairs
    )
    return f"<scan:DiscreteResolutions>{inside}</scan:DiscreteResolutions>"


def caps(tag: str, resolutions: str, colors: tuple[str, ...] = ("RGB24", "Grayscale8")) -> str:
    words = "".join(f"<scan:ColorMode>{word}</scan:ColorMode>" for word in colors)
    return (
        f"<scan:{tag}><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>4500</scan:MaxHeight>"
        f"<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes>{words}</scan:ColorModes>"
        f"<scan:SupportedResolutions>{resolutions}</scan:SupportedResolutions>"
        f"</scan:SettingProfile></scan:SettingProfiles></scan:{tag}>"
    )


def document(inside: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return (
        f"{head}\n<scan:ScannerCapabilities {SPACES}><pwg:Version>2.5</pwg:Version>"
        f"<pwg:MakeAndModel>Office\n MFP 1</pwg:MakeAndModel>{inside}</scan:ScannerCapabilities>"
    ).encode()


def test_three_sources_with_limits_of_their_own() -> None:
    told = escl_xml.read_abilities(
        document(
            "<pwg:SerialNumber>AB12</pwg:SerialNumber>"
            f"<scan:Platen>{caps('PlatenInputCaps', steps((75, 75), (300, 300), (1200, 1200)))}"
            "</scan:Platen><scan:Adf>"
            f"{caps('AdfSimplexInputCaps', steps((300, 300), (200, 100), (200, 400)))}"
            f"{caps('AdfDuplexInputCaps', steps((300, 300), (200, 200)), ('Grayscale8',))}"
            "</scan:Adf>"
        )
    )
    assert (told.name, told.identity, told.version) == ("Office MFP 1", "ab12", "2.5")
    assert list(told.inputs) == [Source.FLATBED, Source.ADF, Source.ADF_DUPLEX]
    assert told.inputs[Source.FLATBED].resolutions == (75, 300, 1200)
    assert told.inputs[Source.ADF].resolutions == (300,)  # the same both ways only
    assert told.inputs[Source.ADF].max_height == 4500
    assert told.resolutions == (300,)
    assert told.modes == tuple(Mode)
    assert told.inputs[Source.ADF_DUPLEX].modes == (Mode.GRAY, Mode.LINEART)


def test_a_range_is_sampled_and_any_step_of_it_is_allowed() -> None:
    ranged = (
        "<scan:ResolutionRange><scan:XResolutionRange><scan:Min>100</scan:Min><scan:Max>400"
        "</scan:Max><scan:Normal>200</scan:Normal><scan:Step>50</scan:Step></scan:XResolutionRange>"
        "</scan:ResolutionRange>"
    )
    told = escl_xml.read_abilities(document(caps("PlatenInputCaps", ranged)))
    glass = told.inputs[Source.FLATBED]
    assert glass.resolutions == (100, 150, 200, 300, 400)
    assert [dpi for dpi in (50, 100, 250, 260, 450) if glass.allows(dpi)] == [100, 250]


def test_resolutions_by_colour_mode_and_profiles_by_name() -> None:
    inside = (
        '<scan:SettingProfiles><scan:SettingProfile name="p1"><scan:ColorModes><scan:ColorMode>'
        "BlackAndWhite1</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>"
        "<scan:SupportedResolutions><scan:ColorMode>RGB24</scan:ColorMode>"
        f"{steps((200, 200))}</scan:SupportedResolutions><scan:SupportedResolutions>"
        f"<scan:ColorMode>BlackAndWhite1</scan:ColorMode>{steps((600, 600))}"
        "</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"
        '<scan:Adf><scan:AdfSimplexInputCaps><scan:SettingProfiles><scan:SettingProfile ref="p1"/>'
        "</scan:SettingProfiles></scan:AdfSimplexInputCaps></scan:Adf>"
    )
    feeder = escl_xml.read_abilities(document(inside)).inputs[Source.ADF]
    assert feeder.resolutions == (200, 600)
    assert feeder.colors == ("BlackAndWhite1", "RGB24")
    assert feeder.color_word(Mode.LINEART) == "RGB24"  # never the device's own black-and-white
    assert (feeder.max_width, feeder.max_height) == (2480, 3508)


def test_nothing_but_a_source_is_enough() -> None:
    told = escl_xml.read_abilities(b"<ScannerCapabilities><PlatenInputCaps/></ScannerCapabilities>")
    assert (told.name, told.identity, told.version) == ("eSCL", "", "2.0")
    assert told.resolutions == (200, 300)
    assert told.modes == tuple(Mode)
    assert told.inputs[Source.FLATBED].color_word(Mode.GRAY) == "Grayscale8"


def test_a_feeder_for_both_sides_feeds_one_as_well() -> None:
    told = escl_xml.read_abilities(document(caps("AdfDuplexInputCaps", steps((300, 300)))))
    assert list(told.inputs) == [Source.ADF, Source.ADF_DUPLEX]


@pytest.mark.parametrize(
    "change",
    [
        (b"scan:", b"sc:"),
        (b"scan:", b""),
        (b"http://schemas.hp.com/imaging/escl/2011/05/03", b"urn:other"),
        (b"xmlns:pwg=", b"xmlns:nobody="),  # a prefix that nobody declared
        (b"<?xml", b"\xef\xbb\xbf<?xml"),
        (b"<?xml", b"\r\n\0 <?xml"),
        (b"</scan:ScannerCapabilities>", b"</scan:ScannerCapabilities>\0\0"),
        (b"<pwg:Version>", b"<!-- disclaimer --><pwg:Version>"),
    ],
)
def test_odd_xml_is_read_all_the_same(change: tuple[bytes, bytes]) -> None:
    content = document(caps("PlatenInputCaps", steps((300, 300))))
    told = escl_xml.read_abilities(content.replace(*change))
    assert told.name == "Office MFP 1"
    assert told.resolutions == (300,)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html/>",
        b"<ScannerCapabilities/>",
        b"<ScannerCapabilities><Platen>",
        b"\xff\xfe\xfd",
        document(caps("PlatenInputCaps", steps((300, 300))), BOMB),
        document("<x>&b;</x>" + caps("PlatenInputCaps", steps((300, 300)))),
        b"<ScannerCapabilities>" + b" " * escl_xml.MAX_XML_BYTES,
        b'<?xml version="1.0" encoding="no-such"?><ScannerCapabilities/>',
    ],
)
def test_nonsense_and_entities_are_refused(content: bytes) -> None:
    with pytest.raises(NotEscl):
        escl_xml.read_abilities(content)


def status(adf: str, own: str = "Idle", more: str = "") -> bytes:
    return (
        f"<scan:ScannerStatus {SPACES}><pwg:State>{own}</pwg:State>"
        f"<scan:AdfState>{adf}</scan:AdfState>{more}</scan:ScannerStatus>"
    ).encode()


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("ScannerAdfLoaded", Feeder.LOADED),
        ("ScannerAdfProcessing", Feeder.LOADED),
        ("ScannerAdfEmpty", Feeder.EMPTY),
        ("ScannerAdfJam", Feeder.JAM),
        ("ScannerAdfMispick", Feeder.JAM),
        ("ScannerAdfDuplexPageTooLong", Feeder.JAM),
        ("ScannerAdfHatchOpen", Feeder.COVER),
        ("ScannerAdfCoverOpen", Feeder.COVER),
        ("ScannerAdfMultipickDetected", Feeder.DOUBLE),
        ("ScannerAdfDreaming", Feeder.UNKNOWN),
        ("", Feeder.UNKNOWN),
    ],
)
def test_what_the_feeder_says(word: str, means: Feeder) -> None:
    assert escl_xml.read_status(status(word)).feeder is means


def test_the_job_that_is_asked_for_is_told_of() -> None:
    jobs = "".join(
        f"<scan:JobInfo><pwg:JobUri>http://10.0.0.9/eSCL/ScanJobs/{number}</pwg:JobUri>"
        f"<pwg:JobState>{state}</pwg:JobState><pwg:JobStateReasons><pwg:JobStateReason>{reason}"
        "</pwg:JobStateReason></pwg:JobStateReasons></scan:JobInfo>"
        for number, state, reason in (
            ("7", "Aborted", "media-jam"),
            ("8", "Processing", "JobScanning"),
        )
    )
    told = status("ScannerAdfEmpty", "Processing", f"<scan:Jobs>{jobs}</scan:Jobs>")
    assert escl_xml.read_status(told).job == ""
    seven = escl_xml.read_status(told, "/eSCL/ScanJobs/7")
    assert (seven.job, seven.feeder, seven.busy) == ("aborted", Feeder.JAM, True)
    eight = escl_xml.read_status(told, "/eSCL/ScanJobs/8/")
    assert (eight.job, eight.feeder) == ("processing", Feeder.EMPTY)


@pytest.mark.parametrize("source", list(Source))
def test_settings_name_the_source_and_are_sound(source: Source) -> None:
    wish = Wish(source, "RGB24", 300, 2480, 3508, "2.<63>")
    written = escl_xml.write_settings(wish).decode()
    assert f"<pwg:InputSource>{'Platen' if source is Source.FLATBED else 'Feeder'}<" in written
    assert ("<scan:Duplex>true<" in written) == (source is Source.ADF_DUPLEX)
    assert "<pwg:Width>2480<" in written
    assert "<pwg:Version>2.&lt;63&gt;<" in written
    assert written.count("image/jpeg") == 2

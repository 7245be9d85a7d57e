"""SANE's oddity table: what back ends do differently, as data, one row a habit.

PURE. Read by ``drivers.sane_options`` and ``drivers.sane_setup``; knows neither SANE nor its
binding. A row says whose habit it is (most rows go by the option, which only its own back ends
have), what is odd, and what to do about it. Written after the options real scanners list, the
manual pages of sane-backends and threads of their users; a row that no device has does nothing.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from digitizer.scanning import Source
from drivers.sane_acts import (
    LARGEST,
    AskAgain,
    BothSides,
    Centred,
    DoubleFeedSensor,
    DoubleFeedSwitch,
    Named,
    Oddity,
    Padding,
    PageLimit,
    PaperSensor,
    Put,
    Sheet,
    StackEnd,
    When,
)

_YES = ("yes", "On")
_NO = ("no", "Off", "None", "Disabled")

TABLE: tuple[Oddity, ...] = (
    # sources: the first row that matches a word decides
    Oddity(
        "no-paper-source",
        "film, slides and cards are sources too",
        Named(None, ("negative", "slide", "positive", "transparen", "film", "tma", "xpa", "card")),
    ),
    Oddity(
        "duplex-source",
        "both sides are a source of their own",
        Named(Source.ADF_DUPLEX, ("duplex", "both", "2-sided", "two-sided", "double-sided")),
    ),
    Oddity(
        "back-source",
        "the back sides alone are a source",
        Named(None, ("back", "rear")),
    ),
    Oddity(
        "feeder-source",
        "the feeder has many names",
        Named(Source.ADF, ("adf", "feeder")),
    ),
    Oddity(
        "glass-source",
        "the glass has many names",
        Named(
            Source.FLATBED,
            ("flatbed", "document table", "platen", "normal", "reflective", "glass", "fb"),
        ),
    ),
    Oddity(
        "adf-mode",
        "both sides are a mode of the feeder",
        BothSides(("adf-mode", "scan-mode"), ("simplex",), ("duplex",)),
    ),
    Oddity(
        "duplex-switch",
        "both sides are a switch, or a choice, beside the source",
        BothSides(("duplex",), ("no", "off", "none", "simplex"), ("yes", "on", "both", "duplex")),
    ),
    # pages are kept whole and as they were scanned: nothing dropped, cut or retouched
    Oddity(
        "blank-skip",
        "the driver drops sides it takes for blank",
        Put(("blank-skip", "skip-blank-page", "skip-blank-pages", "blank-page-skip"), _NO),
    ),
    Oddity(
        "blank-skip-share",
        "… by the share of dark points; 0 drops none",
        Put(("swskip", "blank-threshold"), ("0",)),
    ),
    Oddity(
        "crop",
        "the driver cuts away what it takes for the margin; a copy shows the whole paper",
        Put(("swcrop", "hwdeskewcrop", "autocrop", "auto-crop", "adf-crop", "crop"), _NO),
    ),
    Oddity(
        "deskew",
        "the driver turns the image, lossy; a transform in the bundle does it better",
        Put(("swdeskew", "autodeskew", "deskew"), _NO),
    ),
    Oddity(
        "despeck",
        "the driver removes lone dots: in Vietnamese, tone marks",
        Put(("swdespeck", "despeck"), ("0", "no", "Off")),
    ),
    Oddity(
        "dropout",
        "one colour is left out, such as that of a red seal",
        Put(
            ("dropout", "dropoutcolor", "dropout-color", "dropout-front", "dropout-back"),
            ("None", "Default"),
        ),
    ),
    Oddity(
        "overscan",
        "a dark border is scanned around the paper",
        Put(("overscan",), ("Off", "no")),
    ),
    Oddity(
        "compression",
        "compressed frames are a format applications cannot read",
        Put(("compression",), ("None",)),
        ("fujitsu:*", "canon_dr:*", "kvs*:*"),
    ),
    # the feeder
    Oddity(
        "batch-scan",
        "the feeder stops after each sheet unless told that more follow",
        Put(("batch-scan",), _YES, When.FEEDER),
    ),
    Oddity(
        "feeder-mode",
        "the feeder stops after each sheet unless it feeds continuously",
        Put(("feeder-mode",), ("continuous",), When.FEEDER),
    ),
    Oddity(
        "prefeed",
        "the next sheet is pulled in early; past the asked number it comes out unscanned",
        Put(("prefeed", "prepick", "pre-pick"), _NO, When.COUNTED),
    ),
    Oddity(
        "buffer",
        "pages wait in the scanner's memory and are gone when the line is cut",
        Put(("buffermode", "buff-mode"), ("Off", "no")),
    ),
    Oddity(
        "staples",
        "a staple can be noticed before it tears the paper",
        Put(("stapledetect", "staple-detect"), _YES, When.FEEDER),
    ),
    Oddity(
        "paper-protection",
        "sheets that buckle can be noticed before they tear",
        Put(("paper-protect", "adv-paper-prot"), _YES, When.FEEDER),
    ),
    Oddity(
        "button",
        "the scan waits for a button on the device",
        Put(("wait-for-button", "button-controlled", "adf-wait"), ("no", "0")),
    ),
    Oddity("preview", "a preview is left switched on", Put(("preview",), ("no",))),
    Oddity(
        "sleep",
        "a device that sleeps does not tell of paper",
        Put(("sleeptimer", "sleep-timer"), (LARGEST,), When.WAITING),
    ),
    Oddity(
        "power-off",
        "a device switches itself off while it waits; 0 is never",
        Put(("offtimer", "off-timer"), ("0",), When.WAITING),
    ),
    # sheets that stick together
    Oddity(
        "df-action",
        "noticing two sheets does nothing unless the action is to stop",
        DoubleFeedSwitch(("df-action",), ("Stop",), ("Continue", "Default")),
    ),
    Oddity(
        "df-thickness",
        "two sheets by their thickness",
        DoubleFeedSwitch(("df-thickness",), _YES, _NO),
    ),
    Oddity(
        "df-length",
        "two sheets by their length: dossiers mix long and short papers, so never",
        DoubleFeedSwitch(("df-length",), _NO, _NO),
    ),
    Oddity(
        "df-skew",
        "a crooked sheet reported as two: it is one, so never",
        DoubleFeedSwitch(("df-skew",), _NO, _NO),
    ),
    Oddity(
        "dfdetect",
        "one option chooses how two sheets are noticed",
        DoubleFeedSwitch(("dfdetect",), ("Thickness", "Both"), ("None", "Default")),
    ),
    Oddity(
        "multi-feed",
        "the switch is called multi-feed",
        DoubleFeedSwitch(("multi-feed", "multifeed", "multifeed-detection"), _YES, _NO),
    ),
    Oddity(
        "doublefeed",
        "the switch is called double feed",
        DoubleFeedSwitch(
            ("doublefeed", "doublefeed-detection", "double-feed-detection", "dblfeed", "dfeed"),
            (*_YES, "Normal", "Low", "Thin"),
            _NO,
        ),
    ),
    Oddity(
        "dfd-sensitivity",
        "the switch is a sensitivity",
        DoubleFeedSwitch(
            ("dfd-sensitivity", "double-feed-detection-sensitivity", "dblfeed-sence"),
            ("Normal", "Low", "High"),
            _NO,
        ),
    ),
    Oddity(
        "dfstop",
        "noticing two sheets does nothing unless feeding is to stop",
        DoubleFeedSwitch(("dfstop",), _YES, _NO),
    ),
    Oddity(
        "double-feed-told",
        "two sheets at once are reported as a jam; a sensor tells them apart",
        DoubleFeedSensor(("double-feed", "omr-df", "doublefeed-detected")),
        ("fujitsu:*", "canon_dr:*", "avision:*", "kvs*:*"),
    ),
    # paper in the feeder
    Oddity(
        "paper-loaded",
        "a sensor tells of paper in the feeder",
        PaperSensor(("page-loaded", "adf-loaded", "paper-loaded", "hopper-loaded")),
    ),
    # sizes
    Oddity(
        "page-size",
        "the area cannot leave a sheet that is Letter by default, shorter than A4",
        Sheet(("page-width", "pagewidth", "paper-width"), ("page-height", "pageheight")),
    ),
    Oddity(
        "named-size",
        "a named paper size overrides the area",
        Put(
            ("paper-size", "scan-area", "quick-format", "media-size"),
            ("user_def", "Manual", "Custom", "Maximum", "Max"),
        ),
    ),
    Oddity(
        "size-detection",
        "the device chooses the area by what it takes for the paper",
        Put(("auto-document-size", "detect-doc-size", "autoborder"), _NO),
    ),
    Oddity(
        "central",
        "sheets run through the middle, the area counts from the left",
        Centred(("central", "center", "centre")),
    ),
    # ends
    Oddity(
        "endless-glass",
        "the glass gives the same sheet again for ever",
        PageLimit((Source.FLATBED,), 1),
    ),
    Oddity(
        "endless-feeder",
        "after the stack come empty pages for ever (python-sane issue 23): a full feeder at most",
        PageLimit((Source.ADF, Source.ADF_DUPLEX), 200),
        ("hpaio:*", "hpljm1005:*"),
    ),
    Oddity(
        "end-is-io-error",
        "the end of the stack is told as an I/O error",
        StackEnd(("IO_ERROR",)),
        ("brother*:*", "escl:*", "smfp:*"),
    ),
    Oddity(
        "end-is-inval",
        "the end of the stack is told as an invalid argument",
        StackEnd(("INVAL",)),
        ("brother*:*", "escl:*", "xerox_mfp:*", "magicolor:*"),
    ),
    Oddity(
        "missing-rows-are-grey",
        "a JPEG that was cut short on its way is taken for a whole one, its rest middle grey",
        Padding(128),
        ("airscan:*", "escl:*"),
    ),
    Oddity(
        "glass-without-paper",
        "the state of the empty feeder is told while the glass is asked",
        AskAgain(Source.FLATBED, 2),
        ("airscan:*", "escl:*", "hpaio:*", "pixma:*"),
    ),
)


def of(device: str) -> tuple[Oddity, ...]:
    """Return the rows for a device by SANE's name for it; a ``net:<host>:`` before it is cut."""
    kind, _, rest = device.partition(":")
    if kind == "net":
        host, bracket, beyond = rest.partition("]:")  # an IPv6 host has colons of its own
        rest = beyond if host.startswith("[") and bracket else rest.partition(":")[2]
        device = rest
    return tuple(
        row for row in TABLE if any(fnmatchcase(device, pattern) for pattern in row.devices)
    )


def plain(name: str) -> str:
    """Return an option's name as it is compared."""
    return name.lower().replace("-", "").replace("_", "")


def named(rows: tuple[Oddity, ...], word: str) -> Source | None:
    """Return what a source called ``word`` is, or None where it gives no paper of ours."""
    lower = word.lower()
    for row in rows:
        if isinstance(row.do, Named) and any(part in lower for part in row.do.parts):
            return row.do.source
    return None

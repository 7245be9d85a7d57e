"""What a bundle says of itself: XMP and document information. Called by ``bundle.making``."""

from __future__ import annotations

from datetime import datetime

import pikepdf

from digitizer import __version__
from digitizer.bundle.request import BundleRequest

TOOL = f"digitizer {__version__}"
_LANGUAGE = "vi-VN"


def describe(pdf: pikepdf.Pdf, request: BundleRequest) -> None:
    """Write title, mã hồ sơ, procedure and tool into ``pdf``, after PDF/A was declared in it.

    Dates are the request's alone, never the clock's: the same request makes the same bytes.
    """
    pdf.Root.Lang = pikepdf.String(_LANGUAGE)
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    keywords = [word for word in (request.code, request.procedure) if word]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = request.title
        xmp["dc:language"] = [_LANGUAGE]
        xmp["xmp:CreatorTool"] = TOOL
        xmp["pdf:Producer"] = TOOL
        if request.code:
            xmp["dc:identifier"] = request.code
        if request.procedure:
            xmp["dc:description"] = request.procedure
        if keywords:
            xmp["pdf:Keywords"] = "; ".join(keywords)
            xmp["dc:subject"] = keywords
        for name in ("xmp:MetadataDate", "xmp:ModifyDate", "xmp:CreateDate"):
            if name in xmp:
                del xmp[name]
        if request.created is not None:
            moment = request.created.isoformat(timespec="seconds")
            xmp["xmp:CreateDate"] = moment
            xmp["xmp:ModifyDate"] = moment
            xmp["xmp:MetadataDate"] = moment
    information = {
        "/Title": request.title,
        "/Creator": TOOL,
        "/Producer": TOOL,
        "/Subject": request.procedure,
        "/Keywords": "; ".join(keywords),
    }
    if request.created is not None:
        information["/CreationDate"] = information["/ModDate"] = _pdf_date(request.created)
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    for key, value in information.items():
        if value:
            pdf.docinfo[key] = pikepdf.String(value)


def _pdf_date(moment: datetime) -> str:
    zone = moment.strftime("%z") or "+0000"
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"

"""Whether a signed PDF still is PDF/A-2b. Called by ``verdict``.

pikepdf's check approves no form and no widget, which is what a signature is. So what the standard
says of those (ISO 19005-2, 6.3 and 6.4) is looked at here, and the rest is checked on a copy in
which the signatures' appearances are drawn on their pages instead.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Name, pdfa

_FLAVOUR = "2b"
_PRINT = 0b100
_UNSEEN = 0b100100011  # invisible, hidden, not viewed, viewed only when the mouse is there
_STRANGE = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError)


def fault(file: Path) -> str:
    """Return why a file is no PDF/A-2b, "" if it is one, whatever signatures it has."""
    report = pdfa.validate_written(file, _FLAVOUR)
    if report.passed:
        return ""
    for finding in report.findings:
        if finding.kind == "violation":
            return str(finding)
    try:
        with pikepdf.open(file) as pdf:
            drawn = io.BytesIO()
            if found := _form(pdf) or _flattened(pdf):
                return found
            pdf.save(drawn)
    except _STRANGE as error:
        return type(error).__name__
    rest = pdfa.validate_written(drawn, _FLAVOUR)
    return "" if rest.passed else str(rest.findings[0])


def _form(pdf: pikepdf.Pdf) -> str:
    """Return what is wrong with the form."""
    form = pdf.Root.get("/AcroForm")
    if form is None:
        return ""
    if "/XFA" in form or bool(form.get("/NeedAppearances", False)):
        return "a dynamic form"
    for field in form.get("/Fields", []):
        if field.get("/FT") != "/Sig":
            return "a form"
    return ""


def _flattened(pdf: pikepdf.Pdf) -> str:
    """Draw the signatures on their pages and take them away, or return what is wrong with one."""
    for page in pdf.pages:
        left = pikepdf.Array()
        for one in page.obj.get("/Annots", pikepdf.Array()):
            if one.get("/Subtype") != "/Widget":
                left.append(one)
            elif found := _widget(one):
                return found
            else:
                for drawn in _appearance(one):
                    name = page.add_resource(drawn, Name.XObject)
                    page.contents_add(f"q {name} Do Q".encode("ascii"))
        if "/Annots" in page.obj:
            page.obj.Annots = left
            if len(left) == 0:
                del page.obj.Annots
    for key in ("/AcroForm", "/DSS", "/Extensions", "/Perms"):
        if key in pdf.Root:
            del pdf.Root[key]
    return ""


def _widget(one: pikepdf.Object) -> str:
    """Return what is wrong with the widget of a signature."""
    field = one if "/FT" in one else one.get("/Parent", pikepdf.Dictionary())
    if field.get("/FT") != "/Sig":
        return "a form"
    flags = int(one.get("/F", 0))
    if not flags & _PRINT or flags & _UNSEEN:
        return "a signature that is not printed"
    if "/A" in one or "/AA" in one or "/AA" in field:
        return "a signature with an action"
    sides = [float(side) for side in one.Rect]
    is_seen = sides[0] != sides[2] and sides[1] != sides[3]
    looks = one.get("/AP")
    if looks is None:
        return "a signature without an appearance" if is_seen else ""
    if set(looks.keys()) != {"/N"} or not isinstance(looks.N, pikepdf.Stream):
        return "a signature with several appearances"
    return ""


def _appearance(one: pikepdf.Object) -> Iterator[pikepdf.Object]:
    looks = one.get("/AP")
    if looks is not None:
        yield looks.N

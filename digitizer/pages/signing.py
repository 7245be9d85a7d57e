"""Whether a PDF is signed, and whether it does more than show pages. Called by ``pages.pdfpages``.

Knows nothing of what a signature is worth: that is ``pages.signatures``, which takes a second to
load.
"""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

_MOST_OBJECTS = 200_000


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Tell whether a PDF has a form field that holds a signature."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return False
    return any(field.get("/FT") == "/Sig" and "/V" in field for field in _fields(form))


def acts(pdf: pikepdf.Pdf) -> bool:
    """Tell whether a PDF would run a script or a program at whoever opens it."""
    for number, item in enumerate(pdf.objects):
        if number >= _MOST_OBJECTS:
            return True  # no desk's paper: nobody looks through that
        if isinstance(item, pikepdf.Dictionary) and (
            item.get("/S") in ("/JavaScript", "/Launch", "/ImportData") or "/JS" in item
        ):
            return True
    return False


def _fields(form: pikepdf.Dictionary) -> Iterator[pikepdf.Dictionary]:
    """Yield a form's fields, each once, however they are nested."""
    left, seen = list(form.get("/Fields", [])), set()
    while left:
        field = left.pop()
        if not isinstance(field, pikepdf.Dictionary) or (
            field.objgen != (0, 0) and field.objgen in seen
        ):
            continue
        seen.add(field.objgen)
        yield field
        kids = field.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            left += list(kids)

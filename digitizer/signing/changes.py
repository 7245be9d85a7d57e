"""What a later revision of a PDF changed of what was there, object by object.

Called by ``verdict``. A signature adds itself to its page, to the form and to the store of proof;
any other change of an old object is one that whoever reads the paper might see.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

_MOST_PAGES = 20_000
_OF_ROOT = ("/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata")
_OF_FORM = ("/Fields", "/SigFlags", "/DR", "/DA")


def unexpected(old: PdfFileReader, new: PdfFileReader) -> str:
    """Return what else than a signature was added to ``old`` to make ``new``, "" for nothing.

    Args:
        old: The file before.
        new: The same bytes with further revisions behind them.

    Raises:
        Whatever pyHanko meets in a broken file.
    """
    if new.root_ref != old.root_ref:
        return "another document"
    allowed = _allowed(old)
    for reference in _overridden(old, new):
        if reference not in allowed:
            return f"object {reference[0]}"
    if found := _differing(old.root, new.root, _OF_ROOT):
        return f"{found} of the document"
    return _of_form(old, new) or _of_pages(old, new)


def pages(pdf: PdfFileReader) -> Iterator[tuple[tuple[int, int], generic.DictionaryObject]]:
    """Yield each page's reference and itself, in order."""
    left: list[Any] = [pdf.root.raw_get("/Pages")]
    seen: set[tuple[int, int]] = set()
    while left and len(seen) < _MOST_PAGES:
        one = left.pop()
        reference = _reference(one)
        if reference is None or reference in seen:
            continue
        seen.add(reference)
        node = one.get_object()
        if "/Kids" in node:
            kids = node["/Kids"]
            left += reversed([kids.raw_get(at) for at in range(len(kids))])
        else:
            yield reference, node


def lying_over(page: generic.DictionaryObject) -> list[Any]:
    """Return a page's annotations, references as such."""
    listed = _value(page, "/Annots")
    if not isinstance(listed, generic.ArrayObject):
        return []
    return [listed.raw_get(at) for at in range(len(listed))]


def _overridden(old: PdfFileReader, new: PdfFileReader) -> set[tuple[int, int]]:
    """Return the objects of ``old`` that were written anew or freed."""
    touched: set[tuple[int, int]] = set()
    for revision in range(old.xrefs.total_revisions, new.xrefs.total_revisions):
        for one in (
            *new.xrefs.explicit_refs_in_revision(revision),
            *new.xrefs.refs_freed_in_revision(revision),
        ):
            if old.xrefs[one] is not None:
                touched.add((one.idnum, one.generation))
    return touched


def _allowed(old: PdfFileReader) -> set[tuple[int, int] | None]:
    """Return the old objects that a signature may write anew; most are looked into besides."""
    root = old.root
    found: set[tuple[int, int] | None] = {(old.root_ref.idnum, old.root_ref.generation)}
    found |= {_reference(root.raw_get(key)) for key in _OF_ROOT if key in root}
    if "/Info" in old.trailer:
        found.add(_reference(old.trailer.raw_get("/Info")))
    for key, parts in (("/AcroForm", ("/Fields", "/DR")), ("/DSS", ("/Certs", "/OCSPs", "/CRLs"))):
        holder = _value(root, key)
        if isinstance(holder, generic.DictionaryObject):
            found |= {_reference(holder.raw_get(part)) for part in parts if part in holder}
    for reference, page in pages(old):
        found.add(reference)
        if "/Annots" in page:
            found.add(_reference(page.raw_get("/Annots")))
    return found


def _of_form(old: PdfFileReader, new: PdfFileReader) -> str:
    before, after = (
        _value(pdf.root, "/AcroForm") or generic.DictionaryObject() for pdf in (old, new)
    )
    if found := _differing(before, after, _OF_FORM):
        return f"{found} of the form"
    listed, now = _fields(before), _fields(after)
    return "" if now[: len(listed)] == listed else "the form's fields"


def _fields(form: generic.DictionaryObject) -> list[bytes]:
    fields = _value(form, "/Fields")
    if not isinstance(fields, generic.ArrayObject):
        return []
    return [_text(fields.raw_get(at)) for at in range(len(fields))]


def _of_pages(old: PdfFileReader, new: PdfFileReader) -> str:
    """Pages differ by nothing but signatures that were added to what lies over them."""
    before, after = list(pages(old)), list(pages(new))
    if [reference for reference, _ in before] != [reference for reference, _ in after]:
        return "its pages"
    for number, ((_, was), (_, now)) in enumerate(zip(before, after, strict=True), 1):
        if found := _differing(was, now, ("/Annots",)):
            return f"{found} of page {number}"
        listed, added = lying_over(was), lying_over(now)
        kept, more = added[: len(listed)], added[len(listed) :]
        if [_text(one) for one in kept] != [_text(one) for one in listed]:
            return f"what lies over page {number}"
        if not all(_is_signature(one.get_object()) for one in more):
            return f"something over page {number}"
    return ""


def _is_signature(annotation: Any) -> bool:
    if not isinstance(annotation, generic.DictionaryObject):
        return False
    field = annotation if "/FT" in annotation else _value(annotation, "/Parent") or {}
    return bool(_value(annotation, "/Subtype") == "/Widget" and _value(field, "/FT") == "/Sig")


def _differing(
    before: generic.DictionaryObject, after: generic.DictionaryObject, aside: tuple[str, ...]
) -> str:
    """Return the first key whose value is another one, but for those ``aside``."""
    for key in (*before, *(key for key in after if key not in before)):
        if key in aside:
            continue
        if key not in before or key not in after:
            return str(key)
        if _text(before.raw_get(key)) != _text(after.raw_get(key)):
            return str(key)
    return ""


def _value(holder: Any, key: str) -> Any:
    """Return what a key stands for, looked up; None where there is none."""
    return holder[key] if key in holder else None  # noqa: SIM401 - get() would not look it up


def _reference(value: Any) -> tuple[int, int] | None:
    if isinstance(value, generic.IndirectObject):
        return (value.idnum, value.generation)
    return None


def _text(value: Any) -> bytes:
    """Return a value as it is written; a reference is its number."""
    written = io.BytesIO()
    value.write_to_stream(written, None)
    return written.getvalue()

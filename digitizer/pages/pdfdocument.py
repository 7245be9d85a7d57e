"""A PDF as PDFium draws it. Called by whatever shows or renders pages of one from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2

from digitizer.errors import FileLocked, FileUnreadable

_PASSWORD_ERROR = 4


@contextmanager
def opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """Give the PDF at ``path``; it is closed at the end of the block.

    Raises:
        FileLocked: It wants a password.
        FileUnreadable: It is none, or PDFium stumbles over it in the block.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            raise FileLocked(path.name) from error
        raise FileUnreadable(path.name) from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise FileUnreadable(path.name) from error
    finally:
        document.close()

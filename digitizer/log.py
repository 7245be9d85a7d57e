"""The log file: English, no personal data, bounded in size, private to the user."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
from pathlib import Path

_BYTES, _FILES = 1_000_000, 5
_NEXT_LINE = "\n    "


def log_to(path: Path) -> logging.Handler:
    """Send every record of this process to ``path`` from now on; returns how to stop it."""
    handler = _LogFile(
        path,
        maxBytes=_BYTES,
        backupCount=_FILES,
        encoding="utf-8",
        delay=True,
        errors="backslashreplace",
    )
    handler.setFormatter(_Line("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for chatty in ("httpx", "httpcore", "PIL", "uvicorn.access"):  # addresses may name people
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return handler


class _Line(logging.Formatter):
    """No record looks like two: what is told may hold a name from outside, and that anything.
    Further lines of a message are indented."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the line, without what a traceback adds."""
        record.message = "".join(
            sign if sign.isprintable() else _NEXT_LINE if sign == "\n" else ascii(sign)[1:-1]
            for sign in record.message
        )
        return super().formatMessage(record)


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log that may fail: on a full disk the work goes on without it, and without a traceback."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say nothing; what matters is told by the command."""


def stop_logging(handler: logging.Handler) -> None:
    """Close what ``log_to`` opened."""
    logging.getLogger().removeHandler(handler)
    with contextlib.suppress(OSError):  # what is still to be written may find the disk full
        handler.close()

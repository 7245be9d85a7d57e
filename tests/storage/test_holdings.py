"""Whoever adds a table that names blobs has to say so in ``digitizer.storage.holdings``: what that
list does not know is removed as nobody's."""

from __future__ import annotations

import re
from pathlib import Path

from digitizer.storage import holdings
from digitizer.storage.store import Store

HASHES = re.compile(r"sha256|tsv|pdf|ours|theirs|given|fingerprint|look|hash|digest|blob|sealed")
NAMED = {
    "page.sha256",
    "bundle.sha256",
    "original.sha256",
    "conflict.theirs",
    "words.tsv",
    "words.pdf",
    "signed_version.sha256",
}
NO_BLOBS = {
    "reading.sha256",  # of a page
    "reading.look",
    "words.sha256",
    "heading.sha256",
    "page_text.sha256",
    "signed.sha256",  # of an original
    "signed.pdfa",
    "bundle.fingerprint",
    "receipt.fingerprint",
    "receipt.sha256",  # of a bundle
    "sending.sha256",  # of a bundle, or of what the server had instead
    "conflict.ours",  # a bundle
    "taken.sha256",  # a file outside
    "question.sha256",
    "web_scan.given",  # a bundle
    "web_scan.given_at",
    "removed.sha256",
    "signed_version.look",
    "secrecy_mark.sha256",  # of a page
    "secrecy_mark.looked",
    "secrecy_decision.sha256",  # of a page
    "reading.looked",
    "words.looked",
    "audit.hash",  # of a line
}


def test_every_column_that_may_name_a_blob_is_known(tmp_path: Path) -> None:
    store = Store.open_for_writing(tmp_path / "digitizer.db", tmp_path)
    columns = {
        f"{table['name']}.{column['name']}"
        for table in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for column in store.rows("SELECT name FROM pragma_table_info(?)", table["name"])
        if HASHES.search(column["name"])
    }
    store.close()
    assert columns == NAMED | NO_BLOBS
    assert {column for _, column, _ in holdings._NAMES} == NAMED

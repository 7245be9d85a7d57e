"""PURE: may a download that broke off go on from where it was (RFC 9110, ranges)?

Only where the server says that it serves ranges and names the very bytes with a strong tag; then
``If-Range`` sees to it that no two versions are ever put together. Asked by ``opencps_http``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_STRONG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')
_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/(?:[0-9]{1,15}|\*)")


def tag_of(headers: Mapping[str, str]) -> str:
    """Return the tag with which an answer can be continued; empty where it cannot be."""
    tag = headers.get("etag", "")
    serves = headers.get("accept-ranges", "").strip().lower() == "bytes"
    return tag if serves and _STRONG.fullmatch(tag) else ""


def asking(at: int, tag: str) -> dict[str, str]:
    """Return the headers that ask for the bytes from ``at`` on, of just that version."""
    return {"Accept": "*/*", "Range": f"bytes={at}-", "If-Range": tag}


def continues(status: int, headers: Mapping[str, str], at: int, tag: str) -> bool:
    """Tell whether an answer goes on at byte ``at`` of the version that ``tag`` names."""
    found = _RANGE.fullmatch(headers.get("content-range", "").strip().lower())
    same = headers.get("etag", tag) == tag
    return status == 206 and same and found is not None and int(found[1]) == at

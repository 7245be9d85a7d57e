"""What a child program said before it ended, as far as a log may hold it. PURE."""

from __future__ import annotations

import re

_FRAME = re.compile(r'^  File "(?P<file>[^"]*)", line (?P<line>[0-9]+), in (?P<name>\S+)$')
_KIND = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)(:|$)")


def last_words(said: bytes) -> str:
    """Return where a program ended and by what kind of error.

    What errors say besides, what libraries complain of and what lines of source hold is left out:
    it may quote the file that was read, and with that a person.
    """
    lines = said.decode("utf-8", "replace").splitlines()
    frames = [found for line in lines if (found := _FRAME.match(line))]
    places = [f"{_tail(one['file'])}:{one['line']} {one['name']}" for one in frames]
    kind = _KIND.match(lines[-1]) if frames and lines else None
    if kind is None:
        return f"{len(said)} bytes of complaint are not kept" if said else "nothing was said"
    return f"{kind['kind']} at {' < '.join(reversed(places))}"


def _tail(file: str) -> str:
    """Return the last two parts of a path: the rest names the user."""
    return "/".join(re.split(r"[\\/]", file)[-2:])

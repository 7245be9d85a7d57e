"""Does anything answer where a procedure system is? The cheapest question there is: no sign-in.

Called while the line is down, to find out that it is back.
"""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

_SECONDS = 5.0
_PORTS = {"http": 80, "https": 443}


def answers(url: str) -> bool:
    """Tell whether a connection to the host of ``url`` comes about, or its folder is there.

    Blocks for a few seconds at most, and for as long as the system needs to look up a name. An
    office that reaches its server through a proxy alone may hear no where the answer is yes.
    """
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in _PORTS:
            return Path(url2pathname(parts.path) if parts.scheme == "file" else url).is_dir()
        address = (parts.hostname or "", parts.port or _PORTS[parts.scheme])
        with socket.create_connection(address, timeout=_SECONDS):
            return True
    except (OSError, UnicodeError, ValueError):
        return False

"""What a scenario of the nursery gets."""

from __future__ import annotations

import ctypes
import json
from pathlib import Path
from typing import Any, TextIO

MODES = {"off": 0, "before": 1, "after": 2, "full": 3, "count": 4}


class Child:
    """What a scenario gets: the request, the shim, and a way to report."""

    def __init__(self, request: dict[str, Any], shim: ctypes.CDLL, report: TextIO, trace: int):
        self.home = Path(request["home"])
        self._request = request
        self._shim = shim
        self._report = report
        self._trace = trace

    def arm(self) -> None:
        """From here on calls count."""
        self._shim.shim_arm(MODES[self._request["mode"]], self._request["nth"], self._trace)

    def tell(self, **facts: Any) -> None:
        """Report; what was told before a kill counts."""
        self._report.write(json.dumps(facts) + "\n")
        self._report.flush()

    def disarm(self) -> None:
        """Stop counting, and tell how many calls there were."""
        self._shim.shim_disarm()
        self.tell(seen=int(self._shim.shim_seen()))

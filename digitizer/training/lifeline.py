"""A ``digitizer`` command that dies with whoever started it, on every platform.

``python -m digitizer.training.lifeline WORDS…`` runs ``digitizer WORDS…`` until its standard
input ends: the other end of that pipe is closed by the kernel, however its holder came to its
end. Started by ``digitizer.training.course``.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading

_GRACE_SECONDS = 3.0


def main() -> None:
    """Run the command of the command line."""
    threading.Thread(target=_hold, args=(os.dup(0),), name="lifeline", daemon=True).start()
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    sys.argv[0] = "digitizer"
    runpy.run_module("digitizer", run_name="__main__", alter_sys=True)


def _hold(line: int) -> None:
    """Wait for the end of ``line``, then end this process, kindly first."""
    while os.read(line, 64):
        pass
    forced = threading.Timer(_GRACE_SECONDS, os._exit, args=(0,))
    forced.daemon = True
    forced.start()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()

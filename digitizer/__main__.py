"""``python -m digitizer``, and the entry point of the command ``digitizer``."""

import contextlib
import gc
import os
import signal
import sys
from importlib import import_module

from digitizer import installed


def main() -> None:
    """Load the command line and run it; without a word on it, load the window alone."""
    installed.settle_here()
    if installed.run_named(sys.argv[1:]):
        return
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    if len(sys.argv) == 1:
        _open_window()
        return
    from digitizer.cli.main import main as run

    run()


def _open_window() -> None:
    """Open the window without the command line, which takes a tenth of a second to load."""
    from digitizer.streams import open_streams

    open_streams()
    gc.disable()  # all that is loaded stays; the window collects again once it is there
    import_module("ui.__main__").main()


def _leave(*_: object) -> None:
    """End at once while the program still loads: nothing was begun."""
    with contextlib.suppress(OSError):
        os.write(2, b"digitizer: interrupted; run it again\n")
    os._exit(4)


if __name__ == "__main__":
    main()

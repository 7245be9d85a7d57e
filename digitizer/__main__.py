"""``python -m digitizer``, and the entry point of the command ``digitizer``."""

import contextlib
import os
import signal


def main() -> None:
    """Load the command line and run it."""
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    from digitizer.cli.main import main as run

    run()


def _leave(*_: object) -> None:
    """End at once while the program still loads: nothing was begun."""
    with contextlib.suppress(OSError):
        os.write(2, b"digitizer: interrupted; run it again\n")
    os._exit(4)


if __name__ == "__main__":
    main()

"""Make things on a thread of their own, one ahead of whoever takes them.

Used by drivers whose device is slow and whose pages take time to encode: the next sheet feeds
while the last one is made safe. Knows nothing of scanners. There is never more than one thing
made, or in the making, that was not taken: memory stays flat.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from typing import TypeVar

Made = TypeVar("Made")


def ahead(
    source: Generator[Made, None, None], over: threading.Event
) -> Generator[Made, None, None]:
    """Yield what ``source`` gives, in order, and raise what it raises, after all that came first.

    ``source`` runs, and is closed, on one thread of its own, started at the first ``next``.

    Args:
        source: Makes the things.
        over: Set here once nobody takes any more, whatever the reason. A source that may block
            watches it. When this generator ends, the thread has ended.
    """
    room = threading.Semaphore(1)
    ready: queue.SimpleQueue[tuple[Made | None, BaseException | None]] = queue.SimpleQueue()

    def make() -> None:
        trouble: BaseException | None = None
        try:
            while room.acquire() and not over.is_set():
                ready.put((next(source), None))
        except StopIteration:
            pass
        except BaseException as error:  # raised again where the things are taken
            trouble = error
        try:
            source.close()
        except BaseException as error:
            trouble = trouble or error
        ready.put((None, trouble))

    maker = threading.Thread(target=make, name="ahead")
    maker.start()
    try:
        while True:
            made, trouble = ready.get()
            room.release()
            if trouble is not None:
                raise trouble
            if made is None:
                return
            yield made
            del made
    finally:
        over.set()
        room.release()
        maker.join()

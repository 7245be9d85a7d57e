"""Since when the procedure system cannot be reached, as this window found out.

Two try it, each in its own time: the lane that sends, and the office, which fetches every few
minutes. What one of them gets through ends what the other met. Used by the office.
"""

from __future__ import annotations

from datetime import UTC, datetime

from digitizer.errors import DigitizerError, Offline
from digitizer.work.lane import LaneState


class Reach:
    """The two clocks, and the earlier of them."""

    def __init__(self) -> None:
        self._unsent: datetime | None = None
        self._unfetched: datetime | None = None
        self._sent = 0

    @property
    def lost_since(self) -> datetime | None:
        """Since when nothing can be sent or fetched; None while it can."""
        return min((at for at in (self._unsent, self._unfetched) if at), default=None)

    def sending(self, sync: LaneState) -> bool:
        """Hear of the lane. Return True where it sent something since the office last failed to
        fetch for want of a line: there is one again, and a fetch is due."""
        self._unsent = (self._unsent or datetime.now(UTC)) if sync.paused is not None else None
        back = sync.done > self._sent and self._unfetched is not None
        self._sent = sync.done
        if back:
            self._unfetched = None
        return back

    def fetched(self) -> None:
        """Hear that the office fetched."""
        self._unfetched = None

    def missed(self, error: DigitizerError) -> None:
        """Hear why the office could not fetch."""
        if isinstance(error, Offline):
            self._unfetched = self._unfetched or datetime.now(UTC)

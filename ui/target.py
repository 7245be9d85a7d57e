"""PURE: where a scan's pages go, how it ended, and where it goes on.

Used by everything that scans or speaks of it. Knows no widget and no scanner.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from digitizer.errors import DigitizerError


class Target(Struct, frozen=True):
    """Where pages go: a paper of a dossier (None: its *giấy tờ khác*), with their names.

    Attributes:
        after: The page they go behind; None: behind the last.
        replaces: The page whose place they take.
        glass: From the glass, page by page.
        goes_on: It goes on with a batch whose pages went behind the last; where ``after`` still is
            the last page, this is a plain scan like that one.
        continues: The batch whose stack this is the rest of.
        stack: The stack that is fed (*Quét lô*): its pages begin in *Chưa phân loại*, whatever
            ``dossier_id`` is. Empty: pages go where they are told.
        web: The origin of the web page that asked for it. Empty: the clerk did.
    """

    dossier_id: str
    dossier_name: str
    paper_id: str | None
    paper_title: str
    after: str | None = None
    replaces: str | None = None
    glass: bool = False
    goes_on: bool = False
    continues: str | None = None
    stack: str = ""
    web: str = ""

    @property
    def into(self) -> tuple[str, str | None]:
        """The dossier and the paper."""
        return self.dossier_id, self.paper_id

    @property
    def at_end(self) -> bool:
        """Whether pages go behind all that the paper has."""
        return self.replaces is None and (self.after is None or self.goes_on)


class Ended(Struct, frozen=True):
    """How a scan ended.

    Attributes:
        target: Where its pages went.
        pages: How many are safe.
        error: The trouble; None after a good end.
        half: Both sides were asked for and the last sheet's back is missing.
        last: The batch's last page in that paper; None where there is none.
        batch: Its id; empty where it never began.
        fronts_only: Both sides were asked for and the feeder has only one to give.
    """

    target: Target
    pages: int
    error: DigitizerError | None
    half: bool = False
    last: str | None = None
    fronts_only: bool = False
    batch: str = ""

    @property
    def onward(self) -> Target:
        """Where the rest of the batch goes: behind its last page, from where that came; into the
        same place while nothing came. A stack goes on as a stack: its codes say where."""
        continues = self.batch if self.pages and self.batch else self.target.continues
        if self.last is None or self.target.stack:
            return replace(self.target, continues=continues)
        appended = self.target.after is None and self.target.replaces is None
        return replace(
            self.target,
            after=self.last,
            replaces=None,
            goes_on=appended or self.target.goes_on,
            continues=continues,
        )

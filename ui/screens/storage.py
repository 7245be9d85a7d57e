"""The section *Bản lưu và ổ đĩa* of *Cài đặt*: how long copies of what was sent stay here, how
full the disk is, what takes it up and what will be freed. What is chosen holds at once."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from PySide6.QtWidgets import QVBoxLayout, QWidget

from digitizer import space
from digitizer.app import App
from digitizer.errors import DigitizerError
from digitizer.retention import life_of
from digitizer.shelflife import DAYS, ShelfLife
from digitizer.space import Space
from digitizer.storage import removals
from ui import disk_words, wording
from ui.bridge import Latest
from ui.locks import lock
from ui.office import Office
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, section

_DAYS = (7, 30, 90, 180, 365)


class Kept(Struct, frozen=True):
    """What the section shows."""

    life: ShelfLife
    space: Space
    removed: int
    waiting: int


def kept(app: App) -> Kept:
    """Read it. Blocks."""
    return Kept(
        life_of(app.store),
        space.look(app.home, app.store, app.work.server),
        int(app.store.rows("SELECT count(*) FROM dossier WHERE removed_at IS NOT NULL")[0][0]),
        len(removals.open_removals(app.store)),
    )


class StorageSection(QWidget):
    """One choice, and figures."""

    def __init__(self, theme: Theme, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self.days = Choice(
            theme, {**{disk_words.days(one): one for one in _DAYS}, disk_words.days(None): None}
        )
        self.disk, self.taken = Words("soft"), Words("soft")
        self.frees, self.removed = Words("soft"), Words("soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = section(
            column,
            self.tr("Bản lưu và ổ đĩa"),
            (self.tr("Sau khi gửi xong"), self.days),
            (self.tr("Ổ đĩa"), self.disk),
            (self.tr("Đang chiếm"), self.taken),
            (self.tr("Sẽ trống thêm"), self.frees),
            ("", self.removed),
        )
        lock(office.app.policy, {DAYS: (self.days,)})
        self.days.activated.connect(self._keep)
        self._shown: Kept | None = None
        self._read = Latest(office.bridge, lambda: kept(office.app), self.show_kept)

    def look(self) -> None:
        """Read the figures of now."""
        self._read()

    def show_kept(self, found: Kept) -> None:
        """Show them, where they are others."""
        if found == self._shown:
            return
        self._shown = found
        self.days.choose(found.life.days, disk_words.days(found.life.days))
        for words, said in (
            (self.disk, disk_words.disk(found.space)),
            (self.taken, disk_words.taken(found.space)),
            (self.frees, disk_words.frees(found.space.frees, datetime.now(UTC))),
            (self.removed, disk_words.removed(found.removed, found.waiting)),
        ):
            words.setText(said)
            self.form.setRowVisible(words, bool(said))

    def _keep(self) -> None:
        days, app = self.days.value, self._office.app
        self._office.bridge.ask(
            lambda: app.retention.set(days), lambda _: self.look(), self._refused
        )

    def _refused(self, error: DigitizerError) -> None:
        self._office.said.emit(wording.failed(error))
        self._shown = None  # the choice goes back
        self.look()

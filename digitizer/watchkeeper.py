"""Keeps the watch of one home going while it is open: remembers which folders, and their rules.

Used by the window, off its UI thread: every call may block, and any thread may make it. What is
changed holds at once and after the next start. Knows no driver: the composition root says how a
watch is made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from digitizer.app import App
from digitizer.arrivals import Held, Why
from digitizer.errors import DigitizerError, DossierUnknown, PaperUnknown
from digitizer.model import OTHER_PART, OTHER_TITLE, Dossier, Paper
from digitizer.rules import Rule, Same, checked, kept_rules, kept_text, read_rules
from digitizer.storage import changes, queries
from digitizer.storage.deliveries import Question, place_of

if TYPE_CHECKING:
    from digitizer.watching import Watcher

_RULES = "watch.rules"

Watch = Callable[[App, Sequence[Rule]], "Watcher"]
"""Makes a watch of some folders, not yet started. Raises as ``Watcher`` does."""


class Watched(Struct, frozen=True):
    """One folder: its rule, where its pages go, and why it is not watched, if it is not.

    ``dossier`` and ``paper`` are words for the screen, empty where they are not known.
    """

    rule: Rule
    dossier: str = ""
    paper: str = ""
    trouble: DigitizerError | None = None


class WatchKept(Struct, frozen=True):
    """How the watch stands.

    Attributes:
        folders: What is watched.
        waiting: Files that lie there for longer than they should, and why; questions left out.
        questions: Files that were taken before, about which nobody has said what to do.
        trouble: What ended the whole watch; None while it goes on.
    """

    folders: tuple[Watched, ...] = ()
    waiting: tuple[Held, ...] = ()
    questions: tuple[Question, ...] = ()
    trouble: DigitizerError | None = None


class Watchkeeper:
    """Watches the folders that a home remembers."""

    def __init__(self, app: App, watch: Watch) -> None:
        self._app = app
        self._make = watch
        self._changing = threading.Lock()
        self._watcher: Watcher | None = None
        self._folders: tuple[Watched, ...] = ()
        self._over = False

    def start(self) -> None:
        """Begin to watch, or begin anew after trouble."""
        with self._changing:
            self._begin()

    def stop(self) -> None:
        """Watch no more; every page that was saved stays."""
        with self._changing:
            self._over = True
            self._end()

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that are remembered. Raises ``RulesUnusable``."""
        return kept_rules(queries.setting(self._app.store, _RULES) or "[]")

    def add(self, rules: Sequence[Rule]) -> None:
        """Watch these folders too; the rule of one that is watched already is replaced.

        Raises:
            FolderUnreadable, RulesUnusable: as ``rules.checked``; nothing was changed.
            DossierUnknown, PaperUnknown: a rule names what is not here; nothing was changed.
        """
        with self._changing:
            places = {rule.path.resolve() for rule in rules}
            stay = [rule for rule in self.rules() if rule.path.resolve() not in places]
            fresh = checked(rules, stay)
            for rule in fresh:
                self._goal(rule)
            self._keep([*stay, *fresh])

    def take(self, file: Path) -> int:
        """Watch the folders of a file of rules (``rules.read_rules``) too; return how many.

        Raises as ``read_rules`` and ``add``.
        """
        rules = read_rules(file)
        self.add(rules)
        return len(rules)

    def remove(self, folder: Path) -> None:
        """Watch a folder no more; its files stay where they are."""
        with self._changing:
            self._keep([rule for rule in self.rules() if rule.path != folder])

    def answer(self, questions: Sequence[Question], said: Same) -> None:
        """Say whether to take files again. Raises ``NoSuchThing``."""
        watcher = self._watcher
        if watcher is not None:
            for question in questions:
                watcher.answer(Path(question.path), said)
        self._app.events.publish_progress()

    def state(self) -> WatchKept:
        """Return how it stands. Cheap, and waits for nothing that is being changed."""
        folders, watcher = self._folders, self._watcher
        if watcher is None:
            return WatchKept(folders)
        now = watcher.state()
        places = [place_of(one.rule.path) for one in folders]
        return WatchKept(
            folders,
            tuple(held for held in now.waiting if held.why is not Why.TAKEN_BEFORE),
            tuple(
                question
                for question in now.questions
                if any(Path(question.path).is_relative_to(place) for place in places)
            ),
            now.trouble,
        )

    def _keep(self, rules: Sequence[Rule]) -> None:
        with self._app.store.transaction() as tx:
            changes.set_setting(tx, _RULES, kept_text(rules))
        self._begin()
        self._app.events.publish_progress()

    def _begin(self) -> None:
        self._end()
        self._folders = tuple(self._watched(rule) for rule in self.rules())
        able = [one.rule for one in self._folders if one.trouble is None]
        if able and not self._over:
            self._watcher = self._make(self._app, able)
            self._watcher.start()

    def _end(self) -> None:
        if self._watcher is not None:
            self._watcher.stop()
            self._watcher = None

    def _watched(self, rule: Rule) -> Watched:
        try:
            dossier, paper = self._goal(rule)
        except (DossierUnknown, PaperUnknown) as error:
            return Watched(rule, trouble=error)
        title = rule.paper or OTHER_TITLE
        return Watched(rule, dossier.holder or dossier.name, paper.name if paper else title)

    def _goal(self, rule: Rule) -> tuple[Dossier, Paper | None]:
        """Return where a folder's pages go: a paper of a dossier, None where that will be added.

        Raises ``DossierUnknown``, ``PaperUnknown``.
        """
        dossiers = self._app.dossiers
        dossier = dossiers.find(rule.dossier) if rule.dossier else dossiers.unsorted()
        paper = dossier.paper(rule.paper or OTHER_PART)
        if paper is None and rule.paper is not None and dossier.template:
            raise PaperUnknown(rule.paper[:60])
        return dossier, paper

"""The histories themselves: what can happen, and what holds whatever happens."""

from __future__ import annotations

import contextlib
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from digitizer.app import Sends
from digitizer.errors import DossierExists, Remedy
from digitizer.model import Dossier, Paper
from digitizer.plan import SYNC
from digitizer.sandbox.faults import Fault
from tests.crash.crashing import KILLED, Nursery
from tests.histories.agreement import Agreement
from tests.histories.desk import Desk, live, template
from tests.histories.province import KNOWN, Backup, Province
from tests.line.proxy import Cut

NEW = tuple(f"000.00.20.H02-261122-01{number:02d}" for number in range(3))
"""Codes of dossiers that the server gets to know some day, or never."""
_PAGE_VERBS = ("turn", "delete", "move")
_ROUNDS = 12
_HOUR = 3600
_YEAR = 365 * 24 * _HOUR
_FAULTS = tuple(fault for fault in Fault if fault is not Fault.SLOW)
"""Slow is what the line is for; here it would only take time."""

numbers = st.integers(0, 40)
faults = st.tuples(st.sampled_from(_FAULTS), st.integers(1, 2))
cuts = st.one_of(st.builds(Cut, up=st.integers(0, 7000)), st.builds(Cut, down=st.integers(0, 5000)))


class World:
    """What all histories share: a server, a line, a nursery, a home to copy."""

    def __init__(self, folder: Path, province: Province, nursery: Nursery) -> None:
        self.province = province
        self.nursery = nursery
        self.home = folder / "home"
        self.tally: Counter[str] = Counter()
        self._template = template(folder, province)

    def fresh_home(self) -> Path:
        """Return a home in which nothing has happened yet."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self._template, self.home)
        return self.home


class History(RuleBasedStateMachine):
    """One history; ``of`` makes the class that Hypothesis runs."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.tally = self.world.tally
        self.tally["histories"] += 1
        self.province = self.world.province
        self.province.begin_anew()
        self.backups: list[Backup] = []
        self.stacks: list[str] = []
        self.strangers = list(NEW)
        self.desk: Desk | None = None

    @initialize(sends=st.sampled_from(Sends), count=st.integers(1, 2))
    def start(self, sends: Sends, count: int) -> None:
        """A desk with one paper ready to go."""
        self.sends = sends
        self.desk = Desk(self.world.fresh_home(), sends)
        self.agreement = Agreement(self.desk, self.province, sends)
        first = self.desk.dossiers()[0]
        self.desk.scan(first.papers[0].id, count)
        self.desk.work()
        self.desk.app.dossiers.finish(first.id)

    # --- the clerk ---

    @rule(number=numbers, kind=st.sampled_from(["known", "new", "local"]))
    def begin(self, number: int, kind: str) -> None:
        """A dossier is begun: here already, unknown to the server, or local."""
        codes = {"known": KNOWN, "new": NEW}.get(kind)
        self.count("dossiers begun")
        with contextlib.suppress(DossierExists):
            code = codes[number % len(codes)] if codes else None
            made = self.desk.app.dossiers.open_new(code=code)
            self.desk.app.dossiers.paper_for(made, "TP01")

    @rule(number=numbers, count=st.integers(1, 3), held=st.booleans())
    def scan(self, number: int, count: int, held: bool) -> None:
        """Pages are scanned into a paper, some as a stack that waits to be accepted."""
        self.count("scans")
        _, paper = self.pick(number)
        stack = f"stack {len(self.stacks)}" if held else None
        if stack:
            self.stacks.append(stack)
        self.desk.scan(paper.id, count, stack)

    @rule(most=st.sampled_from([2, 1000, 1000]))
    def work(self, most: int) -> None:
        """The programs get on, or get done."""
        self.desk.work(most)

    @rule(
        number=numbers,
        to=numbers,
        verb=st.sampled_from(["turn", "delete", "move", "undo", "redo", "finish", "reopen"]),
    )
    def touch(self, number: int, to: int, verb: str) -> None:
        """A page is turned, taken out or moved, maybe to another dossier; an edit is taken back or
        done again; the clerk is done with a dossier, or not after all."""
        if verb in _PAGE_VERBS:
            more = {"turn": [90], "move": [self.pick(to)[1].id]}.get(verb, [])
            self.edit(number, verb, *more)
        else:
            self.count("edits")
            getattr(self.desk.app.dossiers, verb)(self.pick(number)[0].id)

    @precondition(lambda self: self.stacks)
    @rule(number=numbers, back=st.booleans())
    def accept(self, number: int, back: bool) -> None:
        """A stack is accepted, or that is taken back."""
        self.desk.work()
        stacks = self.desk.app.stacks
        (stacks.take_back if back else stacks.accept)(self.stacks[number % len(self.stacks)])

    # --- the line ---

    @rule(troubles=st.lists(faults, max_size=2), cuts=st.lists(cuts, max_size=2))
    def sync(self, troubles: list[tuple[Fault, int]], cuts: list[Cut]) -> None:
        """A round of sync meets faults and cuts."""
        self.storm(troubles, cuts)
        self.desk.sync(down=False)
        self.weather_ends(troubles)

    @rule(
        number=numbers,
        verb=st.sampled_from(["scan", "scan", "turn", "delete", "nothing"]),
        troubles=st.lists(faults, max_size=2),
        cuts=st.lists(cuts, max_size=2),
    )
    def change_and_send(
        self, number: int, verb: str, troubles: list[tuple[Fault, int]], cuts: list[Cut]
    ) -> None:
        """What is usual: a paper is done, and goes, in whatever weather."""
        dossier, paper = self.pick(number)
        if verb == "scan":
            self.count("scans")
            self.desk.scan(paper.id, 1)
        elif verb in _PAGE_VERBS:
            self.edit(number, verb, *([90] if verb == "turn" else []))
        self.desk.app.dossiers.finish(dossier.id)
        self.desk.work()
        self.sync(troubles, cuts)

    @rule(troubles=st.lists(faults, min_size=1, max_size=2))
    def sync_both_ways(self, troubles: list[tuple[Fault, int]]) -> None:
        """The same with the way down."""
        self.storm(troubles, [])
        self.desk.sync(down=True)
        self.weather_ends(troubles)

    @rule()
    def sync_without_line(self) -> None:
        """Nobody is there."""
        self.count("fault: no line")
        self.province.line.go_down()
        self.desk.sync(down=True)
        self.weather_ends([])

    @rule(number=numbers, cuts=st.lists(cuts, max_size=1))
    def edit_while_it_is_sent(self, number: int, cuts: list[Cut]) -> None:
        """A page is turned, and its paper made anew, while the lane sends."""

        def meanwhile() -> None:
            self.edit(number, "turn", 90)
            self.desk.work()

        self.storm([], cuts)
        self.desk.sync(down=False, meanwhile=meanwhile)
        self.weather_ends([], moving=True)

    # --- kills and clocks ---

    @rule(
        number=numbers,
        nth=st.integers(1, 100),
        mode=st.sampled_from(["before", "after"]),
        troubles=st.lists(faults, max_size=1),
    )
    def kill(self, number: int, nth: int, mode: str, troubles: list[tuple[Fault, int]]) -> None:
        """A paper is done; the process that sends it is killed at a call; the next start
        recovers."""
        dossier, paper = self.pick(number)
        self.desk.scan(paper.id, 1)
        self.desk.app.dossiers.finish(dossier.id)
        self.desk.work()
        self.desk.close()
        self.storm(troubles, [])
        scenario = f"sync-{self.sends.value}"
        outcome = self.world.nursery.run(self.desk.home, scenario, mode, nth)
        assert outcome.exit in (0, KILLED), outcome
        self.count("kills" if outcome.exit == KILLED else "kills after the end")
        self.desk.open()
        self.weather_ends(troubles)

    @rule()
    def die(self) -> None:
        """The power goes between two steps."""
        self.count("kills between steps")
        self.desk.die()

    @rule(seconds=st.sampled_from([5, _HOUR, _YEAR, -_HOUR, -10 * _YEAR]), there=st.booleans())
    def jump(self, seconds: int, there: bool) -> None:
        """The desk's clock, or the server's, is put forward or back."""
        self.count("clock jumps")
        if there:
            self.agreement.clock_set = True
            self.province.set_clock(1000 * seconds)
        else:
            self.desk.jump(seconds)

    # --- the server ---

    @rule(number=numbers, all_of_it=st.booleans())
    def forget(self, number: int, all_of_it: bool) -> None:
        """The server loses a file, or its bytes."""
        lose = self.province.forget_rows if all_of_it else self.province.forget_bytes
        if lose(number):
            self.count("fault: forgot")

    @rule(number=numbers, back=st.booleans())
    def back_up(self, number: int, back: bool) -> None:
        """The server is backed up, or restored from a backup."""
        if back and self.backups:
            self.count("fault: restored from backup")
            self.province.restore(self.backups[number % len(self.backups)])
        else:
            self.backups.append(self.province.backup())

    @precondition(lambda self: self.strangers)
    @rule()
    def learn(self) -> None:
        """The server gets a dossier that a desk may have begun before."""
        code = self.strangers.pop()
        self.province.learn(code)

    # --- what holds ---

    @invariant()
    def stepped(self) -> None:
        """Count a step."""
        self.count("steps")

    def teardown(self) -> None:
        if self.desk is None:
            return
        try:
            self.agree()
        finally:
            self.desk.close()

    def agree(self) -> None:
        """All faults end, the line is back, time passes; then both sides agree."""
        self.province.calm()
        self.desk.work()
        for number in range(_ROUNDS):
            self.desk.restart()
            self.calm_round(down=True)
            self.desk.work()
            if number and not self.open_work():
                break
        assert not self.open_work(), "stuck without a hand"
        self.agreement.on_what_is_parked(NEW)
        self.desk.app.work.retry(SYNC, parked=tuple(Remedy))  # the clerk's hand
        for _ in range(3):
            self.calm_round(down=False)
        self.agreement.in_the_end()
        self.agreement.on_the_record()

    def calm_round(self, *, down: bool) -> None:
        """Sync when nothing is in the way and what was put off is due."""
        self.desk.jump(_HOUR)
        self.desk.sync(down=down)
        self.count("files that came in", self.agreement.on_arrivals(calm=True))

    def open_work(self) -> int:
        """Count what is left to be sent by itself."""
        finished = self.sends is Sends.FINISHED
        return self.desk.app.work.left(SYNC, parked=False, finished_only=finished)

    # --- inside ---

    def pick(self, number: int) -> tuple[Dossier, Paper]:
        """Return one of the first two papers of some dossier."""
        some = [(d, p) for d in self.desk.dossiers() for p in d.papers[:2]]
        return some[number % len(some)]

    def edit(self, number: int, verb: str, *more: Any) -> None:
        """Do a verb to some page, if there is one."""
        pages = [
            (dossier.id, page.id)
            for dossier, paper in self.desk.papers()
            for page in live(paper.pages)
        ]
        if pages:
            self.count("edits")
            dossier_id, page_id = pages[number % len(pages)]
            getattr(self.desk.app.dossiers, verb)(dossier_id, [page_id], *more)

    def storm(self, troubles: list[tuple[Fault, int]], cuts: list[Cut]) -> None:
        """Let faults and cuts begin."""
        for fault, times in troubles:
            self.count(f"fault: {fault}")
            self.province.faults.set(fault, times)
        for cut in cuts:
            self.count("fault: cut up" if cut.up is not None else "fault: cut down")
        self.province.line.cut_next(*cuts)

    def weather_ends(self, troubles: list[tuple[Fault, int]], *, moving: bool = False) -> None:
        """End them, and look at what came in."""
        self.province.calm()
        met = {fault for fault, _ in troubles}
        lied = Fault.REFUSED in met  # "no such file", says a 403
        self.count("files that came in", self.agreement.on_arrivals(lied=lied, moving=moving))
        self.agreement.late |= Fault.DELAYED in met
        self.agreement.damaged |= Fault.WRONG_BYTES in met
        self.agreement.on_receipts()

    def count(self, what: str, by: int = 1) -> None:
        """Count one of these."""
        self.tally[what] += by


def of(world: World) -> type[History]:
    """Return the histories in this world."""
    return type("Histories", (History,), {"world": world})

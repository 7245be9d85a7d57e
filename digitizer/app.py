"""Opens a home, wires the parts, starts and stops the lanes.

The one place where the core is put together; the command line and the window both go through
it. Knows no driver and no screen.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self

from digitizer import ballast, pace, plan, sending
from digitizer.batchsigning import BatchSigning
from digitizer.binding import Binding
from digitizer.capture import Capture
from digitizer.chain import Door
from digitizer.clearing import Clearing
from digitizer.clerks import Clerks
from digitizer.config import Home
from digitizer.conflicts import Conflicts
from digitizer.dossiers import Dossiers
from digitizer.durable import make_folder
from digitizer.encrypting import Encryption
from digitizer.errors import DiskFull, Remedy, from_os
from digitizer.events import Events
from digitizer.indexing import Indexer
from digitizer.keyholder import KeyHolder
from digitizer.limits import Limits
from digitizer.log import log_to, stop_logging
from digitizer.model import Style
from digitizer.policy import Policy
from digitizer.policyfile import read_policy
from digitizer.procedure.reach import answers
from digitizer.profiles import Profiles
from digitizer.receiving import Receiving
from digitizer.recovery import Recovered, recover
from digitizer.retention import Retention
from digitizer.senders import Senders
from digitizer.servers import Servers
from digitizer.signingrules import BEFORE, OPENED_BY, Rules
from digitizer.stacks import Stacks
from digitizer.storage import access, audit, changes, queries, signings, told
from digitizer.storage.clerks import Clerk
from digitizer.storage.homelock import HomeLock
from digitizer.work.gate import Gate
from digitizer.work.lane import Lane
from digitizer.work.linewatch import LineWatch
from digitizer.work.local import LocalWork
from digitizer.work.planner import Planner
from digitizer.work.queue import WorkQueue
from digitizer.work.sweeping import Sweeper
from digitizer.work.sync import SyncWork
from digitizer.work.there import There

log = logging.getLogger(__name__)

_SPREAD_SECONDS = 10.0
"""Within so long the window begins to send what waited: a province's desks start together."""


class Sends(Enum):
    """Which dossiers the sync lane may send."""

    FINISHED = "finished"  # what the clerk has finished (the window)
    READY = "ready"  # whatever is ready (an explicit ``sync``)


class App:
    """An open home. One at a time may be open for writing; close it, or use ``with``.

    Attributes:
        home, store, vault, events, dossiers, binding, conflicts, clearing, stacks, capture,
            receiving, servers, clerks, senders, work, planner: the parts.
        policy: What the administrator's file said when the home was opened.
        recovered: What recovery did at this start.
        local, sync: The lanes, not started.
        limits: How uploads may use the line, as is set now.
        gate: Lets uploads through at the hours that are set.
        key: The signing key, once it is unlocked.
        signing: Signs lists of papers with it.
        indexer: Keeps the word index up, not started.
        lock: Tells whether somebody waits for the home.
        retention: Which copies stay here how long.
        sweeper: Removes those whose time is over, not started.
        bundling: The part of the local lane that makes again what a server's answer outdated,
            such as a title; for whoever syncs without working.
    """

    def __init__(
        self,
        root: Path,
        command: str,
        *,
        sends: Sends = Sends.READY,
        policy: Policy | None = None,
        passphrase: str | None = None,
    ) -> None:
        """Open ``root`` for writing, creating it where it is new.

        Args:
            root: The home folder.
            command: What this process does, told to whoever finds the home in use.
            sends: What the sync lane sends by itself.
            policy: What governs this home; None: the administrator's file.
            passphrase: Of an encrypted home that has one; None: as ``unlocking.unlock`` finds it.

        Raises:
            HomeLocked, HomeTooNew, HomeReadOnly, HomeDamaged, DiskFull; ``EncryptionError``.
        """
        self.home = Home(root.absolute())
        self.policy = read_policy() if policy is None else policy
        self._open_parts = contextlib.ExitStack()
        while True:
            try:
                self._open(command, sends, passphrase)
                break
            except BaseException as error:
                self._open_parts.close()
                told = from_os(error) if isinstance(error, OSError) else error
                if not (isinstance(told, DiskFull) and ballast.let_go(self.home)):
                    raise told from (error.__cause__ if told is error else error)

    def _open(self, command: str, sends: Sends, passphrase: str | None) -> None:
        parts = self._open_parts
        home = self.home
        for folder in home.folders():
            make_folder(folder)
        self.lock = HomeLock(home.lock, command)
        parts.callback(self.lock.release)
        handler = log_to(home.log)
        parts.callback(stop_logging, handler)
        opened = access.open_for_writing(home, audit.door_of(command), passphrase)
        self.store, self.vault = opened.store, opened.vault
        parts.callback(self.store.close)
        self.store.relieve = lambda: ballast.let_go(home)
        parts.callback(self.vault.close)
        self.encryption = Encryption(home, opened, self.policy)
        parts.callback(self.encryption.close)
        self.events = Events()
        self.dossiers = Dossiers(self.store, self.events)
        self.binding = Binding(self.store, self.events, self.dossiers)
        self.conflicts = Conflicts(self.store, self.events)
        self.clearing = Clearing(self.store, self.events)
        self.stacks = Stacks(self.store, self.vault, self.events, self.dossiers)
        self.capture = Capture(home, self.store, self.vault, self.events, self.dossiers)
        self.receiving = Receiving(home, self.store, self.events, self.dossiers, self.capture)
        self.servers = Servers(home, self.store, self.policy, self.encryption.passwords)
        self.clerks = Clerks(self.store)
        self.senders = Senders(self.store, self.servers)
        self.profiles = Profiles(self.store, self.policy)
        self.key = KeyHolder(self.vault.scratch, home.trust)
        parts.callback(self.key.close)
        self.signing = BatchSigning(self.store, self.vault, self.events, self.key)
        told.take_in(home, self.store)
        with audit.through(Door.POLICY):
            self._govern()
        self.limits = sending.limits_of(self.store)
        self.recovered: Recovered = recover(home, self.store, self.vault, self.capture)
        server = self.servers.get()
        self.work = WorkQueue(self.store, server.name if server else None)
        self.retention = Retention(
            self.store, self.vault, self.events, self.policy, self.work.still
        )
        self._url = server.url if server else ""
        self.planner = Planner(self.work)
        parts.callback(self.planner.close)
        self.planner.plan_all()
        self.events.subscribe(self.planner.on_change)
        self.indexer = Indexer(self.store)
        parts.callback(self.indexer.close)
        self.events.subscribe(self.indexer.on_change)
        self._make_lanes(sends)

    def _make_lanes(self, sends: Sends) -> None:
        local = LocalWork(self.home, self.store, self.vault, self.events, self.dossiers)

        def local_lane(name: str, *kinds: plan.WorkKind) -> Lane:
            return Lane(
                name,
                kinds,
                local.run,
                self.work,
                self.planner,
                jobs=pace.cores(),
                at_once=pace.jobs(pace.get(self.store)),
                changed=self.events.publish_progress,
                rest=local.rest,
            )

        self.local = local_lane("local", *plan.LOCAL)
        self.bundling = local_lane("bundling", plan.WorkKind.BUNDLE)
        there = There(self.store, self.vault, self.events, self.dossiers)
        self.syncing = SyncWork(
            self.store, self.vault, self.events, self.dossiers, self.binding, there, self.senders,
            lambda: self.limits,
        )  # fmt: skip
        self.gate = Gate(lambda: self.limits.hours)
        self.sync = Lane(
            "sync",
            plan.SYNC,
            self.syncing.run,
            self.work,
            self.planner,
            finished_only=sends is Sends.FINISHED,
            changed=self.events.publish_progress,
            spread=_SPREAD_SECONDS if sends is Sends.FINISHED else 0.0,
            gate=self.gate,
            watch=LineWatch(self._line_answers),
            break_off=self.syncing.break_off,
        )
        self.sweeper = Sweeper(
            self.home,
            self.store,
            self.vault,
            self.retention,
            self.senders,
            there,
            self.gate,
            lambda: self.work.server,
            self._idle,
        )

    def _idle(self) -> bool:
        """Tell whether no lane is at work."""
        lanes = (self.local, self.bundling, self.sync)
        return not any(lane.state().working for lane in lanes)

    def _line_answers(self) -> bool:
        """Asked by a thread that may outlive the store."""
        return bool(self._url) and answers(self._url)

    def server_changed(self) -> None:
        """Take over another procedure system: plan its uploads, take parked ones up again."""
        server = self.servers.get()
        self.work.server = server.name if server else None
        self._url = server.url if server else ""
        self.senders.forget()
        self.work.retry(plan.SYNC, parked=tuple(Remedy))
        self.planner.plan_all()
        self.sync.wake()

    def remove_clerk(self, one: Clerk) -> None:
        """Take somebody off the list of this desk, and forget the password of their account where
        nobody else uses that."""
        self.clerks.remove(one.id)
        server = self.servers.get()
        used = {server.user if server else "", *(other.account for other in self.clerks.all())}
        if server is not None and one.account and one.account not in used:
            self.servers.forget_password(server, one.account)
        self.account_mended()

    def account_mended(self) -> None:
        """Send again what waited for somebody's password: it was given, or the list changed.
        Accounts that were refused (``senders.forget``) are asked nothing by that."""
        self.work.retry(plan.SYNC, parked=(Remedy.USER,))
        self.sync.wake()

    def use_style(self, style: Style) -> None:
        """Make bundles in another style from now on; those that a server holds stay as they are.

        Raises:
            DiskFull: nothing was changed.
        """
        with self.store.transaction() as tx:
            changes.set_setting(tx, queries.BUNDLE_STYLE, style.value)
        self.planner.plan_all()
        self.local.wake()

    def _govern(self) -> None:
        """Carry out the administrator's file; what is so already is not written again."""
        if self.policy.problem:
            log.warning("the administrator's file cannot be used")
        self.servers.govern()
        self.profiles.govern()
        wanted = self.policy.wanted(lambda name: queries.setting(self.store, name))
        if wanted:
            self.keep_settings(wanted)

    def keep_settings(self, chosen: Mapping[str, str]) -> None:
        """Remember settings of the window, by name; all or none.

        Raises:
            ByAdministrator: one of them is locked to something else.
        """
        for name, value in chosen.items():
            self.policy.check(name, value)
        with self.store.transaction() as tx:
            for name, value in chosen.items():
                changes.set_setting(tx, name, value)

    def keep_pace(self, wanted: pace.Pace) -> None:
        """Remember who goes first on this machine; it holds from the next piece of work on.

        Raises:
            ByAdministrator: it is locked to something else.
        """
        self.policy.check(pace.SETTING, wanted.value)
        pace.put(self.store, wanted)
        for lane in (self.local, self.bundling):
            lane.limit(pace.jobs(wanted))

    def keep_limits(self, wanted: Limits) -> None:
        """Remember how uploads may use the line; it holds from the next paper on.

        Raises:
            ByAdministrator: a part of it is locked to something else.
        """
        for name, value in wanted.settings().items():
            self.policy.check(name, value)
        sending.put_limits(self.store, wanted)
        self.limits = wanted
        self.sync.wake()

    def keep_signing_rules(self, wanted: Rules) -> None:
        """Remember how this office signs; another key is locked, and what is unsigned waits or
        goes, as that says now.

        Raises:
            ByAdministrator: a part of it is locked to something else.
        """
        before = signings.rules(self.store).settings()
        changed = {n: v for n, v in wanted.settings().items() if v != before[n]}
        self.keep_settings(changed)
        if OPENED_BY & changed.keys():
            self.key.lock()
        if BEFORE in changed:
            self.planner.plan_all()

    def send_now(self) -> None:
        """Let what waits go now, once, whatever the hour."""
        self.gate.open_once()
        self.sync.wake()

    def withhold(self, paper_ids: Sequence[str]) -> None:
        """Leave papers here; one that is being sent now is broken off."""
        sending.withhold(self.store, self.events, paper_ids)
        self.syncing.break_off(paper_ids)

    def settle(self) -> None:
        """Wait until the plan follows every change made so far."""
        self.planner.settle()

    def close(self) -> None:
        """Stop the lanes, plan what is noted, let go of the home."""
        self.servers.passwords.close()
        self.sweeper.close()
        self.local.stop()
        self.bundling.stop()
        self.sync.stop()
        self._open_parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Facts:
    """A home opened for reading beside whoever writes to it."""

    def __init__(self, root: Path) -> None:
        """Open ``root``; a home that is new or older is made ready first, under its lock.

        Raises:
            HomeTooNew, HomeDamaged, HomeReadOnly; HomeLocked where it has to be made ready;
            ``EncryptionError``.
        """
        self.home = Home(root.absolute())
        if not self.home.database.exists():
            App(root, "start").close()
        opened = access.open_for_reading(self.home)
        if opened.store.outdated():
            opened.store.close()
            App(root, "start").close()
            opened = access.open_for_reading(self.home)
        self.store, self.vault, self.secret = opened.store, opened.vault, opened.secret

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.vault.close()
        self.store.close()

"""What the window reads of signing, and its verbs. Every function blocks: run by the bridge.

Knows no Qt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from digitizer import batchsigning
from digitizer.app import App
from digitizer.batchsigning import Listed, Result
from digitizer.errors import NotBundled, SecrecyError, SignedElsewhere
from digitizer.keyholder import Unlocked
from digitizer.signing import keyplace
from digitizer.signing.model import Plugged
from digitizer.signing.session import tokens
from digitizer.signingrules import UNSIGNED, KeyKind, Rules
from digitizer.storage import queries, signings

MOST = 300
"""So many papers are listed: those behind them come up as the first are signed."""


class ToSign(Struct, frozen=True):
    """What there is to sign.

    Attributes:
        rules: How this office signs.
        papers, dossiers: How many papers of finished dossiers wait, and of how many.
        listed: The list the signer sees; filled by ``listed`` alone.
    """

    rules: Rules = UNSIGNED
    papers: int = 0
    dossiers: int = 0
    listed: tuple[Listed, ...] = ()


def counted(app: App) -> ToSign:
    """Count what waits."""
    return ToSign(signings.rules(app.store), *signings.count(app.store, finished_only=True))


def listed(app: App, dossier_id: str) -> ToSign:
    """Read the list: what waits by the office's rule; where there is none, what can be signed of
    the open dossier (its id, or empty)."""
    found = counted(app)
    if found.rules.before is not None:
        lines = batchsigning.waiting(app.store, finished_only=True, most=MOST)
    else:
        lines = _of_dossier(app, dossier_id, found.rules) if dossier_id else ()
    return ToSign(found.rules, found.papers, found.dossiers, lines)


def _of_dossier(app: App, dossier_id: str, rules: Rules) -> tuple[Listed, ...]:
    dossier = queries.dossier(app.store, dossier_id)
    found: list[Listed] = []
    for paper in dossier.papers if dossier and dossier.code else ():
        try:
            line = batchsigning.line(dossier, paper, rules.look) if dossier else None
        except (NotBundled, SecrecyError, SignedElsewhere):
            continue
        if line is not None and not paper.held:
            found.append(line)
    return tuple(found)


def sign(
    app: App,
    lines: tuple[Listed, ...],
    pin: str,
    stop: threading.Event,
    told: Callable[[Result], None],
) -> tuple[Result, ...]:
    """Unlock the key where that is needed, and sign.

    Raises:
        KeyNotSet, WrongPin and the other rows of ``KeyHolder.unlock``: nothing was signed.
    """
    rules = signings.rules(app.store)
    if app.key.unlocked is None:
        app.key.unlock(rules, pin)
    return app.signing.sign(lines, rules, stop, told)


def unlocked(app: App) -> Unlocked | None:
    """Return the key that signs without a PIN being asked for. Does not block."""
    return app.key.unlocked


def plugged_in(app: App, module: str) -> tuple[Plugged, ...]:
    """Return the tokens that a library sees. Raises rows of signing."""
    return tokens(Path(module), app.home.work)


def keep(app: App, rules: Rules) -> Rules:
    """Keep how this office signs; another key has to be where it is said to be.

    Raises:
        ByAdministrator; the rows of ``keyplace.check``.
    """
    before = signings.rules(app.store)
    if (rules.key, rules.path) != (before.key, before.path):
        keyplace.check(rules)
    app.keep_signing_rules(rules)
    return signings.rules(app.store)


def asks_pin(rules: Rules) -> bool:
    """Tell whether the PIN is typed here: the signing service asks for it itself."""
    return rules.key is not KeyKind.SERVICE

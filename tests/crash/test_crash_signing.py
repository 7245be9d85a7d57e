"""A kill at every call that changes the disk while a paper is signed, and a full disk from every
one on: it is signed or it is not; its bundle stays as it was, and nothing half is left."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from crashing import KILLED, Nursery
from nursery import PIN
from test_crash import reopened

from digitizer.app import App
from digitizer.durable import sha256_of
from digitizer.plan import WorkKind
from digitizer.storage.vault import Vault
from tests.signed.office import add_signable_paper, key_file, rules

STEP = int(os.environ.get("DIGITIZER_CRASH_STEP", "3"))
"""Every so many calls; 1 takes some minutes."""


@pytest.fixture(scope="module")
def signable_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a paper that waits for a signature, and the key that its rules name."""
    folder = tmp_path_factory.mktemp("signable")
    key = key_file(folder / "key", PIN)
    with App(folder / "home", "test") as app:
        dossier = app.dossiers.open_new(code="000.00.20.H02-261122-0001")
        add_signable_paper(app, dossier)
        app.keep_signing_rules(rules(key))
        app.settle()
    return folder / "home"


@pytest.mark.parametrize("mode", ["before", "full"])
def test_a_paper_is_signed_or_not_whatever_ends_it(
    nursery: Nursery, signable_home: Path, tmp_path: Path, mode: str
) -> None:
    ends, home, nth = set(), tmp_path / "home", 1 - STEP
    while True:
        nth += STEP
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(signable_home, home)
        outcome = nursery.run(home, "sign-waiting", mode, nth)
        assert outcome.exit in (0, KILLED), outcome
        assert (outcome.exit == KILLED) == (outcome.fact("done") is None)
        dossier = reopened(home, verified=False)
        (paper,) = dossier.papers
        bundle, file = dossier.bundle(paper), dossier.outgoing(paper)
        assert bundle is not None
        assert file is not None
        vault = Vault(home / "vault")
        assert vault.sound(bundle.sha256)
        assert vault.sound(file.sha256)
        assert list((home / "work").iterdir()) == [], "scratch files are cleared"
        for blob in (home / "vault").glob("*/*"):
            if blob.is_file():
                assert sha256_of(blob) == blob.name, "no half file under a whole one's name"
        signed = bool(dossier.signed(paper))
        assert (file.sha256 != bundle.sha256) == signed
        if outcome.fact("done"):
            assert signed
        with App(home, "test") as app:
            app.settle()
            kinds = [row["kind"] for row in app.store.rows("SELECT kind FROM work")]
        assert kinds == ([] if signed else [WorkKind.SIGN]), "the plan calls for it again"
        ends.add((signed, outcome.fact("error")))
        if outcome.exit == 0 and nth > outcome.fact("seen"):
            break
    assert ends >= {(False, None if mode == "before" else "disk-full"), (True, None)}

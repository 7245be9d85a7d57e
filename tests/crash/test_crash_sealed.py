"""A sealed vault, killed at every call that changes the disk, and on a full one: what was told to
be kept is there, what was there before is still there, and nothing half written is left.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from crashing import KILLED, Nursery, Outcome
from test_crash import crashes, pages_of, reopened

from digitizer.app import App
from digitizer.durable import sha256_of
from digitizer.homekeys import Mode
from digitizer.plan import WorkKind
from digitizer.storage.seal import Seal
from digitizer.storage.vault import Vault
from tests.sealedhome import carry_on, encrypt, files_with
from tests.storage.sealing import new_identity

MODES = ("before", "after", "full")
SIZES = (3, 150_000)
"""A table of words; a page of more than two pieces."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder for homes, with an identity and two files."""
    (tmp_path / "identity").write_text(new_identity(), encoding="ascii")
    (tmp_path / "given").mkdir()
    for number, size in enumerate(SIZES):
        file = tmp_path / "given" / f"{number}"
        file.write_bytes(random.Random(number).randbytes(size))
    return tmp_path


def of(place: Path, home: Path) -> Vault:
    return Vault(home / "vault", Seal((place / "identity").read_text(encoding="ascii")))


def contents(folder: Path) -> dict[str, bytes]:
    return {sha256_of(file): file.read_bytes() for file in folder.iterdir()}


def home_of(place: Path, name: str) -> Path:
    home = place / name
    for folder in ("vault", "work"):
        (home / folder).mkdir(parents=True)
    return home


def crashed(
    nursery: Nursery, place: Path, template: Path, scenario: str, mode: str
) -> Iterator[tuple[Path, Outcome]]:
    """Run a scenario on copies of a home, hit at the 1st, 2nd, 3rd … call until one is spared."""
    nth = 0
    while True:
        nth += 1
        home = place / "home"
        for folder, source in ((home, template), (place / "files", place / "given")):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(source, folder)
        outcome = nursery.run(home, scenario, mode, nth)
        assert outcome.exit in (0, KILLED), outcome
        yield home, outcome
        if outcome.exit == 0 and nth > outcome.fact("seen"):
            return


def files_of(home: Path) -> list[Path]:
    return [one for one in (home / "vault").rglob("*") if one.is_file()]


def test_a_file_is_kept_sealed_or_still_has_its_own_name(nursery: Nursery, place: Path) -> None:
    everything = contents(place / "given")
    template = home_of(place, "template")
    for mode in MODES:
        told = set()
        for home, outcome in crashed(nursery, place, template, "keep-sealed", mode):
            vault = of(place, home)
            kept = {sha256 for sha256 in everything if vault.holds(sha256)}
            assert all(vault.sound(sha256) for sha256 in kept)
            assert set(outcome.pages()) <= kept
            assert kept | set(contents(place / "files")) == set(everything), (
                "the redo log has the rest"
            )
            vault.tidy()
            assert {one.name for one in files_of(home)} == {f"{one}.age" for one in kept}
            told.add(len(outcome.pages()))
            if mode == "full" and outcome.fact("seen") and len(outcome.pages()) < len(SIZES):
                assert outcome.fact("error") == "disk-full"
        assert told == {0, 1, 2}


@pytest.mark.parametrize("way", ["reseal", "unseal"])
@pytest.mark.parametrize("mode", MODES)
def test_a_conversion_loses_nothing_and_goes_on(
    nursery: Nursery, place: Path, way: str, mode: str
) -> None:
    everything = contents(place / "given")
    template = home_of(place, "template")
    vault = of(place, template)
    vault.sealing = way == "unseal"
    for file in (place / "given").iterdir():
        vault.adopt(file)
    half = set()
    for home, outcome in crashed(nursery, place, template, way, mode):
        vault = of(place, home)
        found = {sha256: vault.shown(sha256) for sha256 in everything}
        assert found == everything, "whatever ended it"
        half.add(vault.sealed().files)
        if mode == "full":
            assert outcome.fact("error") in (None, "disk-full")
        vault.tidy()
        convert = vault.reseal if way == "reseal" else vault.unseal
        convert(threading.Event())
        ending = ".age" if way == "reseal" else ""
        assert {one.name for one in files_of(home)} == {f"{one}{ending}" for one in everything}
        assert all(vault.sound(sha256) for sha256 in everything)
    assert half == {0, 1, 2}, "the calls that were hit reached from the first to the last file"


def test_every_byte_is_durable_before_the_other_copy_goes(nursery: Nursery, place: Path) -> None:
    """What a power cut adds to a kill: order. Write, fsync, rename, folder fsync, unlink."""
    home = home_of(place, "home")
    plain = Vault(home / "vault")
    for file in (place / "given").iterdir():
        plain.adopt(file)
    calls = nursery.run(home, "reseal", "count", 0).calls
    unlinks = [n for n, call in enumerate(calls) if "unlink" in call and ".part" not in call]
    assert len(unlinks) == len(SIZES)
    last = -1
    for unlink in unlinks:
        kind = [call.partition(" ")[0] for call in calls[last + 1 : unlink]]
        named = next(n for n, name in enumerate(kind) if name.startswith("rename"))
        written = max(n for n, name in enumerate(kind) if name == "write")
        synced = [n for n, name in enumerate(kind) if name == "fsync"]
        assert any(written < n < named for n in synced), "the file, before it gets its name"
        assert any(n > named for n in synced), "its folder, before the other name goes"
        last = unlink


# --- an encrypted home at work --------------------------------------------------------------------

CLEAR = (b"JFIF\0\1", b"%PDF-1.", b"level\tpage_num")
"""Of a page, a bundle, a table of words."""


@pytest.fixture
def empty_sealed(empty_home: Path, ring: Path, tmp_path: Path) -> Path:
    """An encrypted home with one dossier and one paper."""
    home = tmp_path / "empty"
    shutil.copytree(empty_home, home)
    encrypt(home)
    return home


@pytest.fixture
def ready_sealed(ready_home: Path, ring: Path, tmp_path: Path) -> Path:
    """An encrypted home whose bundle is the only work left."""
    home = tmp_path / "ready"
    shutil.copytree(ready_home, home)
    encrypt(home)
    return home


@pytest.mark.parametrize("mode", ["after", "full"])
def test_a_capture_loses_no_reported_page(
    nursery: Nursery, empty_sealed: Path, images: Path, tmp_path: Path, mode: str
) -> None:
    shutil.copytree(images, tmp_path / "images")
    stack = [sha256_of(image) for image in sorted(images.iterdir())]
    reported, errors = set(), set()
    for _, home, outcome in crashes(nursery, empty_sealed, tmp_path, "capture", mode):
        delivered = list((home / "incoming").glob("*/*.jpg"))
        found = pages_of(reopened(home))
        assert found == stack[: len(found)], "in their places, each once"
        assert found[: len(outcome.pages())] == outcome.pages()
        assert len(found) >= max(len(outcome.pages()), len(delivered))
        assert carry_on(home) is Mode.ON
        assert files_with(home, *CLEAR) == [], "also what a crash had left"
        reported.add(len(outcome.pages()))
        errors.add(outcome.fact("error"))
    assert reported == {0, 1, 2}
    assert errors == ({"disk-full", None} if mode == "full" else {None})


@pytest.mark.parametrize("mode", ["after", "full"])
def test_a_finished_bundle_is_whole_or_made_again(
    nursery: Nursery, ready_sealed: Path, tmp_path: Path, mode: str
) -> None:
    outcomes = set()
    for _, home, outcome in crashes(nursery, ready_sealed, tmp_path, "bundle", mode):
        dossier = reopened(home)
        bundle = dossier.bundle(dossier.papers[0])
        outcomes.add(bundle is None)
        assert not list((home / "work").iterdir()), "copies are cleared"
        assert files_with(home, *CLEAR) == []
        if outcome.fact("done"):
            assert bundle is not None
        if bundle is None:
            with App(home, "test") as app:
                assert app.work.claim([WorkKind.BUNDLE]), "the plan calls for it again"
    assert outcomes == {True, False}

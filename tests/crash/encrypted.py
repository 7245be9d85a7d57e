"""Scenarios of encrypted homes and sealed vaults, for the nursery."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module

from digitizer.app import App
from digitizer.homekeys import Custody
from digitizer.policy import FREE
from digitizer.storage.seal import Seal
from digitizer.storage.vault import Vault
from tests.crash.child import Child
from tests.sealedhome import PASSPHRASE

for _library in ("keyring", "pyrage", "sqlcipher3"):  # once for all children
    import_module(_library)


def keep_sealed(child: Child) -> None:
    """Two files beside the home, the second a bundle's size, go into its sealed vault."""
    vault = sealed_vault(child)
    child.arm()
    for file in sorted((child.home.parent / "files").iterdir()):
        child.tell(sha256=vault.adopt(file).sha256)
        file.unlink()
    child.disarm()


def convert_vault(child: Child, way: Callable[[Vault, threading.Event], int]) -> None:
    """A start that clears what a crash left, and all of a vault sealed, or made plain again."""
    vault = sealed_vault(child)
    child.arm()
    vault.tidy()
    converted = way(vault, threading.Event())
    child.disarm()
    child.tell(done=True, converted=converted)


def sealed_vault(child: Child) -> Vault:
    """The vault of the home, with the seal whose identity lies beside it."""
    identity = (child.home.parent / "identity").read_text(encoding="ascii")
    return Vault(child.home / "vault", Seal(identity))


def convert(child: Child) -> None:
    """Opening a home that is being switched, and going on until all is converted."""
    child.arm()
    with App(child.home, "crash test", policy=FREE) as app:
        put_off = app.encryption.trouble
        state = app.encryption.carry_on(threading.Event(), lambda *_: None)
    child.disarm()
    child.tell(mode=state.mode, error=put_off.code if put_off else None)


def prepare(child: Child) -> None:
    """Keys made, written down and confirmed."""
    with App(child.home, "crash test", policy=FREE) as app:
        child.arm()
        key = app.encryption.prepare(Custody.KEYRING)
        app.encryption.confirm(key[-6:])
        child.disarm()
    child.tell(done=True)


def change_custody(child: Child) -> None:
    """A passphrase in the place of the keyring."""
    with App(child.home, "crash test", policy=FREE) as app:
        child.arm()
        app.encryption.change_custody(Custody.PASSPHRASE, PASSPHRASE)
        child.disarm()
    child.tell(done=True)


def new_recovery_key(child: Child) -> None:
    """Another recovery key, written down and confirmed."""
    with App(child.home, "crash test", policy=FREE) as app:
        child.arm()
        key = app.encryption.offer_recovery_key()
        child.tell(key=key)
        app.encryption.confirm_recovery_key(key[-6:])
        child.disarm()
    child.tell(done=True)


SCENARIOS: dict[str, Callable[[Child], None]] = {
    "keep-sealed": keep_sealed,
    "reseal": lambda child: convert_vault(child, Vault.reseal),
    "unseal": lambda child: convert_vault(child, Vault.unseal),
    "convert": convert,
    "prepare": prepare,
    "change-custody": change_custody,
    "new-recovery-key": new_recovery_key,
}

"""The group ``encryption``: whether this home is encrypted, and who holds its key.

Passphrases and recovery keys come from a prompt on a terminal, else from standard input, a line
each; never from an argument.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from digitizer import encrypting, homekeys
from digitizer.app import App
from digitizer.cli import asking
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import LATER, Shell, complain, shell
from digitizer.config import Home
from digitizer.errors import NotEncrypted, Stopped
from digitizer.homekeys import Custody, Mode
from digitizer.storage import access
from digitizer.storage.vault import Vault

_Custody = Annotated[Custody, typer.Option(help="Who holds the key from now on.")]
_WORDS = {
    Mode.OFF: "this home is not encrypted",
    Mode.SWITCHING_ON: "this home is being encrypted",
    Mode.ON: "this home is encrypted",
    Mode.SWITCHING_OFF: "this home is being made plain again",
}


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Whether this home is encrypted, and who holds its key.")
    group.command("status")(status)
    group.command("on")(on)
    group.command("off")(off)
    group.command("passphrase")(passphrase)
    group.command("keyring")(keyring)
    group.command("recovery-key")(recovery_key)
    group.command("recover")(recover)
    app.add_typer(group, name="encryption")


def status(context: typer.Context) -> None:
    """Tell how this home lies on the disk; needs no key."""
    here = shell(context)
    value = _status(Home(here.home.absolute()))
    here.value(value, _said(value))


def on(context: typer.Context, custody: _Custody = Custody.KEYRING) -> None:
    """Encrypt this home, or go on with that: shows the recovery key once, and wants its last six
    characters back."""
    here = shell(context)
    home = Home(here.home.absolute())
    word: str | None = None
    mode = encrypting.state(home).mode
    with interruptible(here.stop):
        if mode is Mode.OFF:
            word = asking.new_passphrase() if custody is Custody.PASSPHRASE else None
            with App(here.home, "encryption on") as app:
                key = app.encryption.prepare(custody, word)
                _show_key(here, key)
                app.encryption.confirm(asking.recovery_tail())
        elif mode is Mode.SWITCHING_OFF:
            raise typer.BadParameter("it is being made plain again: 'encryption off' ends that")
        _carry_on(here, "encryption on", word)


def off(context: typer.Context) -> None:
    """Make this home plain again, or go on with that."""
    here = shell(context)
    with interruptible(here.stop):
        if encrypting.state(Home(here.home.absolute())).mode is not Mode.OFF:
            with App(here.home, "encryption off") as app:
                app.encryption.switch_off()
        _carry_on(here, "encryption off", None)


def _carry_on(here: Shell, command: str, word: str | None) -> None:
    home = Home(here.home.absolute())
    if encrypting.state(home).mode in (Mode.SWITCHING_ON, Mode.SWITCHING_OFF):
        with (
            App(here.home, command, passphrase=word) as app,
            Progress(console=Console(stderr=True), disable=here.as_json, transient=True) as bar,
        ):
            task = bar.add_task("converting", total=None)
            app.encryption.carry_on(
                here.stop, lambda done, total: bar.update(task, completed=done, total=total)
            )
            trouble = app.encryption.trouble
        if trouble is not None:
            raise trouble
    value = _status(home)
    here.event({"event": "end", **value}, _said(value))
    if here.stop.is_set() and value["mode"] not in (Mode.ON, Mode.OFF):
        complain(str(Stopped()))
        raise typer.Exit(LATER)


def passphrase(context: typer.Context) -> None:
    """Have a passphrase open this home, or another one than now."""
    _change(shell(context), "encryption passphrase", Custody.PASSPHRASE)


def keyring(context: typer.Context) -> None:
    """Have this system's keyring hold the key: it opens with the account's sign-in."""
    _change(shell(context), "encryption keyring", Custody.KEYRING)


def _change(here: Shell, command: str, custody: Custody) -> None:
    home = Home(here.home.absolute())
    _check_encrypted(home)
    with App(here.home, command) as app:
        word = asking.new_passphrase() if custody is Custody.PASSPHRASE else None
        app.encryption.change_custody(custody, word)
    value = _status(home)
    here.value(value, _said(value))


def recovery_key(context: typer.Context) -> None:
    """Show another recovery key, once, and want its last six characters back; from then on the one
    before opens nothing any more."""
    here = shell(context)
    home = Home(here.home.absolute())
    _check_encrypted(home)
    with App(here.home, "encryption recovery-key") as app:
        _show_key(here, app.encryption.offer_recovery_key())
        app.encryption.confirm_recovery_key(asking.recovery_tail())
    value = _status(home)
    line = "the new recovery key holds; the one before opens nothing any more"
    here.event({"event": "end", **value}, line)


def _check_encrypted(home: Home) -> None:
    access.check_keys(home)
    if encrypting.state(home).mode is Mode.OFF:
        raise NotEncrypted


def recover(context: typer.Context, custody: _Custody = Custody.PASSPHRASE) -> None:
    """Open this home with its recovery key, and set a new passphrase, or the keyring."""
    here = shell(context)
    key = asking.recovery_key()
    word = asking.new_passphrase() if custody is Custody.PASSPHRASE else None
    encrypting.recover(here.home, key, custody, word)
    value = _status(Home(here.home.absolute()))
    here.value(value, f"opened with the recovery key; {_said(value)}")


def _show_key(here: Shell, key: str) -> None:
    here.event(
        {"event": "recovery-key", "key": key},
        f"Recovery key, shown this once. Write it down and lock it away:\n\n  {key}\n",
    )


def _status(home: Home) -> dict[str, Any]:
    access.check_keys(home)
    found = encrypting.state(home)
    vault = Vault(home.vault)
    encrypted, plain = (vault.sealed(), vault.unsealed()) if home.vault.is_dir() else (None, None)
    return {
        "mode": found.mode,
        "custody": found.custody,
        "database": "encrypted" if found.database else "plain",
        "files": {
            "encrypted": encrypted.files if encrypted else 0,
            "plain": plain.files if plain else 0,
        },
        "recovery": homekeys.were_made(home) and found.mode is not Mode.OFF,
        "able": found.able,
    }


def _said(value: dict[str, Any]) -> str:
    files = value["files"]
    line = _WORDS[value["mode"]]
    if value["custody"] is not None:
        line += f", its key is held by a {value['custody']}"
    line += f"; database {value['database']}, files: {files['encrypted']} encrypted"
    line += f", {files['plain']} plain"
    return line if value["able"] else f"{line}; this machine lacks the libraries for it"

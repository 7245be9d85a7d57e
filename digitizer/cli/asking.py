"""What a command asks of the person at the terminal: a password, a PIN, a yes.

From standard input, or a prompt on a terminal; never from an argument.
"""

from __future__ import annotations

import sys

import typer

from digitizer.authority import Authority
from digitizer.errors import CertificateUnconfirmed, PasswordMissing, PinMissing

_MAX_PASSWORD = 1000


def password() -> str:
    """Return a password; empty where none was given.

    Raises:
        PasswordMissing: what came is not UTF-8.
    """
    return _secret("Password") or ""


def pin() -> str:
    """Return the PIN of a token, or the password of a key file.

    Raises:
        PinMissing: nothing came, not even an empty line: a token would count it as a wrong one.
        PasswordMissing: what came is not UTF-8.
    """
    found = _secret("PIN")
    if found is None:
        raise PinMissing
    return found


def _secret(what: str) -> str | None:
    """Return a secret that is typed or written to standard input; None where that had ended."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, err=True))
    line = sys.stdin.buffer.readline(_MAX_PASSWORD)
    if not line:
        return None
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise PasswordMissing("it is not UTF-8") from error


def confirm(found: Authority, fingerprint: str | None) -> None:
    """Have somebody confirm a CA: by its fingerprint, or by a yes on a terminal.

    Raises:
        CertificateUnconfirmed: nobody did, or the fingerprint is another.
    """
    if fingerprint is not None:
        if not found.is_known_as(fingerprint):
            raise CertificateUnconfirmed(found.fingerprint)
        return
    if not sys.stdin.isatty():
        raise CertificateUnconfirmed(found.fingerprint)
    typer.echo(f"CA: {found.subject}", err=True)
    typer.echo(f"valid {found.begins:%Y-%m-%d} to {found.ends:%Y-%m-%d}", err=True)
    typer.echo(f"SHA-256 {found.fingerprint}", err=True)
    if not typer.confirm("Is this what the administrator told you? Trust it?", err=True):
        raise CertificateUnconfirmed(found.fingerprint)


def home_passphrase() -> str | None:
    """Return the passphrase of an encrypted home; None where no terminal is there to ask on."""
    if not sys.stdin.isatty():
        return None
    return str(typer.prompt("Passphrase of this home", hide_input=True, err=True))


def new_passphrase() -> str:
    """Return a new passphrase of a home, typed twice on a terminal. Raises ``PasswordMissing``."""
    if not sys.stdin.isatty():
        return _secret("New passphrase") or ""
    told = typer.prompt(
        "New passphrase of this home", hide_input=True, confirmation_prompt=True, err=True
    )
    return str(told)


def recovery_tail() -> str:
    """Return the last characters of a recovery key, as somebody wrote it down."""
    return _told("Its last six characters, from what you wrote down")


def recovery_key() -> str:
    """Return a recovery key, as somebody wrote it down."""
    return _told("Recovery key")


def _told(what: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(what, err=True))
    return sys.stdin.buffer.readline(_MAX_PASSWORD).decode("utf-8-sig", "replace").strip()

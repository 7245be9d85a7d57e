"""How something is signed, as options of the commands that sign and of those that set the rules.

``Given`` holds what was said; ``with_given`` puts its fields into a command as options, so that
they stand here once. Used by ``cli.signing``.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from digitizer.signingrules import TIMESTAMPS, CopyKind, KeyKind, Look, Rules, fits, is_service

Key = Annotated[
    Path | None, typer.Option("--key", metavar="FILE", help="A PKCS#12 file (.p12, .pfx).")
]
Token = Annotated[
    Path | None,
    typer.Option("--token", metavar="MODULE", help="The PKCS#11 library of a USB token."),
]
Service = Annotated[
    str | None, typer.Option("--service", metavar="URL", help="The VGCA signing service.")
]
Label = Annotated[
    str | None, typer.Option("--label", help="The token's label, where several are plugged in.")
]
Serial = Annotated[
    str | None,
    typer.Option("--serial", help="The token's serial number, where several bear one label."),
]
LookOption = Annotated[
    Look | None, typer.Option("--look", help="The officer's own signature, or a certified copy.")
]
Copy = Annotated[CopyKind | None, typer.Option("--copy", help="The form of a certified copy.")]
Agency = Annotated[
    str | None, typer.Option("--agency", help="The agency's name, as certified copies bear it.")
]
Timestamps = Annotated[
    str | None,
    typer.Option("--timestamps", metavar="URL", help="An RFC 3161 server; '' for none."),
]


@dataclass(frozen=True, slots=True)
class Given:
    """What was said of a signature; None where nothing was, and the office's rules hold."""

    key: Key = None
    token: Token = None
    service: Service = None
    label: Label = None
    serial: Serial = None
    look: LookOption = None
    copy: Copy = None
    agency: Agency = None
    timestamps: Timestamps = None

    def over(self, rules: Rules) -> Rules:
        """Return the rules with what was said in their place.

        Raises ``typer.BadParameter`` for more than one key, or what is no such address.
        """
        if sum(one is not None for one in (self.key, self.token, self.service)) > 1:
            raise typer.BadParameter("give one of --key, --token and --service")
        if self.timestamps is not None and not fits(TIMESTAMPS, self.timestamps):
            raise typer.BadParameter("it is no http or https address", param_hint="--timestamps")
        if self.service is not None and not is_service(self.service):
            raise typer.BadParameter(
                "it is no wss:// address of this machine", param_hint="--service"
            )
        if self.key is not None:
            rules = replace(rules, key=KeyKind.FILE, path=str(self.key.absolute()))
        elif self.token is not None:
            rules = replace(rules, key=KeyKind.TOKEN, path=str(self.token.absolute()))
        elif self.service is not None:
            rules = replace(rules, key=KeyKind.SERVICE, path=self.service)
        another = (self.key, self.token, self.service, self.label, self.serial)
        if any(one is not None for one in another):
            rules = replace(rules, label="", serial="")  # what names one names no other
        said: dict[str, Any] = {
            name: value
            for name in ("label", "serial", "look", "copy", "agency", "timestamps")
            if (value := getattr(self, name)) is not None
        }
        return replace(rules, **said)


def with_given(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose parameter ``given`` is spread into the options that it is made of."""
    options = inspect.signature(Given, eval_str=True).parameters
    spread = [
        parameter
        for name, own in inspect.signature(command, eval_str=True).parameters.items()
        for parameter in (options.values() if name == "given" else (own,))
    ]

    @functools.wraps(command)
    def spread_out(**words: Any) -> None:
        command(given=Given(**{one.name: words.pop(one.name) for one in fields(Given)}), **words)

    spread_out.__signature__ = inspect.Signature(spread)  # type: ignore[attr-defined]  # what typer reads
    spread_out.__annotations__ = {one.name: one.annotation for one in spread}
    return spread_out

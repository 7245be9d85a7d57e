"""The command ``training``: the window on a training home, with a virtual scanner and a sandbox."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Annotated

import typer

from digitizer.cli.shell import shell

_NO_KEYRING = "keyring.backends.fail.Keyring"


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(training)


def training(
    context: typer.Context,
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew.")] = False,
) -> None:
    """Practise in the window with sample papers; nothing is sent anywhere."""
    from digitizer.training.course import Course
    from digitizer.training.place import beside

    here = shell(context)
    os.environ["PYTHON_KEYRING_BACKEND"] = _NO_KEYRING  # the sandbox's password is no secret
    place = beside(here.home)
    if reset:
        place.reset()
    place.make()
    here.value({"home": str(place.root)}, f"training home: {place.root}")
    with Course(place) as course:
        raise typer.Exit(
            import_module("ui.__main__").run(place.root, course=course, speaks_as=here.home)
        )

"""Commands on profiles (*mẫu quét*): list, make, remove, hand out and take over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from digitizer.app import App, Facts
from digitizer.cli.shell import shell
from digitizer.durable import write_durably
from digitizer.errors import FileMissing, OutputUnwritable, ProfileUnknown, from_os
from digitizer.profiles import FILE_BYTES, NamedProfile, Profiles, text_of
from digitizer.scanning import Mode, Profile, Size, Source

_Name = Annotated[str, typer.Argument(metavar="NAME")]


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Named wishes to scan, for 'scan --profile' and the window.")
    group.command("list")(list_)
    group.command("set")(set_)
    group.command("remove")(remove)
    group.command("export")(export)
    group.command("import")(import_)
    app.add_typer(group, name="profile")


def list_(context: typer.Context) -> None:
    """List the profiles."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = Profiles(facts.store).all()
    lines = [
        f"{one.name}: {one.profile.dpi} dpi, {one.profile.mode}, {one.profile.source or 'auto'}"
        for one in found
    ]
    here.value([as_json(one) for one in found], "\n".join(lines))


def set_(
    context: typer.Context,
    name: _Name,
    device: Annotated[str | None, typer.Option(metavar="ID", help="Empty: any scanner.")] = None,
    source: Annotated[str | None, typer.Option(help="auto, flatbed, adf or adf-duplex.")] = None,
    both_sides: Annotated[
        bool | None, typer.Option("--both-sides/--one-side", help="Where the source is auto.")
    ] = None,
    dpi: Annotated[int | None, typer.Option(min=50, max=1200)] = None,
    mode: Annotated[Mode | None, typer.Option()] = None,
    size: Annotated[
        str | None, typer.Option(metavar="WxH", help="Millimetres, as 210x297; 'max': the largest.")
    ] = None,
    double_feed: Annotated[
        bool | None,
        typer.Option("--double-feed/--no-double-feed", help="Notice stuck sheets."),
    ] = None,
    wait: Annotated[bool | None, typer.Option("--wait/--no-wait", help="Wait for paper.")] = None,
    below_floor: Annotated[
        str | None, typer.Option(metavar="REASON", help="Why less than colour at 200 dpi.")
    ] = None,
) -> None:
    """Make a profile, or change what is said of one."""
    here = shell(context)
    changed: dict[str, Any] = {
        "device": device,
        "both_sides": both_sides,
        "dpi": dpi,
        "mode": mode,
        "double_feed": double_feed,
        "wait": wait,
        "below_floor": below_floor,
    }
    given = {key: value for key, value in changed.items() if value is not None}
    if source is not None:
        if source not in ("auto", *Source):
            raise typer.BadParameter("auto, flatbed, adf or adf-duplex", param_hint="--source")
        given["source"] = None if source == "auto" else Source(source)
    if size is not None:
        given["size"] = _size(size)
    with App(here.home, "profile set") as app:
        try:
            before = app.profiles.get(name).profile
        except ProfileUnknown:
            before = Profile("")
        made = NamedProfile(name.strip(), replace(before, **given))
        app.profiles.put(made)
    here.value(as_json(made), f"profile {made.name} kept")


def remove(context: typer.Context, name: _Name) -> None:
    """Forget a profile."""
    here = shell(context)
    with App(here.home, "profile remove") as app:
        app.profiles.remove(name)
        left = app.profiles.all()
    here.value([as_json(one) for one in left], f"profile {name.strip()} removed")


def export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Default: print.")] = None,
) -> None:
    """Write all profiles as one TOML file to hand out."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = Profiles(facts.store)
        text, count = found.exported(), len(found.all())
    if file is None:
        here.value({"toml": text}, text)
        return
    try:
        write_durably(file.absolute(), text.encode())
    except OSError as error:
        raise OutputUnwritable(file.name) from error
    here.value({"out": str(file), "profiles": count}, f"{file}: {count} profiles")


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="'-' reads standard input.")],
) -> None:
    """Take the profiles of a TOML file; those of the same name are replaced, others stay."""
    here = shell(context)
    text = _text(file)
    with App(here.home, "profile import") as app:
        found = app.profiles.take(text)
    here.value([as_json(one) for one in found], f"{len(found)} profiles taken")


def as_json(named: NamedProfile) -> dict[str, Any]:
    """Return a profile as the command line prints it."""
    profile = named.profile
    return {
        "name": named.name,
        "device": profile.device,
        "source": profile.source or "auto",
        "both_sides": profile.both_sides,
        "dpi": profile.dpi,
        "mode": profile.mode,
        "size_mm": None if profile.size is None else [profile.size.width, profile.size.height],
        "double_feed": profile.double_feed,
        "wait": profile.wait,
        "below_floor": profile.below_floor,
    }


def _size(text: str) -> Size | None:
    if text == "max":
        return None
    width, cross, height = text.lower().partition("x")
    try:
        size = Size(float(width), float(height)) if cross else None
    except ValueError:
        size = None
    if size is None or not (20 <= size.width <= 2000 and 20 <= size.height <= 2000):
        raise typer.BadParameter("millimetres, as 210x297, or 'max'", param_hint="--size")
    return size


def _text(file: Path) -> str:
    try:
        if str(file) == "-":
            data = sys.stdin.buffer.read(FILE_BYTES + 1)
        else:
            with file.open("rb") as opened:
                data = opened.read(FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise FileMissing(file.name) from error
    except OSError as error:
        raise from_os(error, file.name) from error
    return text_of(data)

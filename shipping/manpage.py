"""The page that ``man digitizer`` shows, written from the command line itself."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from digitizer import __version__
from digitizer.cli.main import app

_HEAD = """\
.TH DIGITIZER 1 "{date}" "digitizer {version}" "User commands"
.SH NAME
digitizer \\- scan, auto\\-save, read, bundle and upload dossiers
.SH SYNOPSIS
.B digitizer
[\\fB\\-\\-home\\fR \\fIDIR\\fR] [\\fB\\-\\-json\\fR] [\\fICOMMAND\\fR ...]
.br
.B digitizer \\-\\-open
.I CODE
.SH DESCRIPTION
Without a command it opens the window. \\fBdigitizer\\fR \\fICOMMAND\\fR \\fB\\-\\-help\\fR tells a
command's options.
.SH COMMANDS
"""
_TAIL = """\
.SH FILES
.TP
.I ~/.local/share/digitizer
The home folder: everything is kept there, also when the package is removed. \\fB\\-\\-home\\fR or
DIGITIZER_HOME names another.
.TP
.I /etc/xdg/digitizer/digitizer.toml
What an administrator sets and locks for all accounts.
.TP
.I digitizer\\-sync.service
A user unit: sends what is finished while the window is closed.
.SH EXIT STATUS
0 done; 2 wrong usage; 3 somebody has to do something first; 4 temporary, call it again;
5 refused for good; 70 a bug.
"""


def page(at: int) -> str:
    """Return the page in man's own markup; ``at``: its date, in seconds since 1970."""
    date = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    lines = [_HEAD.format(date=date, version=__version__)]
    for name, said in commands():
        lines.append(f".TP\n.B {_safe(name)}\n{_safe(said)}\n")
    return "".join([*lines, _TAIL])


def commands() -> list[tuple[str, str]]:
    """Return every command, with those of its groups, and what it says of itself."""
    root = typer.main.get_command(app)
    found: list[tuple[str, str]] = []
    waiting = [("", root)]
    while waiting:
        path, command = waiting.pop()
        below = getattr(command, "commands", None)
        if below is None:
            found.append((path, " ".join((command.help or "").split("\\f")[0].split())))
            continue
        waiting += [(f"{path} {name}".strip(), each) for name, each in below.items()]
    return sorted(found)


def _safe(text: str) -> str:
    """Keep man from taking a word of ours for one of its own."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped

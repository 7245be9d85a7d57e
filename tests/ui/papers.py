"""Papers that look real, for the pictures in the documents: 300 dpi, colour, one citizen's.

Rendered once into a folder, for rendering takes seconds; the feeder is loaded from there. People
and agencies are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digitizer.sandbox import stack
from digitizer.sandbox.birth import birth_note


@dataclass(frozen=True, slots=True)
class Papers:
    """What the citizen brought, by the paper of the dossier it belongs to. Files in order."""

    form: tuple[Path, ...]
    birth: tuple[Path, ...]
    identity: tuple[Path, ...]
    document: tuple[Path, ...]
    """A long text, of another dossier."""


def render(folder: Path, code: str, holder: str) -> Papers:
    """Render everything into ``folder``."""
    folder.mkdir(parents=True)
    blank = stack.save(stack.blank_back(), folder)

    def kept(*pages: stack.StackPage) -> tuple[Path, ...]:
        return tuple(stack.save(page, folder) for page in pages)

    return Papers(
        (*kept(stack.form(holder)), blank),
        kept(birth_note(holder)),
        (
            *kept(stack.letter(holder)),
            blank,
            *kept(stack.askew_statement(holder), stack.receipt(code, holder)),
        ),
        kept(*(stack.text_page(number, 4) for number in (1, 2, 4))),
    )

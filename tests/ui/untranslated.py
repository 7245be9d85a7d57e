"""Which texts of the window have no English yet: ``python -m tests.ui.untranslated``.

Prints them as lines to be filled in and put into ``ui/assets/en.json`` (``--sort`` puts that file
into its order), then the entries that nothing asks for any more, then texts that cannot be
translated as they are written: Vietnamese in an f-string. Used by ``test_language``.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from digitizer.errors import DigitizerError
from digitizer.procedure.connect import KINDS
from ui import (
    asides,
    commands,
    doctor_words,
    folder_words,
    key_sheets,
    places,
    profile_words,
    signing_words,
    web_words,
    wording,
)
from ui.language import CATALOGUE, texts

UI = Path(__file__).resolve().parents[2] / "ui"
_VIETNAMESE = re.compile(r"[À-ÖØ-öø-ỹĐđ]|\b(trang|xoay)\b")
"""Letters that only Vietnamese has, and words of a clerk's day without any."""
_NO_TEXT = frozenset({"đ", " trang ", " trang\n"})
"""Strings that look like texts and are never shown."""
_ASKING = ("tr", "say", "_text")


def wanted() -> dict[str, str]:
    """Return every text that may be shown, and where it stands."""
    found = {text: where for where, text in _tables()}
    for file in sorted(UI.rglob("*.py")):
        for node, text in _written(ast.parse(file.read_text("utf-8"))):
            found.setdefault(text, f"{file.relative_to(UI.parent)}:{node.lineno}")
    return {text: where for text, where in found.items() if text.strip() and text not in _NO_TEXT}


def unsayable() -> list[str]:
    """Return where Vietnamese stands in an f-string: no catalogue can hold it."""
    found = []
    for file in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and any(
                isinstance(part, ast.Constant) and _VIETNAMESE.search(str(part.value))
                for part in node.values
            ):
                found.append(f"{file.relative_to(UI.parent)}:{node.lineno}")
    return found


def _tables() -> Iterator[tuple[str, str]]:
    """Yield the texts of tables, where not every text has a Vietnamese letter."""
    for name in places.NAMES.values():
        yield "ui.places", name
    for aside in asides.Aside:
        yield "ui.asides", aside.value
    for kind in KINDS.values():
        if _VIETNAMESE.search(kind.title):
            yield "digitizer.procedure.connect", kind.title
    for command in commands.Command:
        yield "ui.commands", command.value
    for sheet in (key_sheets.ALL, key_sheets.OF_STACK):
        for group, lines in sheet.groups:
            yield "ui.key_sheets", group
            yield from (("ui.key_sheets", key) for key, _ in lines if _VIETNAMESE.search(key))
    for act in wording.Act:
        yield "ui.wording", act.value
    for text in (folder_words.AGAIN, folder_words.SKIP, folder_words.SKIP_ALL, folder_words.LEAVE):
        yield "ui.folder_words", text
    for text in web_words.BUTTONS:
        yield "ui.web_words", text
    for words in (*profile_words.SOURCES, *profile_words.MODES):
        yield "ui.profile_words", words
    for text in signing_words.COPIES.values():
        yield "ui.signing_words", text
    for text in doctor_words.TEXTS:
        yield "ui.doctor_words", text
    for row in _rows(DigitizerError):
        yield "digitizer.errors", row.title
        yield "digitizer.errors", row.hint


def _rows(base: type[DigitizerError]) -> Iterator[type[DigitizerError]]:
    yield base
    for child in base.__subclasses__():
        yield from _rows(child)


def _written(tree: ast.Module) -> Iterator[tuple[ast.Constant, str]]:
    """Yield what is asked for by name, and whatever else is Vietnamese and no comment."""
    silent = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _ASKING and node.args:
            yield from _constants(node.args[0])
        elif isinstance(node, ast.Constant) and id(node) not in silent:
            text = node.value
            if isinstance(text, str) and _VIETNAMESE.search(text):
                yield node, text


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _constants(node: ast.expr) -> Iterator[tuple[ast.Constant, str]]:
    """Yield the texts that an argument may be; not those it is looked up by."""
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, node.value


def missing(known: Iterable[str]) -> dict[str, str]:
    """Return the texts that ``known`` lacks, and where they stand."""
    there = set(known)
    return {text: where for text, where in wanted().items() if text not in there}


def main() -> int:
    """Print what is missing; with ``--sort`` first put the catalogue into order."""
    known = texts()
    if "--sort" in sys.argv[1:]:
        ordered = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
        CATALOGUE.write_text(ordered + "\n", "utf-8")
    lacking, unused = missing(known), sorted(set(known) - set(wanted()) - {"vi"})
    for text in lacking:
        sys.stdout.write(f' {json.dumps(text, ensure_ascii=False)}: "",\n')
    for text in unused:
        sys.stdout.write(f"unused: {text!r}\n")
    for where in unsayable():
        sys.stdout.write(f"Vietnamese in an f-string: {where}\n")
    return 1 if lacking or unsayable() else 0


if __name__ == "__main__":
    sys.exit(main())

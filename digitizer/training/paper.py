"""The sample papers: drawn once into the training home, then put into the virtual feeder.

``python -m digitizer.training.paper FOLDER`` draws what the folder does not hold yet: a program
of its own, for drawing takes seconds. Both sides of every sheet are there, as a feeder that scans
both sides gives them.
"""

from __future__ import annotations

import hashlib
import inspect
import shutil
from pathlib import Path
from typing import Any

from digitizer import programs
from digitizer.confinement import Rights
from digitizer.sandbox import birth, sheet, stack
from digitizer.sandbox.stack import StackPage
from digitizer.training.place import LESSON, Place
from digitizer.training.stacks import JAMS, Side, Stack

_FATHER = "Nguyễn Văn Thành"
_MODULE = "digitizer.training.paper"
_DRAWING_SECONDS = 300.0


def draw(place: Place) -> None:
    """Draw what is not drawn yet, in a program of its own; blocks.

    Raises:
        ProgramCrashed, ProgramTimeout, DiskFull: it could not.
    """
    folder = drawn(place)
    if not all(_image(folder, side).exists() for side in Side):
        programs.run_module(_MODULE, str(folder), timeout=_DRAWING_SECONDS)


def drawn(place: Place) -> Path:
    """Return the folder of the drawn sheets; its name changes with what is on them."""
    sources = [inspect.getsource(module) for module in (sheet, stack, birth)]
    return place.paper / hashlib.sha256("".join(sources).encode()).hexdigest()[:16]


def load(place: Place, wanted: Stack, number: int) -> None:
    """Put a stack into the feeder in place of what lies there.

    ``number`` tells one loading from the next: the scanner knows fresh paper by it.
    """
    for left in place.tray.iterdir():
        left.unlink()
    for at, side in enumerate(wanted.value, start=1):
        jam = ".jam" if JAMS.get(wanted) is side else ""
        name = f"{number:04d}-{at}-{side.value}{jam}.jpg"
        shutil.copyfile(_image(drawn(place), side), place.tray / name)


def _image(folder: Path, side: Side) -> Path:
    return folder / f"{side.value}.jpg"


def _page(side: Side) -> StackPage:
    match side:
        case Side.FORM:
            return stack.form(LESSON.holder)
        case Side.BIRTH:
            return birth.birth_note(LESSON.holder)
        case Side.MOTHER:
            return birth.identity_front(LESSON.holder, LESSON.holder_id)
        case Side.MOTHER_BACK:
            return birth.identity_back(LESSON.holder)
        case Side.FATHER:
            return birth.identity_front(_FATHER, "024096000101")
        case Side.FATHER_BACK:
            return birth.identity_back(_FATHER)
        case Side.BLANK:
            return stack.blank_back()


def _rights(argv: list[str]) -> Rights:
    return Rights(writes=tuple(Path(folder).parent for folder in argv), runs=("fc-match",))


def _draw_missing(argv: list[str]) -> Any:
    """Draw; an image gets its name last, once all of it is there."""
    folder = Path(argv[0])
    for old in folder.parent.iterdir():
        if old != folder:
            shutil.rmtree(old)
    folder.mkdir(mode=0o700, exist_ok=True)
    missing = [side for side in Side if not _image(folder, side).exists()]
    for side in missing:
        aside = folder / f"{side.value}.part"
        aside.mkdir(exist_ok=True)
        stack.save(_page(side), aside).replace(_image(folder, side))
        aside.rmdir()
    return len(missing)


if __name__ == "__main__":
    programs.serve(_draw_missing, _rights)

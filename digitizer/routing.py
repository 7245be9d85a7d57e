"""PURE: what the codes and separator sheets of a batch say → where each of its pages belongs.

A page whose code holds the mã hồ sơ of a dossier we know leads to that dossier, a separator sheet
to a dossier or a paper, and so do the pages after it, up to the next such page or the end of the
batch. A page whose code nobody here knows leads itself and what follows to *Chưa phân loại*, which
is never sent. Sides of separator sheets are taken out. Called by ``digitizer.placing`` when
readings arrive. The rules and their reasons: decisions 5 and 9.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from digitizer import separators
from digitizer.identifiers import spoken_codes
from digitizer.model import Page, PlacedBy
from digitizer.separators import Parts, Separator


class Sides(Enum):
    """How a batch's pages follow each other."""

    ONE = "one"  # fronts alone
    BOTH = "both"  # front, back, front, back …
    UNKNOWN = "unknown"  # files from elsewhere


class Astray(Enum):
    """The dossier of pages whose dossier nobody can tell: *Chưa phân loại*."""

    ASTRAY = "astray"


class Base(Struct, frozen=True):
    """Where a batch was scanned into, and whose links are believed.

    Attributes:
        dossier: The id of that dossier; empty: not told.
        local: It waits for its mã hồ sơ: a code nobody knows may be its own.
        own: The one such code that its pages bear; empty: none yet.
        hosts: Names of the procedure system's hosts.
    """

    dossier: str = ""
    local: bool = False
    own: str = ""
    hosts: frozenset[str] = frozenset()


class Goal(Struct, frozen=True):
    """Where a page belongs.

    Attributes:
        dossier: The id of a dossier we know; ``ASTRAY``; None: where its batch was scanned into.
        begin: Mã hồ sơ of a dossier that a separator sheet of ours names and we do not know.
        opener: The id of the page that begins its paper: a separator sheet's, or one whose code
            nobody knows; empty: there is none.
        says: What that sheet says of the paper.
        first: The first page behind that sheet, whose title may tell which paper it is.
        strange: The mã hồ sơ on a page that led astray, or that came first among pages astray.
    """

    dossier: str | Astray | None = None
    begin: str = ""
    opener: str = ""
    says: Separator = separators.NEXT_PAPER
    first: Page | None = None
    strange: str = ""

    @property
    def home(self) -> bool:
        """True where nothing led its pages anywhere."""
        return self == _HOME

    @property
    def at_base(self) -> bool:
        """True for the dossier that the batch was scanned into, whichever paper of it."""
        return self.dossier is None and not self.begin


_HOME = Goal()
_NOWHERE = Base()


class Route(Struct, frozen=True):
    """What becomes of a page: its goal (None: it stays), and whether it is a separator's side."""

    page: Page
    goal: Goal | None
    separator: bool = False


class _Face(Struct, frozen=True):
    """A side of a separator sheet. ``certain``: a code, or its text without a mistake, says so."""

    says: Separator
    certain: bool

    def same_sheet(self, other: _Face) -> bool:
        """Tell whether two sides in a row may be one sheet's."""
        if self.certain and other.certain:
            return self.says == other.says
        kinds = {self.says.parts, other.says.parts} - {Parts.UNKNOWN}
        return len(kinds) <= 1


class _Begins(Struct, frozen=True):
    """What a side of a separator sheet begins; ``amends``: in the place of what the sheet's other
    side, which is hard to read, seemed to say."""

    says: Separator
    amends: bool = False


class _Back(Enum):
    """The side of a separator sheet that adds nothing to what the other says."""

    ADDS_NOTHING = "adds-nothing"


def routes(
    pages: Sequence[Page],
    find: Callable[[str], str | None],
    sides: Sides = Sides.UNKNOWN,
    base: Base = _NOWHERE,
) -> list[Route]:
    """Return where the pages of one batch belong by their codes.

    Args:
        pages: The whole batch in feeding order, or a stack that broke off and went on. Only the
            run of pages up to the first unread one is looked at: what comes after it may hide
            behind a code not yet read.
        find: Mã hồ sơ → id of the dossier we know by it, or None.
        sides: Which page is the back of which.
        base: Where the batch was scanned into.

    A page that names a dossier we do not know, or several, goes astray, and so do those after it:
    it may be a stranger's, and what an earlier code said has ended. In a dossier that waits for its
    code, the first such code is taken for that. Pages that the clerk placed or deleted keep their
    place but still carry their code's meaning to those after them.
    """
    read = _read(pages)
    sheets = _sheets(read, sides)
    found: list[Route] = []
    waiting: list[Page] = []
    before = goal = _HOME
    for page in read:
        if page.id in sheets:
            side = sheets[page.id]
            if side is not _Back.ADDS_NOTHING:
                before = before if side.amends else goal
                goal = _begun(before, side.says, page, find)
            waiting.append(page)
            continue
        codes = _codes_on(page, base.hosts)
        goal = _led(goal, page, codes, find, base)
        if goal.at_base and len(codes) == 1 and find(codes[0]) is None:
            base = replace(base, own=codes[0])
        if goal.opener and goal.first is None:
            goal = replace(goal, first=page)
        aim = None if goal.home else goal
        found += [Route(sheet, aim, separator=True) for sheet in waiting]
        found.append(Route(page, aim))
        waiting.clear()
    found += [Route(sheet, None, separator=True) for sheet in waiting]
    return [route for route in found if _may_move(route.page)]


def _read(pages: Sequence[Page]) -> list[Page]:
    """Return the pages before the first unread one; a deleted one is not waited for."""
    read: list[Page] = []
    for page in pages:
        if page.reading is not None:
            read.append(page)
        elif not page.deleted:
            break
    return read


def _may_move(page: Page) -> bool:
    return page.placed_by is not PlacedBy.CLERK and (page.separator or not page.deleted)


def _begun(goal: Goal, says: Separator, page: Page, find: Callable[[str], str | None]) -> Goal:
    """Return where pages belong after a separator sheet."""
    if says.parts is Parts.DOSSIER and says.code:
        known = find(says.code)
        return Goal(dossier=known) if known is not None else Goal(begin=says.code)
    led = goal.dossier is not None or bool(goal.begin)
    if says.parts is Parts.DOSSIER or (says.parts is Parts.UNKNOWN and led):
        return Goal(dossier=Astray.ASTRAY, opener=page.id)
    if says.parts is Parts.UNKNOWN:
        says = separators.NEXT_PAPER
    return replace(goal, opener=page.id, says=says, first=None)


def _codes_on(page: Page, hosts: frozenset[str]) -> tuple[str, ...]:
    """Return the mã hồ sơ that a page's codes say it is of, sorted, each once."""
    assert page.reading is not None  # noqa: S101 - pages up to the first unread one
    said = {one for code in page.reading.codes for one in spoken_codes(code.text, hosts)}
    return tuple(sorted(said))


def _led(
    goal: Goal,
    page: Page,
    codes: Sequence[str],
    find: Callable[[str], str | None],
    base: Base,
) -> Goal:
    """Return where a page that is no separator belongs, and those after it."""
    named = {find(code) for code in codes}
    if not named:
        return goal
    if len(named) == 1 and None not in named:
        (dossier,) = named
        return goal if goal.dossier == dossier else Goal(dossier=dossier)
    if named == {None} and goal.begin and goal.begin in codes:
        return goal
    if base.dossier in named:  # it names other dossiers beside its own
        return goal if goal.at_base or goal.dossier == base.dossier else _HOME
    strange = " ".join(codes)
    if base.local and goal.at_base and len(codes) == 1 and base.own in ("", strange):
        return goal
    if goal.dossier is Astray.ASTRAY and goal.strange in ("", strange):
        return replace(goal, strange=strange)
    return Goal(dossier=Astray.ASTRAY, opener=page.id, strange=strange)


def _sheets(read: Sequence[Page], sides: Sides) -> dict[str, _Begins | _Back]:
    """Return by page id the sides of separator sheets, with what they begin."""
    faces = [_face(page) for page in read]
    found: dict[str, _Begins | _Back] = {}
    before: _Face | None = None  # the side before, where its sheet may have another
    for at, (page, face) in enumerate(zip(read, faces, strict=True)):
        other = before
        if sides is Sides.BOTH:
            other = _other_side(read, faces, at)
            before = other if page.batch_seq % 2 == 0 else None
        elif sides is Sides.ONE:
            other = before = None
        if face is None:
            assert page.reading is not None  # noqa: S101 - pages up to the first unread one
            if page.reading.blank and other is not None:
                found[page.id] = _Back.ADDS_NOTHING
            before = None
        elif before is not None and before.same_sheet(face):
            surer = face.certain and not before.certain
            found[page.id] = _Begins(face.says, amends=True) if surer else _Back.ADDS_NOTHING
            before = None
        else:
            found[page.id] = _Begins(face.says)
            before = face
    return found


def _other_side(read: Sequence[Page], faces: Sequence[_Face | None], at: int) -> _Face | None:
    """Return the separator's side on the other side of a page's sheet, by its number."""
    seq = read[at].batch_seq
    other = seq + 1 if seq % 2 else seq - 1
    for near in (at - 1, at + 1):
        if not 0 <= near < len(read) or read[near].batch_id != read[at].batch_id:
            continue
        if read[near].batch_seq == other:
            return faces[near]
    return None


def _face(page: Page) -> _Face | None:
    reading = page.reading
    assert reading is not None  # noqa: S101 - pages up to the first unread one
    coded = separators.of_codes(code.text for code in reading.codes)
    if coded is not None:
        return _Face(coded, certain=coded.parts is not Parts.UNKNOWN)
    printed = separators.of_print(page.headings)
    if printed is None:
        return None
    return _Face(printed, certain=bool(printed.code))

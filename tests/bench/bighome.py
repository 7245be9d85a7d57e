"""Makes the home of an office after some years: thousands of dossiers, all read, bundled and sent.

The rows are what the program itself would have written, put in bulk; page images are one small
picture under many names. Used by the bench and by tests of what must not grow with the home.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from PIL import Image

from digitizer.app import App
from digitizer.config import Home
from digitizer.model import (
    Bundle,
    Dossier,
    Page,
    Paper,
    PaperKind,
    PlacedBy,
    Reading,
    Words,
)
from digitizer.readings import LOOKED
from digitizer.sandbox.seed import PROCEDURES, Procedure
from digitizer.storage.store import Store
from digitizer.storage.wordindex import catch_up

PAGES_EACH = 10
SERVER = "opencps"
RARE = "Thị Nguyệt Nga Hương Trầm"
"""Words that stand on one page alone, that of the first dossier."""

_BEGAN = datetime(2024, 1, 2, 7, 30, tzinfo=UTC)
_SIZE = (620, 877)
_DPI = 75.0
_LINKS = 30_000
_FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý"
_MIDDLES = "Văn Thị Đức Minh Hữu Thu Bích Quốc Ngọc Thanh"
_GIVEN = (
    "An Bình Chi Dũng Giang Hà Hằng Hạnh Hương Khánh Lan Linh Long Mai Nam Ngọc Phúc Quân Sơn "
    "Thảo Tuấn Vân Yến"
)
_ONSETS = "b c ch d đ g gi h k kh l m n ng nh ph qu r s t th tr v x"
_RHYMES = (
    "a ac ách ai am án ảnh ao áp ạt au ay ăn ắt ân ập âu ây em én eo ê ênh êt i ia iên iết im ình "
    "o oan oi òn ọng ô ôi ốn ộng ơi ơn u ua ùng uôi uốn ư ưa ứng ường ươi y uyên uyết ưu"
)
_FORM = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n{title}\n"
    "Kính gửi: Ủy ban nhân dân xã Tân Lập\nHọ, chữ đệm, tên người yêu cầu: {holder}\n"
    "Số định danh: {number}\nNơi cư trú: Thôn Đồng Tâm, xã Tân Lập\n{rest}"
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a home holds. ``newest``: the name of the dossier that was begun last."""

    dossiers: int
    pages: int
    newest: str


def make(root: Path, dossiers: int, *, pictures: bool = True, indexed: bool = True) -> Made:
    """Make a home with ``dossiers`` dossiers of ``PAGES_EACH`` pages.

    Args:
        root: The home's folder, to be created.
        dossiers: How many.
        pictures: Put the page images into the vault too.
        indexed: Fill the word index too; else the first start does it by and by.
    """
    App(root, "bench").close()
    home = Home(root)
    store = Store.open_for_writing(home.database, home.backups)
    try:
        with store.transaction() as tx:
            newest = _fill(tx, dossiers)
        while indexed and catch_up(store, 5000):
            pass
    finally:
        store.close()
    if pictures:
        _picture(home.vault, dossiers * PAGES_EACH)
    return Made(dossiers, dossiers * PAGES_EACH, newest)


def _fill(tx: sqlite3.Connection, count: int) -> str:
    dice = random.Random(7)
    syllables = [onset + rhyme for onset in _ONSETS.split() for rhyme in _RHYMES.split()]
    dice.shuffle(syllables)
    weights = [1 / (rank + 5) for rank in range(len(syllables))]
    common = dice.choices(syllables, weights, k=400_000)
    code = ""
    for number in range(1, count + 1):
        procedure = PROCEDURES[number % len(PROCEDURES)]
        code = f"000.00.20.H02-{24 + number // 5000}0102-{number:05d}"
        made = _dossier(number, code, procedure, dice)
        _insert_dossier(tx, made, dice, common)
    return code


def _dossier(number: int, code: str, procedure: Procedure, dice: random.Random) -> Dossier:
    begun = _BEGAN + timedelta(minutes=17 * number)
    papers = [
        Paper(
            f"p{number:06d}{position:02d}",
            part.no,
            part.name,
            PaperKind.RESULT if part.kind == 2 else PaperKind.COMPONENT,
            part.required,
            part.multiple,
            "",
            position,
        )
        for position, part in enumerate(procedure.parts, start=1)
    ]
    filled = papers[: min(4, len(papers))]
    pages: dict[str, list[Page]] = {paper.id: [] for paper in papers}
    for seq in range(1, PAGES_EACH + 1):
        paper = filled[(seq - 1) * len(filled) // PAGES_EACH]
        pages[paper.id].append(_page(number, seq, paper.id))
    holder = " ".join(dice.choice(names.split()) for names in (_FAMILIES, _MIDDLES, _GIVEN))
    return Dossier(
        f"d{number:06d}",
        code,
        None,
        procedure.code,
        procedure.name,
        holder,
        f"ref{number}",
        procedure.template,
        begun,
        begun + timedelta(minutes=9),
        tuple(replace(paper, pages=tuple(pages[paper.id])) for paper in papers),
    )


def sha256_of(index: int) -> str:
    """Return the hash under which the page with this number, from 0, is kept."""
    return hashlib.sha256(b"page %d" % index).hexdigest()


def _page(number: int, seq: int, paper_id: str) -> Page:
    sha256 = sha256_of((number - 1) * PAGES_EACH + seq - 1)
    width, height = _SIZE
    return Page(
        id=f"g{number:06d}{seq:03d}",
        batch_id=f"b{number:06d}-{paper_id[-2:]}",
        batch_seq=seq,
        batch_open=False,
        batch_read=True,
        paper_id=paper_id,
        sha256=sha256,
        turn=0,
        placed_by=PlacedBy.BATCH,
        deleted=False,
        reading=Reading(width, height, _DPI, _DPI, False, 0.08, 0, 0.0),
        words=Words(sha256, sha256, 220, 91.0),
    )


def _insert_dossier(
    tx: sqlite3.Connection, one: Dossier, dice: random.Random, common: Sequence[str]
) -> None:
    begun = one.opened_at.isoformat(timespec="microseconds")
    done = (one.finished_at or one.opened_at).isoformat(timespec="microseconds")
    tx.execute(
        "INSERT INTO dossier (id, code, procedure_code, procedure_name, holder, server_ref, "
        "template, opened_at, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            one.id,
            one.code,
            one.procedure_code,
            one.procedure_name,
            one.holder,
            one.server_ref,
            one.template,
            begun,
            done,
        ),
    )
    for paper in one.papers:
        _put(
            tx,
            "paper",
            id=paper.id,
            dossier_id=one.id,
            part=paper.part,
            title=paper.title,
            kind=paper.kind.value,
            required=paper.required,
            multiple=paper.multiple,
            position=paper.position,
        )
    for paper in (paper for paper in one.papers if paper.pages):
        _put(
            tx,
            "batch",
            id=paper.pages[0].batch_id,
            paper_id=paper.id,
            device="bench",
            profile="{}",
            started_at=begun,
            ended_at=done,
            reason="empty",
        )
        for page, text in zip(paper.pages, _texts(one, paper, dice, common), strict=True):
            _insert_page(tx, page, text, begun)
        _insert_proof(tx, one, paper, done)


def _insert_page(tx: sqlite3.Connection, page: Page, text: str, saved: str) -> None:
    _put(
        tx,
        "page",
        id=page.id,
        batch_id=page.batch_id,
        batch_seq=page.batch_seq,
        paper_id=page.paper_id,
        rank=float(page.batch_seq),
        sha256=page.sha256,
        bytes=1,
        suffix="jpg",
        placed_by=page.placed_by.value,
        saved_at=saved,
    )
    width, height = _SIZE
    _put(
        tx,
        "reading",
        sha256=page.sha256,
        width=width,
        height=height,
        dpi_x=_DPI,
        dpi_y=_DPI,
        blank=0,
        ink=0.08,
        turn=0,
        skew=0.0,
        codes="[]",
        looked=LOOKED,
    )
    key = {"sha256": page.sha256, "turn": 0, "crop": ""}
    read = {"count": 220, "confidence": 91.0, "looked": LOOKED}
    _put(tx, "words", **key, tsv=page.sha256, pdf=page.sha256, **read)
    _put(tx, "page_text", **key, text=text, raw=text, changes="[]", fields="[]")


def _insert_proof(tx: sqlite3.Connection, one: Dossier, paper: Paper, at: str) -> None:
    fingerprint = one.fingerprint(paper)
    assert fingerprint is not None  # all its pages are read
    made = Bundle(fingerprint, fingerprint, len(paper.pages), 1, one.opened_at)
    key = {"paper_id": paper.id, "fingerprint": fingerprint, "sha256": made.sha256}
    _put(tx, "bundle", **key, pages=made.pages, bytes=made.bytes, made_at=at)
    _put(tx, "receipt", **key, server=SERVER, ref=paper.id, at=at)


def _texts(one: Dossier, paper: Paper, dice: random.Random, common: Sequence[str]) -> Iterator[str]:
    for page in paper.pages:
        at = dice.randrange(len(common) - 200)
        lines = [" ".join(common[start : start + 12]) for start in range(at, at + 168, 12)]
        if page.id == "g000001001":
            lines.append(RARE)
        yield _FORM.format(
            title=paper.title.upper(),
            holder=one.holder,
            number=f"0{dice.randrange(10**10, 10**11)}",
            rest="\n".join(lines),
        )


def _put(tx: sqlite3.Connection, table: str, **facts: object) -> None:
    tx.execute(
        f"INSERT INTO {table} ({', '.join(facts)}) VALUES ({', '.join('?' * len(facts))})",  # noqa: S608
        tuple(facts.values()),
    )


def _picture(vault: Path, pages: int) -> None:
    """Put one small picture under the name of every page: links, of which a file takes only so
    many."""
    with io.BytesIO() as made:
        Image.new("RGB", _SIZE, (250, 250, 246)).save(made, "JPEG", dpi=(_DPI, _DPI))
        picture = made.getvalue()
    for folder in (f"{number:02x}" for number in range(256)):
        (vault / folder).mkdir(exist_ok=True)
    first = Path()
    for index in range(pages):
        sha256 = sha256_of(index)
        file = vault / sha256[:2] / sha256
        if index % _LINKS == 0:
            first = file
            first.write_bytes(picture)
        else:
            os.link(first, file)

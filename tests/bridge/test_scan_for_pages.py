"""A web page's *Scan* button: what is scanned, kept, and given to the page."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pikepdf
import zxingcpp
from PIL import Image

from digitizer import worklist
from digitizer.bridge.desk import Happened
from digitizer.chain import Act
from digitizer.model import Dossier
from digitizer.storage import auditlog, webpages
from drivers import virtual
from tests.bridge.webpage import INFO, ORIGIN, Place, begin, draw_page, end_of, place, press_scan

CODE = "000.00.20.H02-261122-0007"


def only_dossier(there: Place) -> Dossier:
    """The one dossier, with its papers."""
    (head,) = there.app.dossiers.heads()
    return there.app.dossiers.get(head.id)


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def test_the_page_gets_the_very_bundle_that_is_kept(tmp_path: Path) -> None:
    with place(tmp_path) as there:
        there.load("Trang mot", "Trang hai")
        with there.open() as page:
            settings = begin(page)
            file = page.recv()
            assert isinstance(file, bytes)
            assert end_of(page) == (1000, "")
        assert settings["profile"] == "Quầy 1"
        assert "escl" not in json.dumps(settings), "a page need not know the scanner"
        given = there.bench.news(Happened.GIVEN)
        dossier = only_dossier(there)
        (paper,) = dossier.papers
        bundle = dossier.bundle(paper)
        assert bundle is not None
        assert (hashlib.sha256(file).hexdigest(), len(file)) == (bundle.sha256, bundle.bytes)
        assert (given.sha256, given.size, given.pages) == (bundle.sha256, len(file), 2)
        assert pages_of(file) == bundle.pages == len(paper.live_pages) == 2
        assert (dossier.holder, dossier.code) == ("Trang web motcua.tanlap.example", None)
        assert paper.title == "Quét từ trang web"
        (kept,) = webpages.latest(there.app.store, 5)
        assert (kept.origin, kept.pages, bool(kept.given_at)) == (ORIGIN, 2, True)
        told = {(one.act, one.door) for one in auditlog.every(there.app.store)}
        assert {(act, "web") for act in (Act.WEB_ASKED, Act.PAGE_SAVED, Act.WEB_GIVEN)} <= told

        there.load("Trang ba")
        with there.open() as page:
            assert pages_of(press_scan(page)) == 1
        assert [p.name for p in only_dossier(there).papers] == [
            "Quét từ trang web", "Quét từ trang web (2)",
        ]  # fmt: skip


def test_no_code_leads_a_page_out_of_the_file_it_was_asked_for(tmp_path: Path) -> None:
    with place(tmp_path) as there:
        other = there.app.dossiers.open_new(code=CODE)
        made = zxingcpp.create_barcode(CODE, zxingcpp.BarcodeFormat.QRCode).to_image(5)
        first = draw_page(there.stack / "1.jpg", "Giay tiep nhan")
        with Image.open(first) as opened:
            sheet = opened.convert("RGB")
        sheet.paste(Image.fromarray(np.array(made)).convert("RGB"), (300, 300))
        sheet.save(first, dpi=(75, 75))
        draw_page(there.stack / "2.jpg", "Trang hai")
        with there.open() as page:
            assert pages_of(press_scan(page)) == 2
        assert there.app.dossiers.get(other.id).papers == ()
        (mine,) = (d for d in there.app.dossiers.heads() if d.id != other.id)
        (paper,) = there.app.dossiers.get(mine.id).papers
        codes = [code.text for page in paper.pages if page.reading for code in page.reading.codes]
        assert codes == [CODE], "it was read"


def test_after_a_jam_what_landed_stays_and_the_page_gets_nothing(tmp_path: Path) -> None:
    with place(tmp_path, virtual.Faults(jam=1)) as there:
        there.load("Trang mot", "Trang hai")
        with there.open() as page:
            assert press_scan(page) == b""
            assert end_of(page) == (1011, "feeder-jam")
        scanned = there.bench.news(Happened.SCANNED)
        assert (scanned.pages, scanned.error and scanned.error.code) == (1, "feeder-jam")
        (paper,) = only_dossier(there).papers
        assert len(paper.live_pages) == 1
        (kept,) = webpages.latest(there.app.store, 5)
        assert kept.given_at == ""


def test_an_empty_feeder_gives_nothing_and_leaves_no_litter(tmp_path: Path) -> None:
    with place(tmp_path) as there:
        there.load()
        for _ in range(2):
            with there.open() as page:
                assert press_scan(page) == b""
                assert end_of(page) == (1011, "feeder-empty")
        there.load("Trang mot")
        with there.open() as page:
            assert pages_of(press_scan(page)) == 1
        assert len(only_dossier(there).papers) == 1
        there.bench.news(Happened.GIVEN)
        assert webpages.latest(there.app.store, 5)[0].given_at


def test_a_page_that_goes_away_loses_nothing_and_holds_up_only_the_next(tmp_path: Path) -> None:
    with place(tmp_path, virtual.Faults(slow=0.3)) as there:
        there.load("Trang mot", "Trang hai", "Trang ba")
        with there.open() as second:
            assert second.recv() == "1"
            second.send(INFO)
            settings = second.recv()
            with there.open() as page:
                begin(page)
                there.bench.news(Happened.BEGUN)
                second.send(settings)
                assert second.recv() == b""
                assert end_of(second) == (1011, "scanner-busy")
        there.bench.news(Happened.LEFT)
        scanned = there.bench.news(Happened.SCANNED)
        assert (scanned.pages, scanned.error) == (3, None)
        assert scanned.order is not None
        made = there.service._orders.made(scanned.order, there.service._halt, 60)
        assert made.pages == 3
        (paper,) = only_dossier(there).papers
        assert len(paper.live_pages) == 3


def test_what_was_moved_away_is_not_given(tmp_path: Path) -> None:
    with place(tmp_path) as there, there.open() as page:
        begin(page)
        order = there.bench.news(Happened.SCANNED).order
        assert order is not None
        (paper,) = only_dossier(there).papers
        there.app.dossiers.delete(order.dossier_id, [p.id for p in paper.live_pages])
        file = page.recv()
        if file == b"":  # else it was bundled before
            assert end_of(page) == (1011, "web-scan-gone")
            assert there.bench.news(Happened.FAILED).error is not None


def test_the_desk_stops_and_the_scan_with_it(tmp_path: Path) -> None:
    with place(tmp_path, virtual.Faults(slow=0.3)) as there:
        there.load(*(f"Trang {number}" for number in range(12)))
        with there.open() as page:
            begin(page)
            there.bench.news(Happened.BEGUN)
            there.service.stop()
            scanned = there.bench.news(Happened.SCANNED)
            assert scanned.error is not None
            assert scanned.error.code == "scan-cancelled"
            assert end_of(page)[0] == 1001


def test_what_a_page_asked_for_is_nobodys_task(tmp_path: Path) -> None:
    with place(tmp_path) as there:
        with there.open() as page:
            press_scan(page)
        began = datetime.now(UTC) - timedelta(days=1)
        assert worklist.open_tasks(there.app.store, None, began) == 0
        assert worklist.day(there.app.store, None, began, 10).tasks == ()

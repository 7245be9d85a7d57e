"""A kill at every call that changes the disk while a dossier from another desk is taken in.

Taken in once more after that, its paper has every page once, in its place, and the very file
beside them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from crashing import KILLED, Nursery

from digitizer.app import App
from digitizer.durable import sha256_of
from digitizer.verifying import verify

STEP = int(os.environ.get("DIGITIZER_CRASH_STEP", "9"))
"""Every so many calls; 1 takes some minutes."""
CODE, KEY = "000.00.20.H02-261122-0009", "9f2c4b1e-1d52-4c1f-8a51-5a3b6f0c9e11"
CONTENT = b"%PDF-1.7 of another desk %%EOF"


def laid_out(folder: Path, template: Path) -> Path:
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(template, home)
    place = folder / "stick" / CODE
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{CODE}.01.pdf").write_bytes(CONTENT)
    line = {
        "TepDinhKemId": KEY,
        "TenTepDinhKem": f"{CODE}.01.pdf",
        "MaThanhPhanHoSo": "TP02",
        "TenGiayTo": "Giấy chứng sinh",
        "SHA256": hashlib.sha256(CONTENT).hexdigest(),
    }
    manifest = {"MaHoSo": CODE, "HoanTat": "1", "TaiLieuNop": [line]}
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return home


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_kill_at_any_call_of_receiving_is_made_good_by_receiving_again(
    nursery: Nursery, empty_home: Path, images: Path, tmp_path: Path, mode: str
) -> None:
    shutil.copytree(images, tmp_path / "images")
    stack = [sha256_of(image) for image in sorted(images.iterdir())]
    ends = set()
    for nth in range(1, 2000, STEP):
        home = laid_out(tmp_path, empty_home)
        killed = nursery.run(home, "receive", mode, nth).exit == KILLED
        again = nursery.run(home, "receive", "off", 0)
        assert again.exit == 0, again
        (outcome,) = again.fact("outcomes")
        ends.add(outcome)
        with App(home, "test") as app:
            found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
            assert found.problems == ()
            paper = app.dossiers.find(CODE).paper("TP02")
            assert paper is not None
            assert paper.id == KEY
            assert [page.sha256 for page in paper.pages] == stack
            assert paper.original == hashlib.sha256(CONTENT).hexdigest()
            assert list(app.home.work.iterdir()) == []
        if not killed:
            break
    assert not killed
    assert ends == {"taken", "here"}

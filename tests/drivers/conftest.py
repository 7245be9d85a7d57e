"""Places and paper for the driver tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

A4_AT_100 = (827, 1169)


@pytest.fixture
def sane_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A SANE configuration of this test's own: the back ends ``test`` and ``pnm`` alone."""
    folder = tmp_path / "sane.d"
    folder.mkdir()
    (folder / "dll.conf").write_text("test\npnm\n", encoding="ascii")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))
    return folder


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """The batch's incoming folder."""
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """A folder of four A4 pages at 100 dpi."""
    folder = tmp_path / "stack"
    folder.mkdir()
    for number in range(1, 5):
        page = Image.new("RGB", A4_AT_100, (255, 255, 250))
        ImageDraw.Draw(page).text((150, 150), f"Trang {number}", fill=(20, 20, 90), font_size=60)
        page.save(folder / f"{number}.jpg", dpi=(100, 100))
    return folder

"""A page with its final name is whole; a failure leaves nothing that looks like one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from digitizer.errors import DiskFull, HomeReadOnly
from drivers.landing import land_bytes, land_file


def test_a_page_lands_under_its_number(into: Path) -> None:
    assert land_bytes(into, 7, ".jpg", b"page") == into / "0007.jpg"
    assert [file.name for file in into.iterdir()] == ["0007.jpg"]
    assert (into / "0007.jpg").read_bytes() == b"page"


def test_a_file_moves_in_under_the_short_suffix(into: Path, tmp_path: Path) -> None:
    source = tmp_path / "a.TIFF"
    source.write_bytes(b"page")
    assert land_file(source, into, 12345) == into / "12345.tif"
    assert not source.exists()


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(HomeReadOnly):
        land_bytes(tmp_path / "gone", 1, ".jpg", b"page")


def test_a_full_disk_leaves_no_page(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("needs the right to mount")
    try:
        with pytest.raises(DiskFull):
            land_bytes(small, 1, ".jpg", bytes(100_000))
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)

"""The folder driver: files and folders become pages, bad ones are named at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from PIL import Image

from digitizer.errors import (
    DigitizerError,
    FileEmpty,
    FileMissing,
    FileNotPlain,
    FileUnreadable,
    ProgramCrashed,
    ScannerNotFound,
)
from digitizer.scanning import Profile, ScannedPage
from drivers import listing
from drivers.host import HostedScanner


def take(into: Path, *files: Path) -> tuple[list[ScannedPage], DigitizerError | None]:
    pages = []
    try:
        scan = HostedScanner("folder").scan(Profile("folder", files=files), into, threading.Event())
        for page in scan:
            pages.append(page)
    except DigitizerError as trouble:
        return pages, trouble
    return pages, None


def test_files_come_in_the_given_order_byte_for_byte(stack: Path, into: Path) -> None:
    files = [stack / "3.jpg", stack / "1.jpg"]
    pages, trouble = take(into, *files)
    assert trouble is None
    assert [page.origin for page in pages] == files
    assert [page.file.read_bytes() for page in pages] == [file.read_bytes() for file in files]
    assert [page.file.name for page in pages] == ["0001.jpg", "0002.jpg"]
    assert sorted(file.name for file in into.iterdir()) == ["0001.jpg", "0002.jpg"]
    assert files[0].is_file()  # it is the caller's; only the copy is ours


def test_a_file_of_several_pages_says_which_is_its_last(stack: Path, into: Path) -> None:
    several = stack / "several.tif"
    sheets = [Image.new("1", (400, 500), 1) for _ in range(3)]
    sheets[0].save(several, save_all=True, append_images=sheets[1:], dpi=(200, 200))
    pages, trouble = take(into, several, stack / "1.jpg")
    assert trouble is None
    assert [(page.seq, page.origin, page.last_of_origin) for page in pages] == [
        (1, several, False),
        (2, several, False),
        (3, several, True),
        (4, stack / "1.jpg", True),
    ]
    assert [page.file.suffix for page in pages] == [".tif", ".tif", ".tif", ".jpg"]


def test_good_files_are_taken_before_bad_ones_are_told(stack: Path, into: Path) -> None:
    (stack / "0.jpg").write_bytes(b"")
    (stack / "2.jpg").write_bytes((stack / "2.jpg").read_bytes()[:9000])
    gone = stack / "9.jpg"
    pages, trouble = take(into, stack, gone, stack / "4.jpg")
    taken = [page.origin.name for page in pages if page.origin]
    assert taken == ["1.jpg", "3.jpg", "4.jpg", "4.jpg"]
    assert type(trouble) is FileEmpty
    assert trouble.detail == "0.jpg (also refused: 2.jpg, 9.jpg)"
    assert len(list(into.iterdir())) == 4


@pytest.mark.parametrize(
    ("name", "content", "row"),
    [
        ("text.jpg", b"this is no image", FileUnreadable),
        ("empty.pdf", b"", FileEmpty),
        ("half.pdf", b"%PDF-1.7\n1 0 obj\n", FileUnreadable),
    ],
)
def test_a_file_that_is_no_paper_is_told(
    into: Path, tmp_path: Path, name: str, content: bytes, row: type[DigitizerError]
) -> None:
    (tmp_path / name).write_bytes(content)
    pages, trouble = take(into, tmp_path / name)
    assert pages == []
    assert type(trouble) is row
    assert trouble.detail == name
    assert list(into.iterdir()) == []


def test_many_bad_files_are_counted(into: Path, tmp_path: Path) -> None:
    pages, trouble = take(into, *(tmp_path / f"{number}.jpg" for number in range(8)))
    assert pages == []
    assert type(trouble) is FileMissing
    assert trouble.detail.endswith("5.jpg and 2 more)")


def test_a_folder_is_listed_in_natural_order_without_what_is_not_paper(tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    for name in (
        "page 10.jpg", "page 9.JPG", "b/1.pdf", "b/2.tiff", "done/old.jpg", ".hidden.jpg",
        ".git/x.jpg", "c.jpg.part", "d.tmp", "e.crdownload", "Thumbs.db", "note.txt",
    ):  # fmt: skip
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(b"x")
    (folder / "link.jpg").symlink_to(outside)
    (folder / "inner.jpg").symlink_to(folder / "page 10.jpg")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.jpg").symlink_to("self.jpg")
    found = [file.relative_to(folder).as_posix() for file in listing.papers(folder)]
    assert found == ["b/1.pdf", "b/2.tiff", "inner.jpg", "page 9.JPG", "page 10.jpg"]


def test_what_is_no_plain_file_in_a_folder_is_told_and_nothing_waits_for_it(
    stack: Path, into: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(stack, outside)
    (stack / "more").mkdir()
    os.mkfifo(stack / "pipe.pdf")
    (stack / "more" / "away.jpg").symlink_to(outside / "1.jpg")
    (stack / "nowhere.jpg").symlink_to("gone.jpg")
    (stack / "others").symlink_to(outside, target_is_directory=True)
    (stack / "itself").symlink_to(stack, target_is_directory=True)
    (stack / "within.jpg").symlink_to("1.jpg")
    os.mkfifo(stack / "pipe")  # nobody takes it for paper
    pages, trouble = take(into, stack)
    assert [page.origin.name for page in pages if page.origin] == [
        "1.jpg", "2.jpg", "3.jpg", "4.jpg", "within.jpg"
    ]  # fmt: skip
    assert type(trouble) is FileNotPlain
    assert trouble.detail == "away.jpg (also refused: nowhere.jpg, others, pipe.pdf)"


def test_a_file_that_brings_the_intake_program_down_is_the_only_one_refused(
    stack: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{_crashing(stack.parent)}")
    shutil.copy(stack / "2.jpg", stack / "2-crash.jpg")
    pages, trouble = take(into, stack)
    assert [page.origin.name for page in pages if page.origin] == [
        "1.jpg", "2.jpg", "3.jpg", "4.jpg"
    ]  # fmt: skip
    assert type(trouble) is ProgramCrashed
    assert trouble.detail == "2-crash.jpg"
    assert len(list(into.iterdir())) == 4


def _crashing(place: Path) -> Path:
    """A folder with a Python start-up file that ends the intake program at certain names."""
    (place / "start").mkdir()
    (place / "start" / "sitecustomize.py").write_text(
        "import os, sys\n"
        "def hook(event, args):\n"
        "    if event == 'open' and str(args[0]).endswith('2-crash.jpg'):\n"
        "        os.kill(os.getpid(), 11)\n"
        "sys.addaudithook(hook)\n"
    )
    return place / "start"


def test_it_is_no_device(into: Path) -> None:
    assert HostedScanner("folder").devices() == []
    with pytest.raises(ScannerNotFound):
        HostedScanner("folder").capabilities("folder")


def test_a_full_disk_is_told_as_such(stack: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("needs the right to mount")
    try:
        pages, trouble = take(small, *sorted(stack.iterdir()), *sorted(stack.iterdir()))
        assert trouble is not None
        assert trouble.code == "disk-full"
        assert 1 <= len(pages) < 8
        assert sorted(file.name for file in small.iterdir()) == [page.file.name for page in pages]
    finally:
        subprocess.run(["umount", str(small)], check=True)

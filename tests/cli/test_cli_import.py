"""``import``: whatever people put into a folder is taken, or refused with one clear line."""

from __future__ import annotations

import os
import shutil
import struct
import zlib
from pathlib import Path

import pikepdf
import pytest
from commandline import CODE, CommandLine, together
from PIL import Image

IMPORT = ("import", "--dossier", CODE)


def huge_png(file: Path, side: int) -> None:
    """Write a valid black-and-white PNG of ``side`` × ``side`` pixels, a few kilobytes long."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    file.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory, paper: Path) -> Path:
    """A folder of every kind of bad file."""
    folder = tmp_path_factory.mktemp("bad")
    whole = (paper / "1.jpg").read_bytes()
    (folder / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.jpg").write_text("Kính gửi: Ủy ban nhân dân xã\n" * 20, encoding="utf-8")
    huge_png(folder / "huge.png", 30_000)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(
            folder / "locked.pdf", encryption=pikepdf.Encryption(user="secret", owner="secret")
        )
    (folder / "cut.pdf").write_bytes((folder / "locked.pdf").read_bytes()[:300])
    (folder / "loop.jpg").symlink_to("loop.jpg")
    (folder / "tiny.gif").write_bytes(b"GIF89a")
    return folder


BAD = {
    "truncated.jpg": (5, "read to its end"),
    "empty.jpg": (5, "0 bytes"),
    "text.jpg": (5, "not an image or PDF"),
    "huge.png": (5, "larger than any scanned page"),
    "locked.pdf": (3, "password"),
    "cut.pdf": (5, "not an image or PDF"),
    "loop.jpg": (3, "no such file"),
    "tiny.gif": (5, "not an image or PDF"),
    "nothing.jpg": (3, "no such file"),
}


def test_bad_files_one_by_one(command: CommandLine, bad: Path) -> None:
    """Each has its line and its exit code; ``inspect`` and ``bundle`` say the same of it."""
    homes = [command.at(command.home.with_name(name)) for name in BAD]
    for one in homes:
        shutil.copytree(command.home, one.home)
    taken = together([(one, (*IMPORT, bad / one.home.name)) for one in homes])
    seen = together([(command, ("inspect", bad / name)) for name in BAD])
    out = command.temporary / "out.pdf"
    made = together([(command, ("bundle", bad / name, "-o", out)) for name in BAD])
    for (name, (code, words)), *ends in zip(BAD.items(), taken, seen, made, strict=True):
        for done in ends:
            assert (name, done.code) == (name, code)
            assert words in done.trouble
            assert name in done.trouble
        assert ends[0].lines == [{**ends[0].lines[-1], "pages": 0, "reason": "refused"}]
        assert [done.out for done in ends[1:]] == ["", ""]
    assert list(command.temporary.iterdir()) == []
    for one in homes:
        assert list((one.home / "incoming").iterdir()) == []


def test_good_files_among_bad_ones_are_taken(command: CommandLine, paper: Path, bad: Path) -> None:
    done = command.run(
        *IMPORT, paper / "1.jpg", bad / "truncated.jpg", paper / "2.jpg", bad / "text.jpg"
    )
    assert (done.code, done.lines[-1]["pages"]) == (5, 2)
    assert "truncated.jpg (also refused: text.jpg" in done.trouble
    assert command.hashes() == [page["sha256"] for page in done.pages]
    command.sound()


def test_a_folder_in_the_order_a_person_would_name(command: CommandLine, tmp_path: Path) -> None:
    """Sub-folders count; loops and links that lead out are told and left, notes and hidden files
    left."""
    folder = tmp_path / "hồ sơ"
    (folder / "sau").mkdir(parents=True)
    for index, name in enumerate(("10.jpg", "9.jpg", "sau/1.png")):
        Image.new("L", (200 + index, 280), 255).save(folder / name)
    (folder / "sau" / "again").symlink_to(folder)
    (folder / "loop.jpg").symlink_to("loop.jpg")
    (folder / "out.jpg").symlink_to(tmp_path / "elsewhere.jpg")
    (tmp_path / "elsewhere.jpg").write_bytes((folder / "9.jpg").read_bytes())
    (folder / "notes.txt").write_text("x")
    (folder / ".hidden.jpg").write_bytes(b"x")
    done = command.run(*IMPORT, folder)
    assert (done.code, done.lines[-1]["pages"]) == (3, 3)
    assert "loop.jpg (also refused: out.jpg)" in done.trouble
    sizes = []
    for page in done.pages:
        with Image.open(page["file"]) as image:
            sizes.append(image.width)
    assert sizes == [201, 200, 202]


def test_any_name_a_file_can_have(command: CommandLine, paper: Path, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "names")
    os.mkdir(folder)  # noqa: PTH102 - names that are no text
    names = [b"--dossier.jpg", b"-x.jpg", b"a\nb.jpg", b"c d.jpg", b"\xff\xfe.jpg", b"\xc4\x91.jpg"]
    whole = (paper / "1.jpg").read_bytes()
    for name in names:
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123
            file.write(whole)
    assert len(command.ok(*IMPORT, folder).pages) == len(names)
    assert len(command.ok(*IMPORT, *(folder + b"/" + name for name in names)).pages) == len(names)
    seen = command.ok("inspect", folder + b"/\xff\xfe.jpg").value
    assert os.fsencode(seen[0]["file"]) == folder + b"/\xff\xfe.jpg"
    with open(folder + b"/\xff.jpg", "wb") as file:  # noqa: PTH123
        file.write(whole[:500])
    for args in (IMPORT, ("inspect",)):
        done = command.run(*args, folder + b"/\xff.jpg")
        assert done.code == 5
        assert "read to its end" in done.trouble
    assert len(command.hashes()) == 2 * len(names)


def test_no_such_place(command: CommandLine, paper: Path, tmp_path: Path) -> None:
    done = command.run("import", paper / "1.jpg", "--dossier", "H02-261122-9999")
    assert (done.code, done.out) == (3, "")
    done = command.run(*IMPORT, tmp_path / "none")
    assert (done.code, done.lines[-1]["pages"]) == (3, 0)
    (tmp_path / "empty").mkdir()
    assert command.ok(*IMPORT, tmp_path / "empty").lines[-1]["pages"] == 0


def test_a_pipe_is_no_paper(command: CommandLine, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    done = command.run(*IMPORT, tmp_path / "pipe.jpg")
    assert done.code == 5
    assert "not an image or PDF" in done.trouble


def test_the_same_page_twice_is_two_pages(command: CommandLine, paper: Path) -> None:
    done = command.ok(*IMPORT, paper / "1.jpg", paper / "1.jpg", "--paper", "TP03")
    assert len(done.pages) == 2
    assert len(set(command.hashes("TP03"))) == 1
    assert len(command.hashes("TP03")) == 2


def test_every_page_of_a_pdf_and_of_a_tiff(command: CommandLine, tmp_path: Path) -> None:
    pages = [Image.new("1", (400, 560 + number), 1) for number in range(3)]
    pages[0].save(tmp_path / "many.tif", save_all=True, append_images=pages[1:], dpi=(50, 50))
    pages[0].save(tmp_path / "many.pdf", save_all=True, append_images=pages[1:], resolution=50)
    done = command.ok(*IMPORT, tmp_path / "many.tif", tmp_path / "many.pdf")
    assert [page["seq"] for page in done.pages] == [1, 2, 3, 4, 5, 6]


def test_a_pdf_of_too_many_pages_is_said_to_be_that(command: CommandLine, tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        for _ in range(2001):
            pdf.add_blank_page()
        pdf.save(tmp_path / "archive.pdf")
    done = command.run(*IMPORT, tmp_path / "archive.pdf")
    assert (done.code, done.pages) == (5, [])
    assert "more than 2000 pages in one file: archive.pdf; split it" in done.trouble
    assert "dpi" not in done.trouble

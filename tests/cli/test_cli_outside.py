"""Commands without a store: ``inspect``, ``bundle``, and the two servers for trying things out."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from commandline import CommandLine, together
from PIL import Image, ImageDraw

UNPRIVILEGED = (sys.executable, str(Path(__file__).parent / "unprivileged.py"))
KEYS = {
    "file", "page", "width", "height", "dpi", "blank", "blank_reason", "ink", "turn",
    "turn_confidence", "skew", "crop", "crop_sure", "codes", "text", "text_error", "raw_text",
    "changes", "fields", "signatures", "secret", "confidence", "seconds",
}  # fmt: skip


def test_inspect(bare: CommandLine, paper: Path, tmp_path: Path) -> None:
    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for line in range(20):
        draw.text((150, 200 + 60 * line), "Cong hoa xa hoi chu nghia Viet Nam", font_size=40)
    page.rotate(-3, fillcolor=255).save(tmp_path / "askew.png", dpi=(150, 150))
    Image.new("L", (620, 877), 253).save(tmp_path / "blank.png", dpi=(75, 75))
    files = (paper / "1.jpg", tmp_path / "blank.png", tmp_path / "askew.png")
    found = bare.ok("inspect", *files).value
    for one in found:
        assert set(one) == KEYS
        assert (one["page"], one["turn"], one["codes"]) == (1, 0, [])
    plain, blank, askew = found
    assert (plain["width"], plain["height"]) == (620, 877)
    assert plain["dpi"] == pytest.approx(75, abs=0.5)
    assert "Trang" in plain["text"]
    assert 0 < plain["ink"] < 1
    assert 0 < plain["confidence"] <= 100
    assert askew["skew"] == pytest.approx(-3, abs=0.5)  # turned clockwise by 3: back by 3
    assert (blank["blank"], blank["text"], plain["blank"]) == (True, "", False)
    assert not bare.home.exists()


def test_bundle(bare: CommandLine, paper: Path, tmp_path: Path) -> None:
    pages = [Image.new("1", (413, 584), 1) for _ in range(2)]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:], dpi=(50, 50))
    out = tmp_path / "ra" / "hồ sơ.pdf"
    out.parent.mkdir()
    out.write_bytes(b"old")
    args = ("bundle", paper / "1.jpg", tmp_path / "two.tif", "-o", out)
    (faithful,) = together([(bare, args)])
    assert faithful.code == 0
    assert set(faithful.value) == {"out", "pages", "bytes", "pdfa", "seconds", "unread"}
    assert faithful.value["unread"] == []
    assert faithful.value["out"] == str(out)
    assert (faithful.value["pages"], faithful.value["pdfa"]) == (3, True)
    assert faithful.value["bytes"] == out.stat().st_size
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 3
        width, height = pdf.pages[0].mediabox[2:]
        assert (float(width), float(height)) == pytest.approx((595.2, 841.9), abs=1)
        (image,) = (
            found
            for found in pdf.pages[0].obj.Resources.XObject.values()
            if found.Subtype == "/Image"
        )
        assert image.read_raw_bytes() in (paper / "1.jpg").read_bytes()
    compact = bare.ok(*args, "--style", "compact", "--jobs", "1").value
    assert compact["pdfa"]
    assert list(out.parent.iterdir()) == [out]
    assert list(bare.temporary.iterdir()) == []


def test_a_bundle_of_any_name(bare: CommandLine, paper: Path, tmp_path: Path) -> None:
    out = os.fsencode(tmp_path / "out")
    os.mkdir(out)  # noqa: PTH102 - names that are no text
    names = [b"\xff.pdf", b"a\x01\nb.pdf", b"-o.pdf"]
    for name in names:
        done = bare.ok("bundle", paper / "1.jpg", "-o", out + b"/" + name)
        assert done.value["pdfa"]
    assert sorted(os.listdir(out)) == sorted(names)  # noqa: PTH208


def test_an_output_with_no_place(bare: CommandLine, paper: Path, tmp_path: Path) -> None:
    places = [tmp_path / "none" / "a.pdf", tmp_path, paper / "1.jpg" / "a.pdf", Path("/proc/a.pdf")]
    for done in together([(bare, ("bundle", paper / "1.jpg", "-o", place)) for place in places]):
        assert (done.code, done.out) == (3, "")
        assert "output file cannot be written" in done.trouble


def test_without_tesseract(bare: CommandLine, paper: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    bare = bare.with_env(PATH=str(tmp_path / "none"))
    for args in (("inspect", paper / "1.jpg"), ("bundle", paper / "1.jpg", "-o", tmp_path / "a")):
        done = bare.run(*args)
        assert (done.code, done.out) == (3, "")
        assert "digitizer doctor" in done.trouble
    assert not (tmp_path / "a").exists()


def test_the_sandbox_answers_where_it_says(bare: CommandLine, tmp_path: Path) -> None:
    sandbox = bare.start("sandbox", "--data", tmp_path / "data", as_json=False)
    line = sandbox.event()  # JSON also without --json
    assert {"url", "group", "user"} <= set(line)
    sandbox.end(signal.SIGTERM)
    again = bare.start("sandbox", "--data", tmp_path / "data", "--fault", "unavailable:1")
    assert again.event()["group"] == line["group"]
    done = again.end(signal.SIGTERM)
    assert (done.code, len(done.lines)) == (0, 1)


def test_the_virtual_scanner_answers_where_it_says(bare: CommandLine, paper: Path) -> None:
    for as_json in (False, True):
        scanner = bare.start("virtual-scanner", paper, as_json=as_json)
        line = scanner.line()
        url = json.loads(line)["url"] if as_json else line
        with urllib.request.urlopen(f"{url}/ScannerCapabilities", timeout=10) as answer:  # noqa: S310
            assert b"ScannerCapabilities" in answer.read()
        assert scanner.end(signal.SIGTERM).code == 0


def test_servers_that_cannot_start(bare: CommandLine, paper: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        runs = {
            ("sandbox", "--port", port): (4, port),
            ("virtual-scanner", str(paper), "--port", port): (4, port),
            ("sandbox", "--fault", "fire"): (2, "wrong-bytes"),
            ("sandbox", "--fault", "slow:0"): (2, "1 or more"),
            ("virtual-scanner", str(paper), "--fault", "fire"): (2, "jam:N"),
            ("sandbox", "--port", "65536"): (2, "--port"),
            ("sandbox", "--data", str(tmp_path / "file")): (3, "file"),
            ("virtual-scanner", str(tmp_path / "none")): (3, "folder"),
            ("virtual-scanner",): (2, "DIR"),
        }
        ends = together([(bare, args) for args in runs])
    for (code, words), done in zip(runs.values(), ends, strict=True):
        assert (done.code, done.out) == (code, ""), done
        assert words in done.trouble
    assert list(bare.temporary.iterdir()) == []


def test_a_folder_and_a_file_that_may_not_be_read_are_told_as_what_they_are(
    bare: CommandLine, paper: Path, tmp_path: Path
) -> None:
    done = bare.run("inspect", tmp_path)
    assert (done.code, "a folder, not a file" in done.trouble) == (3, True)
    secret = tmp_path / "secret.jpg"
    shutil.copy(paper / "1.jpg", secret)
    secret.chmod(0)
    done = replace(bare, prefix=UNPRIVILEGED).run("inspect", secret)
    assert (done.code, "may not read the file" in done.trouble) == (3, True)


def test_a_port_that_is_taken(bare: CommandLine, paper: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for words in (("sandbox",), ("virtual-scanner", paper)):
            done = bare.run(*words, "--port", port)
            assert "port" in done.trouble
            assert done.code in (3, 4)


def test_a_page_whose_words_cannot_be_read_costs_its_text_alone(
    bare: CommandLine, paper: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "tesseract").write_text("#!/bin/sh\necho no >&2\nexit 9\n")
    (broken / "tesseract").chmod(0o755)
    ill = bare.with_env(PATH=f"{broken}{os.pathsep}{bare.env['PATH']}")
    done = ill.run("inspect", paper / "1.jpg")
    assert done.code == 0
    assert (done.value[0]["text"], done.value[0]["text_error"]) == ("", "program-crashed")
    assert "1.jpg page 1: its words could not be read" in done.err
    out = tmp_path / "out.pdf"
    done = ill.run("bundle", paper / "1.jpg", "-o", out)
    assert done.code == 0
    (unread,) = done.value["unread"]
    assert (unread["page"], unread["error"]) == (1, "program-crashed")
    assert "1.jpg page 1: its words could not be read" in done.err
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 1

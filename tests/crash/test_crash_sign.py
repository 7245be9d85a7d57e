"""A kill before every call of a signature that changes the disk, and a disk that is full."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from crashing import KILLED, Nursery

from tests.signing import papers
from tests.signing.issuing import Issuer


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key file and a paper; a template to copy."""
    folder = tmp_path_factory.mktemp("sign") / "template"
    folder.mkdir()
    (folder / "scratch").mkdir()
    Issuer().keyfile(folder / "own.p12")
    papers.bundle(folder / "paper.pdf", papers.page(folder / "page.jpg"))
    return folder


def test_a_kill_leaves_the_signed_file_whole_or_not_there(
    nursery: Nursery, template: Path, tmp_path: Path
) -> None:
    ends, nth, exit_code = set(), 0, KILLED
    while exit_code == KILLED:
        nth += 1
        folder = fresh(template, tmp_path)
        exit_code = nursery.run(folder, "sign", "before", nth).exit
        assert exit_code in (0, KILLED)
        assert (folder / "paper.pdf").read_bytes() == (template / "paper.pdf").read_bytes()
        signed = folder / "signed.pdf"
        if signed.exists():
            assert "Signature is Valid." in papers.pdfsig(signed)
        ends.add(signed.exists())
    assert ends == {True, False}, "the kills reached from before the file to after it"


def test_a_full_disk_leaves_nothing(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    folder = fresh(template, tmp_path)
    outcome = nursery.run(folder, "sign", "full", 1)
    assert outcome.fact("error") == "disk-full"
    assert not (folder / "signed.pdf").exists()
    left = {file.name for file in folder.iterdir()}
    assert left == {file.name for file in template.iterdir()}


def fresh(template: Path, folder: Path) -> Path:
    """Return a new copy of the template."""
    desk = folder / "desk"
    shutil.rmtree(desk, ignore_errors=True)
    shutil.copytree(template, desk)
    return desk

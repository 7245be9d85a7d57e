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


@pytest.mark.parametrize("mode", ["before", "full"])
def test_the_signed_file_is_whole_or_not_there(
    nursery: Nursery, template: Path, tmp_path: Path, mode: str
) -> None:
    before, ends, nth = (template / "paper.pdf").read_bytes(), set(), 0
    while True:
        nth += 1
        folder = tmp_path / "desk"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
        outcome = nursery.run(folder, "sign", mode, nth)
        assert outcome.exit in (0, KILLED), outcome
        assert (folder / "paper.pdf").read_bytes() == before
        signed = folder / "signed.pdf"
        if signed.exists():
            assert "Signature is Valid." in papers.pdfsig(signed)
        ends.add(signed.exists())
        if outcome.exit == 0 and nth > outcome.fact("seen"):
            break
        assert (outcome.exit == 0) == (mode == "full"), "every call up to the last one is hit"
    assert ends == {True, False}, "the kills reached from before the file to after it"

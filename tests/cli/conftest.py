"""The command on a home of each test's own; paper, scanners and servers that tests share."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commandline import CODE, CommandLine, environment
from PIL import Image, ImageDraw
from starting import Starter

from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox

A4_AT_75 = (620, 877)


def draw_page(file: Path, text: str) -> Path:
    """Save a small A4 page with one line of text."""
    page = Image.new("RGB", A4_AT_75, (255, 255, 250))
    ImageDraw.Draw(page).text((80, 120), text, fill=(20, 20, 90), font_size=36)
    page.save(file, dpi=(75, 75))
    return file


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of four pages, ``1.jpg`` to ``4.jpg``."""
    folder = tmp_path_factory.mktemp("paper")
    for number in range(1, 5):
        draw_page(folder / f"{number}.jpg", f"Trang giay {number}")
    return folder


@pytest.fixture(scope="session")
def sane(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SANE configuration with the back ends ``test`` and ``pnm`` alone."""
    folder = tmp_path_factory.mktemp("sane")
    (folder / "dll.conf").write_text("test\npnm\n", encoding="ascii")
    return folder


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory, sane: Path, starter: Starter) -> Path:
    """A home with one dossier; a template to copy."""
    folder = tmp_path_factory.mktemp("template")
    command = CommandLine(folder / "home", environment(folder / "tmp", sane), starter)
    command.ok("dossier", "new", "--code", CODE, "--holder", "Nguyễn Văn Ánh")
    return command.home


@pytest.fixture
def bare(tmp_path: Path, sane: Path, starter: Starter) -> Iterator[CommandLine]:
    """The command on a home that does not exist yet."""
    found = CommandLine(tmp_path / "home", environment(tmp_path / "tmp", sane), starter)
    yield found
    for running in found.started:
        running.kill()


@pytest.fixture
def command(bare: CommandLine, made_home: Path) -> CommandLine:
    """The command on a home with one dossier."""
    shutil.copytree(made_home, bare.home)
    return bare


@pytest.fixture(scope="session")
def read_home(
    tmp_path_factory: pytest.TempPathFactory,
    made_home: Path,
    paper: Path,
    sane: Path,
    starter: Starter,
) -> Path:
    """A home that knows the sandbox's dossiers; one has a paper of two pages, bundled."""
    folder = tmp_path_factory.mktemp("worked")
    home = folder / "home"
    shutil.copytree(made_home, home)
    command = CommandLine(home, environment(folder / "tmp", sane), starter)
    with Sandbox(folder / "server", Faults()) as server:
        command.point(server)
        command.ok("sync", "--once")
    command.ok("import", paper / "1.jpg", paper / "2.jpg", "--dossier", CODE, "--paper", "TP01")
    assert command.ok("work", "--until-idle").value["failed"] == 0
    return home


@pytest.fixture
def worked(bare: CommandLine, read_home: Path) -> CommandLine:
    """The command on a home whose dossier holds a paper that is ready to be sent."""
    shutil.copytree(read_home, bare.home)
    return bare


@pytest.fixture
def faults() -> Faults:
    """What goes wrong in the sandbox; may be changed while it runs."""
    return Faults(slow_seconds=30.0)


@pytest.fixture
def server(tmp_path: Path, faults: Faults) -> Iterator[Address]:
    """A procedure system."""
    with Sandbox(tmp_path / "server", faults) as address:
        yield address


@pytest.fixture
def virtual(bare: CommandLine, tmp_path: Path) -> Callable[..., CommandLine]:
    """Start ``digitizer virtual-scanner``; gives the command with SANE seeing that one alone."""

    def start(folder: Path, *names: str) -> CommandLine:
        faults = [word for name in names for word in ("--fault", name)]
        scanner = bare.start("virtual-scanner", folder, *faults)
        config = tmp_path / "airscan"
        config.mkdir()
        (config / "dll.conf").write_text("airscan\n", encoding="ascii")
        (config / "airscan.conf").write_text(
            f'[devices]\n"Virtual" = {json.loads(scanner.line())["url"]}, eSCL\n'
            "[options]\ndiscovery = disable\n",
            encoding="ascii",
        )
        start.scanner = scanner  # type: ignore[attr-defined]
        return bare.with_env(SANE_CONFIG_DIR=str(config))

    return start


@pytest.fixture(scope="session")
def full_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that, preloaded, lets a folder hold no more than so many bytes."""
    library = tmp_path_factory.mktemp("full") / "full.so"
    source = Path(__file__).parent / "full.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library

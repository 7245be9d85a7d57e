"""Windows, as far as Linux can tell: its rules for names and paths, what its installer says, how a
frozen program starts its children. None of it has been run on Windows.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer import installed
from digitizer.procedure.manifest import is_safe
from drivers.escl_memory import file_name
from drivers.landing import page_name
from shipping.contents import ROOT

WINDOWS = ROOT / "packaging/windows"
ISS = (WINDOWS / "digitizer.iss").read_text("utf-8-sig")
SCRIPT = (WINDOWS / "build.ps1").read_text("utf-8")
RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)", re.IGNORECASE
)
FROZEN = "import sys; sys.frozen = True; from digitizer.__main__ import main; main()"


def is_good_name(name: str) -> bool:
    """Whether Windows takes a file's name, and gives the same one back."""
    return (
        bool(name)
        and not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        and not name.endswith((".", " "))
        and not RESERVED.match(name)
        and PureWindowsPath(name).name == name
    )


@given(st.text(alphabet=st.sampled_from("CONnulprnaxAUX19.- _:\\/$é"), max_size=9))
def test_names_that_come_from_outside_are_good_on_windows_or_refused(name: str) -> None:
    assert not is_safe(name) or is_good_name(name)


@pytest.mark.parametrize(
    "name", ["NUL", "con.pdf", "a:b", "..", "C:", "a\\b", "a/b", "LPT1.x", "a.", "a ", "", "COM0"]
)
def test_names_that_windows_reads_otherwise_are_refused(name: str) -> None:
    assert not is_safe(name)


@given(st.text(max_size=80))
def test_a_scanner_s_file_has_a_good_name_whatever_the_scanner_is_called(device: str) -> None:
    assert is_good_name(file_name(device))


def test_pages_land_under_good_names() -> None:
    assert is_good_name(page_name(1, ".jpg"))


def test_two_scanners_whose_names_differ_in_case_have_files_of_their_own() -> None:
    assert file_name("uuid:AB").lower() != file_name("uuid:ab").lower()


def test_a_frozen_program_is_its_own_interpreter(tmp_path: Path) -> None:
    """What ``programs`` starts as ``PROGRAM -m MODULE`` is that module there too."""
    done = subprocess.run(
        [sys.executable, "-c", FROZEN, "-m", "digitizer.pages.whole", "none.jpg", str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, stdin=subprocess.DEVNULL, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "error" in json.loads(done.stdout), done


@pytest.mark.parametrize("module", ["http.server", "tests.bench", "digitizerx.cli"])
def test_it_runs_no_module_but_ours(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FROZEN, "-m", module],
        capture_output=True, text=True, cwd=ROOT, stdin=subprocess.DEVNULL, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 2, done
    assert done.stderr.startswith("digitizer: No such option: -m"), done


def test_programs_of_the_system_are_not_given_our_libraries(tmp_path: Path) -> None:
    ours = {"LD_LIBRARY_PATH": "/opt/x/lib", "LD_LIBRARY_PATH_ORIG": "/usr/local/lib"}
    installed.settle(ours, tmp_path, "linux")
    assert ours["LD_LIBRARY_PATH"] == "/usr/local/lib"
    assert "LD_LIBRARY_PATH_ORIG" not in ours
    none_before = {"LD_LIBRARY_PATH": "/opt/x/lib"}
    installed.settle(none_before, tmp_path, "linux")
    assert "LD_LIBRARY_PATH" not in none_before
    assert none_before["PYINSTALLER_RESET_ENVIRONMENT"] == "1", "children begin afresh"


def test_on_windows_the_tesseract_that_came_along_is_found_first(tmp_path: Path) -> None:
    (tmp_path / "tesseract").mkdir()
    here = {"PATH": "before"}
    installed.settle(here, tmp_path, "win32")
    assert here["PATH"].split(os.pathsep) == [str(tmp_path / "tesseract"), "before"]
    assert here["TESSDATA_PREFIX"] == str(tmp_path / "tesseract/tessdata")


def test_a_checkout_changes_nothing_of_its_environment() -> None:
    before = dict(os.environ)
    installed.settle_here()
    assert dict(os.environ) == before
    assert installed.interpreter() == sys.executable
    assert not installed.run_named(["-m", "digitizer.pages.whole"])


def test_the_installer_takes_what_the_freezer_makes() -> None:
    spec = (ROOT / "packaging/digitizer.spec").read_text("utf-8")
    programs = set(re.findall(r'name="(digitizerw?)"', spec))
    assert {f"{name}.exe" for name in programs} >= set(re.findall(r"digitizerw?\.exe", ISS))
    assert "MinVersion=10.0" in ISS
    assert re.search(r'Parameters: "sync --background"; Tasks: background', ISS)
    assert 'contents_directory": "lib"' in spec and r'Name: "{app}\lib"' in ISS
    for name in re.findall(r"#ifndef (\w+)", ISS):
        assert f"/D{name}=" in SCRIPT, name


def test_the_installer_touches_nothing_but_its_own_folder() -> None:
    deleted = re.search(r"\[InstallDelete\]\n(.*?)\n\[", ISS, re.S)
    assert deleted is not None
    names = re.findall(r'Name: "([^"]+)"', deleted[1])
    assert names and all(name.startswith("{app}\\") for name in names)
    assert "[UninstallDelete]" not in ISS
    assert not re.search(r"localappdata|userappdata", ISS.partition("; Nothing")[0], re.IGNORECASE)


def test_the_build_asks_for_vietnamese_and_for_hashes() -> None:
    for name in ("vie.traineddata", "osd.traineddata"):
        assert SCRIPT.count(name) >= 2
    assert "--require-hashes" in SCRIPT
    for lock in ("build", "run", "package"):
        assert f'"{lock}"' in SCRIPT and (ROOT / f"packaging/{lock}.lock").is_file()

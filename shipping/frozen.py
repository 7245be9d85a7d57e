"""Freezes the program into one folder: ``python -m shipping.frozen [--into FOLDER]``.

In a virtual environment of its own, which holds what ``packaging/run.lock`` pins and the freezer,
nothing else. On Debian 12 the result runs there and on whatever is newer; where it was made, only
on systems at least as new.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from digitizer import __version__
from shipping.contents import ROOT

BUILD = ROOT / "build/shipping"
PYTHON = "DIGITIZER_PACKAGE_PYTHON"
_LOCKS = ("build", "run", "package")
_FITS = """
import sys, sysconfig, pathlib, ensurepip, venv
shared = sysconfig.get_config_var("Py_ENABLE_SHARED") or list(
    pathlib.Path("/usr/lib").glob(f"*/libpython{sys.version_info[0]}.{sys.version_info[1]}.so.1.0"))
header = pathlib.Path(sysconfig.get_path("include"), "Python.h")
sys.exit(not (sys.version_info >= (3, 11) and shared and header.is_file()))
"""


def say(text: str) -> None:
    """Tell what is being done."""
    sys.stdout.write(f"package: {text}\n")
    sys.stdout.flush()


def epoch() -> int:
    """Return the moment that everything made is dated: ``SOURCE_DATE_EPOCH``, else the last
    commit's; in seconds since 1970."""
    named = os.environ.get("SOURCE_DATE_EPOCH")
    if named:
        return int(named)
    told = subprocess.run(
        ["git", "-c", "safe.directory=*", "log", "-1", "--format=%ct"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return int(told.stdout.strip() or 1_767_225_600)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which the same sources give the same bytes."""
    fixed = {
        "SOURCE_DATE_EPOCH": str(epoch()),
        "PYTHONHASHSEED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "CFLAGS": "-g0 -O2 -Wno-error",  # no paths of the building machine in what is compiled
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, **fixed, **(extra or {})}


def run(argv: Sequence[str | Path], **extra: str) -> None:
    """Run a step; its own words are shown only where it fails.

    Raises:
        SystemExit: it failed.
    """
    done = subprocess.run(
        argv, cwd=ROOT, env=environment(extra), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stdout[-6000:])
        raise SystemExit(f"package: {argv[0]} ended with {done.returncode}; its words are above")


def interpreter() -> str:
    """Return the Python that goes into the tree.

    Raises:
        SystemExit: none serves.
    """
    named = os.environ.get(PYTHON)
    for name in [named] if named else ["/usr/bin/python3", sys.executable]:
        if subprocess.run([name, "-c", _FITS], capture_output=True, check=False).returncode == 0:
            return name
    raise SystemExit(
        f"package: no Python from 3.11 on with its shared library, venv and headers. On Debian: "
        f"apt install python3-dev python3-venv libpython3-dev; or name one in {PYTHON}"
    )


def made_venv(folder: Path) -> Path:
    """Make the environment that is frozen, unless it is there; returns its Python."""
    python = folder / "bin/python"
    locks = [ROOT / f"packaging/{name}.lock" for name in _LOCKS]
    mark = hashlib.sha256(
        b"".join([interpreter().encode(), *(lock.read_bytes() for lock in locks)])
    ).hexdigest()
    stamp = folder / ".stamp"
    if stamp.is_file() and stamp.read_text("ascii") == mark:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    say(f"an environment with the pinned packages, by {interpreter()} ...")
    run([interpreter(), "-m", "venv", folder])
    for lock in locks:
        source = () if lock.stem == "build" else ("--no-build-isolation",)
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run([*pip, "--no-compile", "--require-hashes", *source, "-r", lock])
    stamp.write_text(mark, "ascii")
    return python


def made_tree(into: Path) -> Path:
    """Freeze the program below ``into``, anew; returns the tree's folder.

    It has ``licences.txt`` and ``sbom.cdx.json`` in it, and every file bears the same date.
    """
    python = made_venv(into / "venv")
    tree = into / "dist/digitizer"
    shutil.rmtree(into / "dist", ignore_errors=True)
    say("freezing the program ...")
    options = ("--noconfirm", "--clean", "--log-level", "WARN")
    folders = ("--distpath", into / "dist", "--workpath", into / "work")
    spec = ROOT / "packaging/digitizer.spec"
    run([python, "-m", "PyInstaller", *options, *folders, spec], PYINSTALLER_CONFIG_DIR=str(into))
    run([python, "-m", "shipping.papers", tree])
    settle(tree, epoch())
    return tree


def settle(folder: Path, at: int) -> None:
    """Give every file and folder below ``folder``, and itself, one date and plain permissions."""
    for one in [*sorted(folder.rglob("*")), folder]:
        if not one.is_symlink():
            runs = one.is_dir() or one.stat().st_mode & 0o100
            one.chmod(0o755 if runs else 0o644)
        os.utime(one, (at, at), follow_symlinks=False)


def size_of(folder: Path) -> int:
    """Return the bytes of all files below ``folder``."""
    return sum(one.lstat().st_size for one in folder.rglob("*") if one.is_file())


def main() -> None:
    """Freeze."""
    words = argparse.ArgumentParser(description="Freezes the program into one folder.")
    words.add_argument("--into", type=Path, default=BUILD)
    into = words.parse_args().into.absolute()
    tree = made_tree(into)
    say(f"digitizer {__version__}: {tree}, {size_of(tree) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()

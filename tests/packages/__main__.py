"""``python -m tests.packages``: makes the packages and tries them on fresh systems; prints a table.

Needs root, debootstrap and Debian's archive. Keeps fresh roots and what was made in
``build/package-test``; a second run makes neither anew.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from shipping import bundle, deb, frozen
from shipping.contents import ROOT
from tests.packages import roots, trials
from tests.packages.roots import BOOKWORM, NOBLE, TRIXIE, Release, Root
from tests.packages.trials import Installed

PLACE = ROOT / "build/package-test"
RELEASES = {one.suite: one for one in (BOOKWORM, TRIXIE)}
NEEDED = ("debootstrap", "dpkg-deb", "unshare", "chroot", "Xvfb", "xdotool", "xz", "objdump")


class Table:
    """What was tried, how it went, and how long it took."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str]] = []

    def tried(self, where: str, what: str, trial: Callable[[], object]) -> bool:
        """Try something; a failure is a row like any other, with its trace on standard error."""
        began = time.monotonic()
        try:
            said, good = str(trial() or ""), True
        except (
            AssertionError,
            OSError,
            subprocess.SubprocessError,
            ValueError,
            SystemExit,
        ) as error:
            traceback.print_exc()
            said, good = f"**failed**: {str(error)[:200]}", False
        seconds = f"{time.monotonic() - began:.0f} s"
        self.rows.append((where, what, " ".join(said.split()), seconds))
        sys.stderr.write(
            f"package-test: {where}: {what}: {said if good else 'FAILED'} ({seconds})\n"
        )
        return good

    @property
    def good(self) -> bool:
        """Whether nothing failed."""
        return not any("**failed**" in row[2] for row in self.rows)

    def __str__(self) -> str:
        """As a Markdown table."""
        lines = ["| system | tried | outcome | took |", "|---|---|---|---|"]
        return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in self.rows)]) + "\n"


def main() -> None:
    """Run as asked; the exit code is 1 where anything failed."""
    words = argparse.ArgumentParser(prog="python -m tests.packages", description=__doc__)
    words.add_argument("--release", choices=tuple(RELEASES), action="append")
    words.add_argument("--ubuntu", metavar="MIRROR", help="Ubuntu 24.04 too, from this archive")
    words.add_argument("--skip-twice", action="store_true", help="do not make it a second time")
    words.add_argument("--skip-bundle", action="store_true", help="not the portable bundle")
    words.add_argument("--deb", type=Path, help="try this package; make none")
    given = words.parse_args()
    _check_machine()
    PLACE.mkdir(parents=True, exist_ok=True)
    table = Table()
    package = given.deb or PLACE / "one.deb"
    tree = PLACE / "one/dist/digitizer"
    if given.deb is None and not table.tried("", "made", partial(_made, "one", package)):
        raise SystemExit(str(table))
    if given.deb is None and not given.skip_twice:
        table.tried("", "made again elsewhere: the same bytes", partial(_same, package))
    for suite in given.release or RELEASES:
        _installed(table, RELEASES[suite], package)
    if given.ubuntu:
        _installed(table, replace(NOBLE, mirror=given.ubuntu), package)
    if not given.skip_bundle:
        _unpacked(table, BOOKWORM, tree)
    sys.stdout.write(str(table))
    sys.exit(0 if table.good else 1)


def _check_machine() -> None:
    if os.geteuid() != 0:
        raise SystemExit("package-test: needs root, for debootstrap and chroot: run it with sudo")
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    os.environ["PATH"] = path
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        raise SystemExit(f"package-test: {', '.join(missing)}: not installed; make setup-package")


def _made(name: str, package: Path) -> str:
    tree = frozen.made_tree(PLACE / name)
    made = deb.packed(tree, PLACE / name / "deb", frozen.epoch())
    shutil.move(made, package)
    return f"{frozen.size_of(tree) / 1e6:.0f} MB, packed {package.stat().st_size / 1e6:.1f} MB"


def _same(package: Path) -> str:
    second = PLACE / "two.deb"
    _made("two/elsewhere", second)
    first = package.read_bytes()
    assert first == second.read_bytes(), f"{package} and {second} differ"
    shutil.rmtree(PLACE / "two")
    return f"{len(first):,} bytes alike"


def _installed(table: Table, release: Release, package: Path) -> None:
    """The way of a package on one release."""
    root = roots.copied(roots.made(release, PLACE), PLACE / f"{release.suite}.trial")
    at = Installed(root)
    tried = partial(table.tried, release.name)
    needs = trials.depends_of(package)
    if not tried("what it needs", lambda: _satisfied(root, needs)):
        return
    before = root.listing()
    if not tried("installs", lambda: trials.install(root, package)):
        return
    tried("the doctor is content", lambda: trials.doctor_is_content(at))
    tried("takes in, reads, bundles", lambda: trials.takes_in_reads_and_bundles(at))
    tried("scans", lambda: trials.scans(at))
    picture = PLACE / f"window-{release.suite}.png"
    tried("opens its window", lambda: trials.opens_its_window(at, picture))
    tried("sends in the background", lambda: trials.sends_in_the_background(at))
    tried("is as it was packed", lambda: trials.is_as_it_was_packed(at))
    next_one = trials.newer(package, PLACE / "next")
    tried(
        "upgrade keeps the home, downgrade is refused",
        lambda: trials.upgrades_and_refuses_to_go_back(at, package, next_one),
    )
    tried("removes, purges", lambda: trials.leaves_nothing_but_the_home(at, before, package))
    roots.remove(root.folder)


def _satisfied(root: Root, needs: str) -> str:
    root.apt("satisfy", "--no-install-recommends", needs)
    installed = root.run("dpkg-query", "--show").stdout.splitlines()
    return f"{len(installed)} packages in all"


def _unpacked(table: Table, release: Release, tree: Path) -> None:
    """The way of the bundle: unpacked by the user, run from there."""
    root = roots.copied(roots.made(release, PLACE), PLACE / "bundle.trial")
    tried = partial(table.tried, f"{release.name}, bundle")
    at = Installed(root, str(root.home / "digitizer/run"))
    if not tried("made, unpacked", lambda: _bundle(root, tree)):
        return
    tried("says what is missing", lambda: _says_what_is_missing(at))
    tried("what its README names", lambda: _as_the_readme_says(root))
    tried("the doctor is content", lambda: trials.doctor_is_content(at))
    tried("takes in, reads, bundles", lambda: trials.takes_in_reads_and_bundles(at))
    tried("scans", lambda: trials.scans(at))
    tried("opens its window", lambda: trials.opens_its_window(at, PLACE / "window-bundle.png"))
    roots.remove(root.folder)


def _bundle(root: Root, tree: Path) -> str:
    file = bundle.made(tree, PLACE / "out", PLACE / "bundle", frozen.epoch())
    place = root.inside(root.home)
    subprocess.run(["tar", "-xf", file, "-C", place], check=True)
    (folder,) = place.glob("digitizer-*")
    folder.rename(place / "digitizer")
    subprocess.run(["chown", "-R", "1000:1000", place / "digitizer"], check=True)
    return f"{file.stat().st_size / 1e6:.1f} MB"


def _says_what_is_missing(at: Installed) -> str:
    code, line = at.refused("--version")
    assert code == 3 and "tesseract" in line and "libEGL" in line, (code, line)
    return line


def _as_the_readme_says(root: Root) -> str:
    readme = root.inside(root.home / "digitizer/README.txt").read_text("utf-8")
    (line,) = (one for one in readme.splitlines() if "apt install" in one)
    names = line.partition("apt install ")[2].split()
    root.apt("install", "--no-install-recommends", *names)
    return f"{len(names)} packages named"


if __name__ == "__main__":
    main()

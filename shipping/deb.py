"""Makes the Debian package: ``python -m shipping.deb [--tree TREE] [--out FOLDER]``.

One package for every release that is served (Debian 12, 13, Ubuntu 24.04): the tree brings its own
interpreter (decision 27). No script of the package runs when it is installed or removed: what has
to be noted, such as icons, the system's own triggers note.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import shutil
import subprocess
from pathlib import Path

from digitizer import __version__
from shipping import frozen, manpage, pictures, system
from shipping.contents import ROOT
from shipping.papers import BILL, LICENCES

PLACE = "usr/lib/digitizer"
_LINUX = ROOT / "packaging/linux"
_DOCS = "usr/share/doc/digitizer"
_UNITS = "usr/lib/systemd/user"
_UNIT = "digitizer-sync.service"
_DESCRIPTION = """\
scan, read and upload dossiers at a one-stop desk
 Số hóa hồ sơ: quét, tự động lưu, đọc chữ tiếng Việt, gộp PDF/A và gửi hồ sơ
 ở bộ phận một cửa.
 .
 For the clerks of a one-stop desk: every page is saved the moment it leaves
 the scanner, put into its dossier by its codes, read, bundled into searchable
 PDF/A and sent to the procedure system, also over weak lines. What is finished
 goes on being sent while the window is closed (user unit digitizer-sync).
 .
 Homes (~/.local/share/digitizer) are never touched by installing or removing."""


def control(version: str, kilobytes: int, architecture: str, depends: tuple[str, ...]) -> str:
    """PURE: return the package's description of itself."""
    return (
        "Package: digitizer\n"
        f"Version: {version}\n"
        f"Architecture: {architecture}\n"
        "Maintainer: digitizer developers <packages@digitizer.invalid>\n"
        f"Installed-Size: {kilobytes}\n"
        f"Depends: {', '.join(depends)}\n"
        f"Recommends: {', '.join(system.RECOMMENDED)}\n"
        "Section: graphics\n"
        "Priority: optional\n"
        f"Description: {_DESCRIPTION}\n"
    )


def staged(tree: Path, root: Path, at: int) -> None:
    """Lay out below ``root`` what the package installs; ``at``: its date."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(tree, root / PLACE, symlinks=True)
    for name in (LICENCES, BILL):
        (root / PLACE / name).unlink()
        _packed(root / _DOCS / f"{name}.gz", (tree / name).read_bytes())
    _linked(root / "usr/bin/digitizer", "../lib/digitizer/digitizer")
    _copied(_LINUX / "digitizer.desktop", root / "usr/share/applications/digitizer.desktop")
    metainfo = root / "usr/share/metainfo/vn.digitizer.Digitizer.metainfo.xml"
    _copied(_LINUX / "digitizer.metainfo.xml", metainfo)
    pictures.write_icons(root / "usr/share/icons/hicolor")
    _copied(_LINUX / _UNIT, root / _UNITS / _UNIT)
    _linked(root / _UNITS / f"default.target.wants/{_UNIT}", f"../{_UNIT}")
    _copied(_LINUX / "copyright", root / _DOCS / "copyright")
    rules = "70-digitizer-scanner.rules"
    _copied(_LINUX / rules, root / _DOCS / "examples" / rules)
    _packed(root / _DOCS / "changelog.gz", (ROOT / "CHANGELOG.md").read_bytes())
    page = manpage.page(at).encode()
    _packed(root / "usr/share/man/man1/digitizer.1.gz", page)


def packed(tree: Path, out: Path, at: int) -> Path:
    """Make the package of ``tree`` in ``out``; returns its file."""
    out.mkdir(parents=True, exist_ok=True)
    root = out / "root"
    staged(tree, root, at)
    depends = system.depends(system.needs_of(root))
    architecture = _said(["dpkg", "--print-architecture"])
    about = root / "DEBIAN"
    about.mkdir()
    kilobytes = -(-frozen.size_of(root) // 1024)
    (about / "control").write_text(control(__version__, kilobytes, architecture, depends), "utf-8")
    (about / "md5sums").write_text(_sums(root), "utf-8")
    file = out / f"digitizer_{__version__}_{architecture}.deb"
    build(root, file, at)
    return file


def build(root: Path, file: Path, at: int) -> None:
    """Pack a folder that is laid out, ``DEBIAN`` included, with one date."""
    frozen.settle(root, at)
    options = ("--root-owner-group", "--uniform-compression", "--threads-max=1", "-Zzstd", "-z10")
    frozen.run(["dpkg-deb", *options, "--build", root, file], SOURCE_DATE_EPOCH=str(at))


def _sums(root: Path) -> str:
    files = [
        one
        for one in sorted(root.rglob("*"))
        if one.is_file() and not one.is_symlink() and "DEBIAN" not in one.parts
    ]
    return "".join(f"{_md5(one)}  {one.relative_to(root).as_posix()}\n" for one in files)


def _md5(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _copied(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _packed(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(data, 9, mtime=0))


def _linked(link: Path, to: str) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(to)


def _said(argv: list[str]) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Make it."""
    words = argparse.ArgumentParser(description="Makes the Debian package.")
    words.add_argument("--into", type=Path, default=frozen.BUILD, help="where it is made")
    words.add_argument("--tree", type=Path, help="a frozen tree; else one is made")
    words.add_argument("--out", type=Path, default=ROOT / "dist")
    given = words.parse_args()
    tree = given.tree or frozen.made_tree(given.into.absolute())
    made = packed(tree, given.into.absolute() / "deb", frozen.epoch())
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / made.name
    shutil.move(made, file)
    frozen.say(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

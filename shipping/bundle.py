"""Makes the portable bundle for Linux: ``python -m shipping.bundle [--tree TREE] [--out FOLDER]``.

One folder in one ``.tar.xz``: unpacked anywhere, run from there, deleted when it is not wanted any
more. It brings all but the libraries that ``README.txt`` in it names.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import tarfile
from pathlib import Path

from digitizer import __version__
from shipping import frozen, pictures, system
from shipping.contents import ROOT

_LINUX = ROOT / "packaging/linux"
_README = """\
Số hóa hồ sơ {version}
======================

Chạy:          ./run                 (mở cửa sổ)
Dòng lệnh:     ./run --help
Máy cần có (Debian, Ubuntu; các hệ khác có gói tương tự):

  sudo apt install {packages}

Hồ sơ được giữ trong ~/.local/share/digitizer, không nằm trong thư mục này. Xóa thư mục này là gỡ
phần mềm; hồ sơ còn nguyên.

In English: ./run opens the window; the packages above must be there; dossiers are kept in
~/.local/share/digitizer. Licences: licences.txt; what it is made of: sbom.cdx.json.
"""


def packages(found: system.Needs) -> tuple[str, ...]:
    """PURE: return what must be installed, by the names of Debian 12 where releases differ."""
    names = [one.rpartition("| ")[2] for one in system.depends(found)[1:]]
    return tuple(sorted(dict.fromkeys(names)))


def laid_out(tree: Path, folder: Path) -> None:
    """Lay the bundle out in ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(tree, folder, symlinks=True)
    wanted = " ".join(packages(system.needs_of(tree)))
    text = _README.format(version=__version__, packages=wanted)
    (folder / "README.txt").write_text(text, "utf-8")
    shutil.copyfile(_LINUX / "run", folder / "run")
    (folder / "run").chmod(0o755)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    (folder / "digitizer.png").write_bytes(pictures.png(256))


def packed(folder: Path, file: Path, at: int) -> None:
    """Pack ``folder``, in order, with one date and nobody's name."""
    frozen.settle(folder, at)
    plain = file.with_suffix("")

    def nobody(one: tarfile.TarInfo) -> tarfile.TarInfo:
        one.uid = one.gid = 0
        one.uname = one.gname = ""
        one.mtime = at
        return one

    with tarfile.open(plain, "w", format=tarfile.GNU_FORMAT) as tar:
        for one in [folder, *sorted(folder.rglob("*"))]:
            name = one.relative_to(folder.parent).as_posix()
            tar.add(one, name, recursive=False, filter=nobody)
    subprocess.run(["xz", "-6", "--threads=2", "--force", plain], check=True)


def made(tree: Path, out: Path, into: Path, at: int) -> Path:
    """Make the bundle of ``tree`` in ``out``; ``into``: where to lay it out. Returns its file."""
    name = f"digitizer-{__version__}-linux-{platform.machine()}"
    laid_out(tree, into / name)
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{name}.tar.xz"
    packed(into / name, file, at)
    return file


def main() -> None:
    """Make it."""
    words = argparse.ArgumentParser(description="Makes the portable bundle for Linux.")
    words.add_argument("--into", type=Path, default=frozen.BUILD, help="where it is made")
    words.add_argument("--tree", type=Path, help="a frozen tree; else one is made")
    words.add_argument("--out", type=Path, default=ROOT / "dist")
    given = words.parse_args()
    into = given.into.absolute()
    tree = given.tree or frozen.made_tree(into)
    file = made(tree, given.out.absolute(), into / "bundle", frozen.epoch())
    frozen.say(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

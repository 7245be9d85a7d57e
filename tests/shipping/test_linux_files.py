"""What a Linux package lays beside the program: says the truth, names what is there."""

from __future__ import annotations

import configparser
import gzip
import io
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from digitizer import __version__
from shipping import bundle, deb, frozen, manpage, pictures, system
from shipping.contents import ROOT
from shipping.papers import BILL, LICENCES

LINUX = ROOT / "packaging/linux"
AT = 1_700_000_000
OBJDUMP = """
/t/lib/a.so:     file format elf64-x86-64
  NEEDED               libqpdf.so.30
  NEEDED               libssl.so.3
  NEEDED               libc.so.6
    0x09691a75 0x00 04 GLIBC_2.34
/t/lib/b.so:     file format elf64-x86-64
  NEEDED               libxcb-cursor.so.0
    0x09691a75 0x00 04 GLIBC_2.4
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the freezer would have made, in small."""
    folder = tmp_path_factory.mktemp("frozen") / "digitizer"
    (folder / "lib").mkdir(parents=True)
    shutil.copyfile("/bin/true", folder / "digitizer")
    (folder / "digitizer").chmod(0o700)
    for name in ("lib/a.py", LICENCES, BILL):
        (folder / name).write_text(name, "utf-8")
    (folder / "lib/link").symlink_to("a.py")
    return folder


def sections(file: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[method-assign,assignment]
    read.read(file, "utf-8")
    return read


def test_the_menu_entry_is_whole() -> None:
    entry = sections(LINUX / "digitizer.desktop")["Desktop Entry"]
    assert entry["Name[vi]"] == "Số hóa hồ sơ"
    assert (entry["Exec"], entry["Icon"], entry["StartupWMClass"]) == ("digitizer",) * 3
    assert entry["Type"] == "Application" and entry["Terminal"] == "false"
    assert all(entry[name].endswith(";") for name in entry if name.startswith(("Cat", "Keyw")))
    actions = [one for one in entry["Actions"].split(";") if one]
    for action in actions:
        assert sections(LINUX / "digitizer.desktop")[f"Desktop Action {action}"]["Exec"]


def test_the_metadata_for_shops_is_valid_and_of_this_version() -> None:
    file = LINUX / "digitizer.metainfo.xml"
    root = ElementTree.parse(file).getroot()  # noqa: S314 - our own file
    assert root.findtext("launchable") == "digitizer.desktop"
    assert root.find("releases/release").get("version") == __version__  # type: ignore[union-attr]
    assert root.findtext("project_license") == "Apache-2.0"
    if not (tool := shutil.which("appstreamcli")):
        pytest.skip("appstreamcli is not installed")
    done = subprocess.run(
        [tool, "validate", "--no-net", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_background_unit_runs_the_command_that_gives_way() -> None:
    unit = sections(LINUX / "digitizer-sync.service")
    assert unit["Service"]["ExecStart"] == "/usr/bin/digitizer sync --background"
    assert unit["Unit"]["ConditionPathExists"].endswith("/digitizer/digitizer.db")
    assert unit["Service"]["Restart"] == "always"


def test_the_icon_is_drawn_in_every_size() -> None:
    for size in pictures.SIZES:
        with Image.open(io.BytesIO(pictures.png(size))) as icon:
            assert icon.size == (size, size)
            assert icon.getpixel((0, 0))[3] < 255, "its corners are round"
            assert len(icon.convert("RGB").resize((16, 16)).getcolors() or ()) > 20
    assert "currentColor" not in pictures.ICON.read_text("utf-8")


def test_the_icon_for_windows_holds_several_sizes(tmp_path: Path) -> None:
    pictures.write_ico(tmp_path / "a.ico")
    with Image.open(tmp_path / "a.ico") as icon:
        assert {(16, 16), (48, 48), (256, 256)} <= icon.info["sizes"]


def test_the_manual_names_every_command() -> None:
    page = manpage.page(AT)
    assert '"2023-11-14"' in page and __version__ in page
    for name, said in manpage.commands():
        assert said, name
        assert f".B {name.replace('-', chr(92) + '-')}\n" in page
    assert ("sync" in dict(manpage.commands())) and "dossier show" in dict(manpage.commands())
    if shutil.which("man"):
        done = subprocess.run(
            ["man", "--warnings", "-l", "-"], input=page, capture_output=True, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "MANPAGER": "cat"}, check=False,
        )  # fmt: skip
        assert done.stderr == "" or "cannot" in done.stderr


def test_needs_are_read_off_the_files() -> None:
    found = system.needs(OBJDUMP, {"a.so", "b.so", "libqpdf.so.30"})
    assert found == system.Needs(("libssl.so.3", "libxcb-cursor.so.0"), 34)
    wanted = system.depends(found)
    assert wanted[0] == "libc6 (>= 2.34)"
    assert {"libssl3t64 | libssl3", "libxcb-cursor0", "tesseract-ocr-vie"} <= set(wanted)
    assert "libssl3" in bundle.packages(found), "names of the oldest release"
    with pytest.raises(system.UnknownLibraries, match="libodd"):
        system.depends(system.Needs(("libodd.so.1",), 36))


def test_all_that_a_set_up_installs_to_run_is_asked_for() -> None:
    """What the set-up of a checkout installs, less compilers, headers and what is Recommended."""
    script = (ROOT / "packaging/setup.sh").read_text("utf-8")
    (run,) = re.findall(r"run\) cat <<'LIST'\n(.*?)^LIST", script, re.S | re.M)
    names = {line.split()[0].rpartition("|")[2] for line in run.splitlines()}
    compiling = {"gcc", "libc6-dev", "libsane-dev"}
    known = " ".join((*system.PACKAGES.values(), *system.LOADED, *system.RECOMMENDED))
    assert {name for name in names - compiling if name not in known} == set()


def test_a_package_is_laid_out_and_packed_alike_each_time(tree: Path, tmp_path: Path) -> None:
    first = deb.packed(tree, tmp_path / "one", AT)
    second = deb.packed(tree, tmp_path / "two/deeper", AT)
    assert first.read_bytes() == second.read_bytes()
    root = tmp_path / "one/root"
    assert (root / "usr/bin/digitizer").resolve() == root / "usr/lib/digitizer/digitizer"
    wants = root / "usr/lib/systemd/user/default.target.wants/digitizer-sync.service"
    assert wants.resolve() == root / "usr/lib/systemd/user/digitizer-sync.service"
    assert gzip.decompress((root / f"usr/share/doc/digitizer/{BILL}.gz").read_bytes())
    icons = root / "usr/share/icons/hicolor"
    assert len(list(icons.glob("*/apps/digitizer.*"))) == len(pictures.SIZES) + 1
    listed = subprocess.run(
        ["dpkg-deb", "--contents", first], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert {line.split()[1] for line in listed} == {"root/root"}
    assert {line.split()[3] for line in listed} == {"2023-11-14"}
    plain = {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "lrwxrwxrwx"}
    assert {line[:10] for line in listed} == plain
    fields = subprocess.run(
        ["dpkg-deb", "--field", first], capture_output=True, text=True, check=True
    ).stdout
    assert f"Version: {__version__}\n" in fields and "Depends: libc6 (>= 2." in fields
    assert not (root / "DEBIAN/postinst").exists()


def test_a_bundle_is_packed_alike_each_time(tree: Path, tmp_path: Path) -> None:
    first = bundle.made(tree, tmp_path / "a", tmp_path / "one", AT)
    second = bundle.made(tree, tmp_path / "b", tmp_path / "two", AT)
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as tar:
        names = tar.getnames()
        (top,) = {name.split("/")[0] for name in names}
        assert {f"{top}/run", f"{top}/README.txt", f"{top}/{LICENCES}"} <= set(names)
        assert tar.getmember(f"{top}/lib/link").issym()
        assert {(one.uid, one.uname, one.mtime) for one in tar} == {(0, "", AT)}
        readme = tar.extractfile(f"{top}/README.txt").read().decode()  # type: ignore[union-attr]
    assert "tesseract-ocr-vie" in readme and "Hồ sơ được giữ trong" in readme


def test_one_date_holds_for_all(tree: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tree, tmp_path / "tree", symlinks=True))
    frozen.settle(folder, AT)
    assert {one.lstat().st_mtime for one in folder.rglob("*")} == {AT}
    assert (folder / "digitizer").stat().st_mode & 0o777 == 0o755
    assert (folder / "lib/a.py").stat().st_mode & 0o777 == 0o644

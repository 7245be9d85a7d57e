"""What goes into the frozen tree: every module of ours, whatever is loaded by a name in a string,
every file that is read beside the code. Kept true here for the platforms that do not run tests.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
import sys
from pathlib import Path

from digitizer.installed import OURS
from drivers.worker import DRIVERS
from shipping import contents
from shipping.contents import ROOT

SPEC = (ROOT / "packaging/digitizer.spec").read_text("utf-8")
LOADERS = {"import_module", "run_module", "module_command", "Companion", "find_spec"}
OWN = contents.own_modules()


@functools.cache
def trees() -> list[tuple[Path, ast.Module]]:
    files = [file for package in contents.PACKAGES for file in (ROOT / package).rglob("*.py")]
    return [(file, ast.parse(file.read_text("utf-8"))) for file in files]


def loaded_by_name() -> set[str]:
    """Every name of a module of ours that stands in a string of our code."""
    pattern = re.compile(rf"(?:{'|'.join(OURS)})(?:\.\w+)+")
    return {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and pattern.fullmatch(node.value)
        and not node.value.endswith((".db", ".toml", ".log", ".exe"))
    }


def test_every_module_of_ours_is_taken() -> None:
    assert OURS == contents.PACKAGES
    for name in OWN:
        assert importlib.util.find_spec(name) is not None, name
    assert {f"drivers.{name}" for name in DRIVERS} <= set(OWN)
    assert "contents.own_modules" in SPEC and "contents.LAZY" in SPEC


def test_whatever_is_loaded_by_a_name_is_there() -> None:
    found = loaded_by_name()
    assert {"digitizer.pages.whole", "drivers.worker", "ui.__main__"} <= found, "it looks"
    packages = {name for name in found if name.count(".") == 0}
    assert found - packages <= set(OWN)


def test_a_module_of_others_that_is_loaded_by_a_name_is_named() -> None:
    """Where code asks for a module by a string that is none of ours, the table must have it."""
    named = {*contents.LAZY, *OWN, *contents.PACKAGES}
    strange = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {first.value}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in LOADERS
        and node.args
        and isinstance(first := node.args[0], ast.Constant)
        and first.value not in named
    ]
    assert strange == []


def test_every_named_module_of_others_exists() -> None:
    missing = [name for name in contents.LAZY if importlib.util.find_spec(name) is None]
    assert missing == []


def test_what_is_left_out_is_imported_by_none_of_ours() -> None:
    out = {*contents.LEFT_OUT}
    guilty = [
        f"{file.relative_to(ROOT)}: {name}"
        for file, tree in trees()
        for node in ast.walk(tree)
        for name in imported(node)
        if name in out or name.partition(".")[0] in out
    ]
    assert guilty == []


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
    return [one.name for one in node.names] if isinstance(node, ast.Import) else []


def test_every_file_that_is_read_beside_the_code_is_taken() -> None:
    files = dict(contents.data_files())
    for file in files:
        assert (ROOT / file).is_file(), file
    beside = {
        file.relative_to(ROOT).as_posix()
        for package in contents.PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc")
    }
    assert beside <= set(files)
    assert files["docs/huong-dan.md"] == "ui/assets/guide"
    pictures = [file for file in files if file.startswith("docs/images/")]
    assert pictures and all(files[one] == "ui/assets/guide/images" for one in pictures)


def test_libraries_of_the_system_stay_there() -> None:
    stays = contents.stays_with_the_system
    assert stays("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3")
    assert stays("libsane.so.1", "/lib/x86_64-linux-gnu/libsane.so.1")
    assert not stays("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")
    assert not stays("libmpdec.so.3", "/usr/lib/x86_64-linux-gnu/libmpdec.so.3")
    assert not stays("PySide6/Qt/lib/libQt6Core.so.6", "/usr/lib/venv/libQt6Core.so.6")
    assert not stays("libqpdf.so.30", "/srv/venv/lib/python3.11/site-packages/pikepdf.libs/x.so")
    own = "/usr/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so"
    assert not stays("python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so", own)


def test_the_parts_of_qt_that_a_desk_has_no_use_for_are_left_out() -> None:
    plugins = "PySide6/Qt/plugins/platforms"
    noted = "keyring-25.7.0.dist-info/RECORD"
    qt = (f"{plugins}/libqeglfs.so", "libQt6Network.so.6", "PySide6/Qt/translations/a.qm")
    for inside in (noted, *qt):
        assert contents.is_unneeded(inside), inside
    for name in ("libqxcb.so", "libqwayland.so", "libqoffscreen.so", "qwindows.dll"):
        assert not contents.is_unneeded(f"{plugins}/{name}")
    assert not contents.is_unneeded("PySide6/Qt/lib/libQt6Core.so.6")
    assert not contents.is_unneeded("keyring-25.7.0.dist-info/entry_points.txt")


def test_what_a_platform_lacks_is_asked_for_by_no_module_that_it_loads() -> None:
    """Modules that only one platform has are imported behind a condition or inside a function."""
    absent = {name for names in contents.ABSENT.values() for name in names}
    guilty = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file, tree in trees()
        for node in tree.body
        if absent & {name.partition(".")[0] for name in imported(node)}
    ]
    assert guilty == []


def test_the_spec_is_python() -> None:
    compile(SPEC, "digitizer.spec", "exec")
    assert sys.version_info >= (3, 11)

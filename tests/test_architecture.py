"""The design's rules about the code itself: who may import whom, sizes, names that must not leak.

Runs the import contracts of pyproject.toml, proves that they bite, and checks what an import
linter cannot see. Knows nothing of what the modules do.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("digitizer", "drivers", "ui", "demo", "shipping")
LINES_AT_MOST = 400

CORE_ROOTS = ("__main__.py", "cli")
OUTER_PACKAGES = {"drivers", "ui"}
TYPER = {"Given"}
"""Dataclasses whose signature becomes options of a command."""

# Spelled in pieces, so that this file does not hold what it looks for.
LEAKS = re.compile(
    "|".join(
        [
            r"pypi\." + "org",
            "pythonhosted" + r"\.",
            r"deb\.debian\." + "org",
            r"archive\.ubuntu\." + "com",
            r"registry\." + r"npmjs",
            "--(extra-)?index" + "-url",
            "--find" + "-links",
            r"(?<![\w./-])/" + "work/",
            r"(?<![\w.-])/" + "tmp/v/",
            r"(?<![\w.$}-])/" + r"home/\w",
            r"(?<![\w.-])/" + r"root/\w",
            r"[A-Z]:" + r"\\Users\\",
        ]
    )
)


def tracked(*patterns: str) -> list[Path]:
    """Files of the checkout that git holds or would hold, relative names matching `patterns`."""
    names = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--",
            *patterns,
        ],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = (ROOT / name for name in names.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


MODULES = tracked(*(f"{package}/*.py" for package in PACKAGES))
EVERY_PYTHON_FILE = tracked("*.py")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Checks the contracts of the tree in `folder`, as `make check` does."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_import_contracts_hold() -> None:
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("digitizer/errors/base.py", "import digitizer.programs", "imports point down"),
        ("digitizer/errors/home.py", "import digitizer.errors.desk", "do not know each other"),
        ("digitizer/scanning.py", "import drivers.host", "stands on the drivers"),
        ("digitizer/scanning.py", "import PySide6.QtCore", "know no Qt"),
        ("digitizer/scanning.py", "import httpx", "speak HTTP"),
        ("digitizer/scanning.py", "import websockets", "speaks WebSocket"),
        ("digitizer/newcomer.py", '"""A module without a place."""', "imports point down"),
        ("drivers/sane.py", "import drivers.folder", "do not know each other"),
        ("drivers/sane.py", "import digitizer.identifiers", "see of the core only"),
        ("drivers/newcomer.py", '"""A module without a place."""', "do not know each other"),
    ],
)
def test_the_import_contracts_bite(tmp_path: Path, module: str, line: str, contract: str) -> None:
    for package in ("digitizer", "drivers", "ui"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "drivers/folder.py").touch()
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")

    outcome = lint_imports(tmp_path)

    broken = [text for text in outcome.stdout.splitlines() if " BROKEN" in text]
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert any(contract in text for text in broken), outcome.stdout


def test_no_package_of_others_lies_in_the_repository() -> None:
    """What is installed is named in a lock, with its hash: a wheel or an archive that somebody
    left in the folder is nobody's to keep."""
    packed = {
        ".whl",
        ".gz",
        ".zip",
        ".deb",
        ".xz",
        ".tar",
        ".exe",
        ".so",
        ".dll",
        ".pdf",
        ".sqlite",
    }
    assert [name_of(path) for path in tracked() if path.suffix in packed] == []


def test_the_core_reaches_outwards_only_from_inside_functions() -> None:
    """A composition root that imports drivers or Qt when it is loaded makes everyone pay."""
    guilty = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if path.is_relative_to(ROOT / "digitizer")
        and path.relative_to(ROOT / "digitizer").parts[0].startswith(CORE_ROOTS)
        for node in module_level_imports(parsed(path))
        if imported_packages(node) & (OUTER_PACKAGES | {"PySide6"})
    ]
    assert guilty == []


def module_level_imports(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    """Imports that run when the module is loaded, those within `if` and `try` included."""
    found: list[ast.Import | ast.ImportFrom] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.append(node)
            elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                waiting.append(node)
    return found


def imported_packages(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Top-level names an import statement loads."""
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return {alias.name.partition(".")[0] for alias in node.names}


def test_modules_are_short_enough_to_read() -> None:
    long = [
        f"{name_of(path)}: {lines} lines"
        for path in EVERY_PYTHON_FILE
        if (lines := len(path.read_text("utf-8").splitlines())) > LINES_AT_MOST
    ]
    assert long == []


def test_every_module_says_what_it_is() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(parsed(path))]
    assert silent == []


def test_frozen_values_are_structs() -> None:
    """A dataclass is compiled anew at each start; one is left only where a Struct cannot do it."""
    slow = [
        f"{name_of(path)}:{one.lineno}"
        for path in tracked("digitizer/*.py", "drivers/*.py", "ui/*.py")
        for one in ast.walk(ast.parse(path.read_text()))
        if isinstance(one, ast.ClassDef)
        and any("frozen=True" in ast.unparse(by) for by in one.decorator_list)
        and not one.bases
        and not re.search(
            "repr=False|init=False|eq=False|__post_init__",
            "".join(map(ast.unparse, one.decorator_list)) + ast.unparse(one),
        )
        and one.name not in TYPER
    ]
    assert slow == []


def test_imports_are_absolute() -> None:
    relative = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert relative == []


def test_only_the_demo_prints() -> None:
    printing = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if not path.is_relative_to(ROOT / "demo")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert printing == []


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    leaks = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        leaks += [
            f"{name_of(path)}:{number}: {found.group()}"
            for number, line in enumerate(text.splitlines(), 1)
            if (found := LEAKS.search(line)) and "--no-emit" not in line
        ]
    assert leaks == []


def test_the_locks_hold_nothing_but_pins_with_hashes() -> None:
    pin = re.compile(r"[a-z0-9-]+==\S+( ; .+)? \\")
    digest = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?")
    for path in tracked("packaging/*.lock"):
        strange = [
            f"{path.name}: {line}"
            for line in path.read_text("utf-8").splitlines()
            if not pin.fullmatch(line) and not digest.fullmatch(line)
        ]
        assert strange == []


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "run": project["dependencies"] + extras["sandbox"],
        "test": extras["dev"],
        "bench": extras["bench"],
        "package": [
            line
            for line in (ROOT / "packaging/package.in").read_text("utf-8").splitlines()
            if not line.startswith("#")
        ],
    }
    for lock, requirements in wanted.items():
        pinned = set(
            re.findall(r"^([a-z0-9-]+)==", (ROOT / f"packaging/{lock}.lock").read_text(), re.M)
        )
        names = {re.match(r"[\w.-]+", each)[0].lower().replace("_", "-") for each in requirements}
        assert names <= pinned, lock


def test_nobody_opens_a_blob_by_its_path() -> None:
    """It may be sealed: programs are lent it, the screen is shown it. Some tell where it lies."""
    telling = {
        "digitizer/capture.py", "digitizer/delivering.py",
        "digitizer/cli/deciding.py", "digitizer/cli/secrets.py",
    }  # fmt: skip
    found = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if "vault.path(" in file.read_text("utf-8")
    }
    assert found == telling


def test_qt_is_a_release_that_does_not_abort() -> None:
    """PySide6 6.12.0 miscounts references of `True` and aborts after some 550 signals."""
    lock = (ROOT / "packaging/run.lock").read_text("utf-8")
    assert re.search(r"^pyside6-essentials==6\.11\.\d+ ", lock, re.M)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "PySide6-Essentials==6.11.*" in project["dependencies"]


def test_no_command_waits_for_libraries_that_only_some_need() -> None:
    heavy = (
        "numpy", "PIL", "pikepdf", "pypdfium2", "pyhanko", "httpx", "PySide6", "zxingcpp",
        "websockets", "pyrage",
    )  # fmt: skip
    asked = f"import sys, digitizer.cli.main; print([n for n in {heavy!r} if n in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"

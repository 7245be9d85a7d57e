"""packaging/setup.sh against machines that lack things: the script is real, the tools are not.

Each test gets a copy of the script with small locks and a PATH that holds only named tools, so
that neither apt nor the network of this machine is touched. What the real tools do with the real
locks is proved by every `make test` on a clean machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "packaging/setup.sh"

# Tools of every Debian, taken as they are.
ORDINARY = (
    "sh", "cat", "env", "awk", "tr", "sed", "grep", "sha256sum", "cut", "mkdir", "mv", "rm",
    "dirname", "flock", "cp", "true",
)  # fmt: skip

PYTHON = """#!/bin/sh
case "$1 ${2:-}" in
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip")
        shift 2
        echo "pip $*" >>"$CALLS"
        case "$*" in *"${FAIL_PIP_ON:-nothing}"*) exit 1 ;; esac ;;
    "-V ") echo "Python 3.99.0" ;;
    *) exit "${UNSUITABLE:-0}" ;;
esac
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$CALLS"
case " $* " in
    *" update "*) : >"$LISTS" ;;
    *) [ -e "$LISTS" ] || { echo "E: Unable to locate package" >&2; exit 100; } ;;
esac
"""
APT_CACHE = """#!/bin/sh
case "$2" in
    *t64) echo "  Candidate: ${T64_CANDIDATE:-(none)}" ;;
    *) echo "  Candidate: 1.0" ;;
esac
"""
DPKG_QUERY = """#!/bin/sh
cat "$INSTALLED"
"""
DPKG = """#!/bin/sh
echo "dpkg $*" >>"$CALLS"
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A pretended machine with a checkout on it."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    @property
    def venv(self) -> Path:
        return self.checkout / ".venv"

    def gets(self, tool: str, text: str) -> None:
        """Puts a tool of ours on the PATH."""
        path = self.folder / "bin" / tool
        path.unlink(missing_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(0o755)

    def loses(self, tool: str) -> None:
        (self.folder / "bin" / tool).unlink()

    def has_installed(self, *names: str) -> None:
        lines = "".join(f"{name} installed\n" for name in names)
        (self.folder / "installed").write_text(lines, "utf-8")

    def set_up(self, goal: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.checkout / "packaging/setup.sh", goal],
            env={
                "PATH": str(self.folder / "bin"),
                "CALLS": str(self.folder / "calls"),
                "LISTS": str(self.folder / "lists"),
                "INSTALLED": str(self.folder / "installed"),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def calls(self) -> list[str]:
        """What apt, dpkg and pip were asked since the last time."""
        path = self.folder / "calls"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian on which root has everything but the virtual environment."""
    machine = Machine(tmp_path)
    (tmp_path / "bin").mkdir()
    (machine.checkout / "packaging").mkdir(parents=True)
    shutil.copy(SCRIPT, machine.checkout / "packaging")
    (machine.checkout / "pyproject.toml").write_text("[project]\n", "utf-8")
    for lock in ("build", "run", "test", "bench"):
        (machine.checkout / f"packaging/{lock}.lock").write_text(f"{lock}==1\n", "utf-8")
    for tool in ORDINARY:
        found = shutil.which(tool)
        assert found, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    machine.gets("python3", PYTHON)
    machine.gets("apt-get", APT_GET)
    machine.gets("apt-cache", APT_CACHE)
    machine.gets("dpkg-query", DPKG_QUERY)
    machine.gets("dpkg", DPKG)
    machine.gets("id", "#!/bin/sh\necho 0\n")
    machine.has_installed(*every_package())
    return machine


def every_package() -> set[str]:
    """All names in the script's lists; alternatives count as one, by the older name."""
    lists = re.findall(r"<<'LIST'\n(.*?)^LIST$", SCRIPT.read_text("utf-8"), re.S | re.M)
    return {line.split()[0].split("|")[-1] for text in lists for line in text.splitlines()}


def locks_in(calls: list[str]) -> list[str]:
    return [name for call in calls for name in re.findall(r"packaging/(\w+)\.lock", call)]


def test_the_second_run_does_nothing(machine: Machine) -> None:
    first = machine.set_up("test")
    assert (first.returncode, first.stderr) == (0, "")
    calls = machine.calls()
    assert locks_in(calls) == ["build", "run", "test"]
    assert all("--require-hashes" in call for call in calls if ".lock" in call)
    assert not [call for call in calls if call.startswith("apt-get")]

    second = machine.set_up("test")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert machine.calls() == []


def test_a_wider_goal_adds_only_its_own(machine: Machine) -> None:
    machine.set_up("run")
    machine.calls()

    assert machine.set_up("test").returncode == 0
    assert locks_in(machine.calls()) == ["test"]

    assert machine.set_up("run").returncode == 0
    assert machine.calls() == []


def test_a_changed_lock_makes_a_fresh_environment(machine: Machine) -> None:
    machine.set_up("run")
    leftover = machine.venv / "leftover"
    leftover.touch()
    machine.calls()
    (machine.checkout / "packaging/run.lock").write_text("run==2\n", "utf-8")

    assert machine.set_up("run").returncode == 0

    assert locks_in(machine.calls()) == ["build", "run"]
    assert not leftover.exists()


def test_a_changed_project_is_installed_again_without_the_rest(machine: Machine) -> None:
    machine.set_up("run")
    machine.calls()
    (machine.checkout / "pyproject.toml").write_text("[project]\nname = 'x'\n", "utf-8")

    assert machine.set_up("run").returncode == 0

    [call] = machine.calls()
    assert call.endswith("-e .")


@pytest.mark.parametrize("cut_off_at", ["build.lock", "run.lock", "test.lock", "-e ."])
def test_a_run_that_was_cut_off_is_repaired(machine: Machine, cut_off_at: str) -> None:
    broken = machine.set_up("test", FAIL_PIP_ON=cut_off_at)
    assert broken.returncode == 4
    assert "The next run starts from here" in broken.stderr
    machine.calls()

    repaired = machine.set_up("test")

    assert repaired.returncode == 0
    assert locks_in(machine.calls()) == ["build", "run", "test"]
    assert machine.set_up("test").stdout == ""


def test_a_moved_checkout_is_set_up_anew(machine: Machine) -> None:
    machine.set_up("run")
    machine.calls()
    moved = Machine(machine.folder / "elsewhere")
    shutil.copytree(machine.folder, moved.folder, symlinks=True)

    assert moved.set_up("run").returncode == 0
    assert locks_in(moved.calls()) == ["build", "run"]


def test_missing_packages_are_named_and_installed(machine: Machine) -> None:
    machine.has_installed(*every_package() - {"tesseract-ocr-vie", "strace"})

    outcome = machine.set_up("test")

    assert outcome.returncode == 0
    assert re.search(r"tesseract-ocr-vie +its Vietnamese language data", outcome.stdout)
    installs = [call for call in machine.calls() if call.startswith("apt-get")]
    # Without package lists the first try fails; the lists are fetched only then.
    assert [call.split()[1] for call in installs] == ["install", "update", "install"]
    assert installs[0] == installs[2]
    assert installs[0].endswith(" tesseract-ocr-vie strace")


def test_package_lists_that_serve_are_not_fetched_again(machine: Machine) -> None:
    machine.has_installed(*every_package() - {"sane-airscan"})
    (machine.folder / "lists").touch()

    assert machine.set_up("run").returncode == 0
    assert not [call for call in machine.calls() if " update" in call]


@pytest.mark.parametrize(
    ("candidate", "name"), [("2.84-1", "libglib2.0-0t64"), ("(none)", "libglib2.0-0")]
)
def test_a_renamed_package_goes_by_the_name_of_the_release(
    machine: Machine, candidate: str, name: str
) -> None:
    machine.has_installed(*every_package() - {"libglib2.0-0"})
    (machine.folder / "lists").touch()

    assert machine.set_up("run", T64_CANDIDATE=candidate).returncode == 0
    assert any(call.endswith(f" {name}") for call in machine.calls())


def test_a_renamed_package_that_is_there_is_not_missed(machine: Machine) -> None:
    machine.has_installed(*every_package() - {"libglib2.0-0"}, "libglib2.0-0t64")

    assert machine.set_up("run").returncode == 0
    assert not [call for call in machine.calls() if call.startswith("apt-get")]


def test_without_root_the_one_command_is_printed(machine: Machine) -> None:
    machine.gets("id", "#!/bin/sh\necho 1000\n")
    machine.has_installed(*every_package() - {"tesseract-ocr", "xvfb"})

    outcome = machine.set_up("test")

    assert outcome.returncode == 3
    [command] = [line for line in outcome.stderr.splitlines() if "sudo" in line]
    assert command.split("install ")[1].split() == [
        "--no-install-recommends", "-y", "tesseract-ocr", "xvfb",
    ]  # fmt: skip
    assert machine.calls() == []
    assert not machine.venv.exists()


def test_sudo_that_asks_nothing_is_used(machine: Machine) -> None:
    machine.gets("id", "#!/bin/sh\necho 1000\n")
    machine.gets("sudo", '#!/bin/sh\n[ "$1" = -n ] || exit 1\nshift\nexec "$@"\n')
    machine.has_installed(*every_package() - {"strace"})

    assert machine.set_up("test").returncode == 0
    assert any(call.endswith(" strace") for call in machine.calls())


def test_sudo_that_asks_for_a_password_is_left_alone(machine: Machine) -> None:
    machine.gets("id", "#!/bin/sh\necho 1000\n")
    machine.gets("sudo", "#!/bin/sh\nexit 1\n")
    machine.has_installed(*every_package() - {"strace"})

    assert machine.set_up("test").returncode == 3
    assert machine.calls() == []


def test_a_system_without_apt_is_told_what_to_install(machine: Machine) -> None:
    for tool in ("apt-get", "apt-cache", "dpkg-query", "dpkg"):
        machine.loses(tool)

    told = machine.set_up("run")
    assert told.returncode == 3
    assert "tesseract-ocr-vie" in told.stdout
    assert "DIGITIZER_SKIP_SYSTEM_PACKAGES=1" in told.stderr

    assert machine.set_up("run", DIGITIZER_SKIP_SYSTEM_PACKAGES="1").returncode == 0


def test_a_python_that_cannot_compile_is_not_taken(machine: Machine) -> None:
    """Its headers are asked of apt; when there is none to be had, the set-up stops."""
    machine.has_installed(*every_package() - {"python3-dev"})
    (machine.folder / "lists").touch()

    outcome = machine.set_up("run", UNSUITABLE="1", DIGITIZER_PYTHON="python3")

    assert any(call.endswith(" python3-dev") for call in machine.calls())
    assert outcome.returncode == 3
    assert "No Python 3.11" in outcome.stderr


def test_an_unknown_goal_is_wrong_usage(machine: Machine) -> None:
    assert machine.set_up("everything").returncode == 2

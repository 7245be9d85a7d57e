"""Fresh systems to install on: a release's smallest root made by debootstrap, and programs run in
it with processes and mounts of their own. Needs root; touches nothing outside its folder.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

USER = "canbo"
_ID = "1000"
_ENTER = """
set -e
mount -t proc proc "$1/proc"
mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm" 2>/dev/null || true
root=$1
who=$2
shift 2
exec chroot --userspec="$who" "$root" sh -c 'cd "$HOME" && exec "$@"' sh "$@"
"""
_PASSING = ("proc", "sys", "dev", "run", "tmp", "home", "root", "var/cache", "var/lib/apt",
            "var/lib/dpkg", "var/log", "var/tmp")  # fmt: skip
"""Where a running system writes by itself, and homes."""


class Release(Struct, frozen=True):
    """A distribution's release: its name, its suite and others, the parts of its archive, and
    where that is (empty: where this machine gets Debian from)."""

    name: str
    suite: str
    extra: tuple[str, ...] = ()
    parts: str = "main"
    mirror: str = ""


BOOKWORM = Release("Debian 12", "bookworm", ("bookworm-updates",))
TRIXIE = Release("Debian 13", "trixie", ("trixie-updates",))
NOBLE = Release("Ubuntu 24.04", "noble", ("noble-updates", "noble-security"), "main universe")


def mirrors() -> tuple[str, str | None]:
    """Return where this machine gets Debian from, and its security updates, by apt's own files."""
    texts = [
        file.read_text("utf-8", "replace")
        for file in (Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*"))
        if file.is_file() and file.suffix in (".list", ".sources")
    ]
    found = re.findall(r"^(?:URIs:|deb)\s(?:.*?)(\w+://\S*debian\S*)", "\n".join(texts), re.M)
    plain = [one for one in found if "security" not in one]
    secure = [one for one in found if "security" in one]
    if not plain:
        raise SystemExit("package-test: apt's sources name no Debian archive")
    return plain[0], secure[0] if secure else None


@dataclass(frozen=True, slots=True)
class Root:
    """A system in a folder."""

    folder: Path

    def run(
        self,
        *argv: str,
        user: bool = False,
        env: Mapping[str, str] | None = None,
        timeout: float = 600.0,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in it, as root or as its ``USER``, to its end.

        Raises:
            AssertionError: it failed, and ``check`` is asked for.
        """
        done = subprocess.run(
            self.command(argv, user=user), env=self.environment(user=user, extra=env),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip
        assert not check or done.returncode == 0, (
            f"{argv}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
        return done

    def start(self, *argv: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a program in it as its ``USER``; end it by ``kill``."""
        return subprocess.Popen(
            self.command(argv, user=True), env=self.environment(user=True, extra=env),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def command(self, argv: Sequence[str], *, user: bool) -> list[str]:
        """Return the command line, on this machine, that runs ``argv`` in it."""
        who = f"{_ID}:{_ID}" if user else "0:0"
        apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
        return [*apart, "sh", "-c", _ENTER, "sh", str(self.folder), who, *argv]

    def environment(self, *, user: bool, extra: Mapping[str, str] | None) -> dict[str, str]:
        """Return a bare environment, as after signing in."""
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.home) if user else "/root",
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            "DIGITIZER_DISCOVERY": "off",
            **(extra or {}),
        }

    @property
    def home(self) -> Path:
        """Its user's folder, as seen from inside."""
        return Path("/home") / USER

    def inside(self, path: Path | str) -> Path:
        """Return where a path of its lies on this machine."""
        return self.folder / str(path).lstrip("/")

    def apt(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run apt-get in it."""
        return self.run("apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", *words, timeout=900)

    def listing(self) -> dict[str, str]:
        """Return every file that is no passing one: its path, and what tells a change of it."""
        found = {}
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            if name.startswith(tuple(f"{one}/" for one in _PASSING)) or path.is_dir():
                continue
            state = path.lstat()
            link = path.is_symlink()
            found[name] = str(path.readlink()) if link else f"{state.st_size} {state.st_mtime_ns}"
        return found


def made(release: Release, store: Path) -> Path:
    """Return a fresh root of ``release``, made once and kept in ``store`` to copy from."""
    pristine = store / f"{release.suite}.root"
    ready = store / f"{release.suite}.ready"
    if ready.exists():
        return pristine
    shutil.rmtree(pristine, ignore_errors=True)
    main, security = (release.mirror, None) if release.mirror else mirrors()
    maker = "ubuntu" if release.mirror else "debian"
    keyring = Path(f"/usr/share/keyrings/{maker}-archive-keyring.gpg")
    trusted = (f"--keyring={keyring}",) if keyring.exists() else ()
    apart = ("unshare", "--mount")  # what it mounts there goes with it
    subprocess.run(
        [*apart, "debootstrap", "--variant=minbase", *trusted, release.suite, pristine, main],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    suites = (release.suite, *release.extra)
    lines = [f"deb {main} {suite} {release.parts}" for suite in suites]
    if security:
        lines.append(f"deb {security} {release.suite}-security main")
    root = Root(pristine)
    root.inside("etc/apt/sources.list").write_text("\n".join(lines) + "\n", "utf-8")
    for file in Path("/etc/apt/apt.conf.d").glob("99*"):  # how this machine reaches its archive
        shutil.copy(file, root.inside("etc/apt/apt.conf.d"))
    policy = root.inside("usr/sbin/policy-rc.d")
    policy.write_text("#!/bin/sh\nexit 101\n", "utf-8")  # no service starts in it
    policy.chmod(0o755)
    root.run("useradd", "--create-home", "--uid", _ID, "--shell", "/bin/sh", USER)
    root.apt("update")
    ready.touch()
    return pristine


def kill(process: subprocess.Popen[str]) -> str:
    """Kill what ``Root.start`` started, with all that it started; returns its last complaints.

    The whole group: who changes the account is no longer killed with their parent. The first
    process of a namespace takes the others along.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.communicate()[1]


def copied(pristine: Path, folder: Path) -> Root:
    """Return a root of one's own."""
    remove(folder)
    subprocess.run(["cp", "-a", "--reflink=auto", pristine, folder], check=True)
    shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")
    return Root(folder)


def remove(folder: Path) -> None:
    """Remove a root; nothing is mounted in it but in namespaces that are gone."""
    if folder.exists():
        mounted = Path("/proc/self/mounts").read_text("utf-8")
        assert f" {folder}/" not in mounted, f"something is mounted below {folder}"
        shutil.rmtree(folder)

"""``server set --ca``: an office's CA is trusted once its fingerprint was confirmed, no sooner."""

from __future__ import annotations

from pathlib import Path

import trustme
from commandline import CommandLine

from digitizer.authority import read_authority
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox
from tests.certificates import issued, pem_of


def test_an_office_ca_is_confirmed_used_kept_and_dropped(
    worked: CommandLine, tmp_path: Path
) -> None:
    office = trustme.CA(organization_name="Văn phòng xã")
    file = tmp_path / "ca.crt"
    file.write_text(pem_of(office), "ascii")
    known = read_authority(file)
    certificate = issued(office, tmp_path / "server.pem")
    with Sandbox(tmp_path / "tls", Faults(), certificate=certificate) as there:
        done = set_(worked, there, "--ca", file)
        assert (done.code, done.out) == (3, "")
        assert known.fingerprint in done.trouble
        done = set_(worked, there, "--ca", file, "--ca-sha256", "ab" * 32)
        assert done.code == 3
        done = set_(worked, there, "--ca", file, "--ca-sha256", known.fingerprint.lower())
        assert done.code == 0
        file.unlink()
        assert done.value["ca"]["sha256"] == known.sha256
        assert worked.ok("sync", "--once").value["sent"] == 1

        assert set_(worked, there).value["ca"]["sha256"] == known.sha256, "the same host"
        assert set_(worked, there, "--no-ca").value["ca"] is None
        done = worked.run("sync", "--once")
        assert (done.code, done.value["errors"][0]["error"]) == (3, "server-untrusted")
        assert "--ca FILE" in done.trouble


def test_a_file_that_is_no_ca_changes_nothing(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "leaf.pem").write_bytes(issued(trustme.CA(), tmp_path / "all.pem").read_bytes())
    where = ("--kind", "opencps", "--url", "https://127.0.0.1", "--user", "u")
    for name in ("leaf.pem", "gone.pem"):
        done = command.run("server", "set", *where, "--ca", tmp_path / name, said="p\n")
        assert (done.code, done.out) == (3, "")
    assert command.run("server", "set", *where, "--ca", "x", "--no-ca", said="p\n").code == 2
    assert command.ok("server", "show").value is None


def set_(command: CommandLine, there: Address, *more: str | Path):  # type: ignore[no-untyped-def]
    """Set the system with its account."""
    where = ("--kind", "opencps", "--url", there.url, "--group", there.group, "--user", there.user)
    return command.run("server", "set", *where, *more, said=f"{there.password}\n")

"""USB tokens of software (SoftHSM2), and a maker's library around them that can be told to fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from tests.signing.issuing import Issued, Issuer

PIN, SO_PIN = "246810", "13571113"
LIBRARY = next(
    (
        file
        for folder in ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib64/pkcs11")
        if (file := Path(folder) / "libsofthsm2.so").exists()
    ),
    Path("libsofthsm2.so"),
)
_CONFIG = "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n"


@dataclass(frozen=True, slots=True)
class Port:
    """Where tokens are plugged in."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What makes SoftHSM look there."""
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    @classmethod
    def made(cls, folder: Path) -> Port:
        """Make an empty one."""
        (folder / "tokens").mkdir(parents=True)
        port = cls(folder)
        port._configure()
        return port

    def _configure(self) -> None:
        text = _CONFIG.format(self.folder / "tokens")
        (self.folder / "softhsm2.conf").write_text(text)

    def copied(self, folder: Path) -> Port:
        """Return a port with the same tokens in it, in another folder."""
        shutil.copytree(self.folder, folder)
        port = Port(folder)
        port._configure()
        return port

    def plug(self, label: str, issuer: Issuer, *issued: Issued, pin: str = PIN) -> str:
        """Plug in a token with these keys and certificates, and the issuer's own certificate;
        return its serial number. Another of the same label may be there already."""
        before = self._serials()
        self._util("--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", SO_PIN)
        (serial,) = self._serials() - before
        files = []
        for number, one in enumerate(issued, 1):
            key, certificate = (self.folder / f"{label}-{number}.{end}" for end in ("key", "der"))
            key.write_bytes(one.key_pem())
            certificate.write_bytes(one.certificate.public_bytes(Encoding.DER))
            identity = f"a{number}"
            self._util(
                "--import", str(key), "--serial", serial, "--label", f"key {number}",
                "--id", identity, "--pin", pin,
            )  # fmt: skip
            files.append(f"{certificate}:{identity}")
        root = self.folder / "root.der"
        root.write_bytes(issuer.root.public_bytes(Encoding.DER))
        self._run(
            sys.executable, "-m", "tests.signing.plugging", str(LIBRARY), serial, pin,
            *files, f"{root}:ff",
        )  # fmt: skip
        return serial

    def _serials(self) -> set[str]:
        lines = self._util("--show-slots").splitlines()
        words = [line.split(":", 1) for line in lines if ":" in line]
        return {value.strip() for name, value in words if name.strip() == "Serial number"} - {""}

    def pull_out(self) -> None:
        """Pull out whatever is plugged in."""
        shutil.rmtree(self.folder / "tokens")
        (self.folder / "tokens").mkdir()

    def _util(self, *arguments: str) -> str:
        return self._run("softhsm2-util", *arguments)

    def _run(self, *command: str) -> str:
        environment = {**os.environ, **self.environment}
        done = subprocess.run(
            command, check=True, capture_output=True, env=environment, encoding="utf-8"
        )
        return done.stdout


@dataclass(frozen=True, slots=True)
class Vendor:
    """A maker's library that does as it is told."""

    library: Path
    order: Path

    @classmethod
    def compiled(cls, folder: Path) -> Vendor:
        """Compile it."""
        folder.mkdir(exist_ok=True)
        library = folder / "vendor.so"
        source = Path(__file__).with_name("vendor.c")
        command = ["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
        subprocess.run(command, check=True)
        return cls(library, folder / "order")

    @property
    def environment(self) -> dict[str, str]:
        """What the library wants to know."""
        return {"VENDOR_ORDER": str(self.order), "VENDOR_REAL": str(LIBRARY)}

    def tell(self, what: str) -> None:
        """Tell it what to do from now on, "" for its work."""
        self.order.write_text(what)
        for mark in ("logins", "hangs"):
            self.order.with_name(f"order.{mark}").unlink(missing_ok=True)

    @property
    def logins(self) -> int:
        """How often a PIN was tried since it was told something."""
        marks = self.order.with_name("order.logins")
        return marks.stat().st_size if marks.exists() else 0

    @property
    def hangs(self) -> bool:
        """Whether it hangs by now."""
        return self.order.with_name("order.hangs").exists()

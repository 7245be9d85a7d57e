"""What a package has to do on a fresh system: each step is a function that asserts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from digitizer import __version__
from shipping import deb
from tests.packages import screen
from tests.packages.roots import USER, Root, kill

CODE = "000.00.20.H02-261122-0001"
WORDS = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "GIẤY KHAI SINH",
         "Họ và tên: Nguyễn Thị Hồng Hạnh", "Nơi cư trú: xã Tân Lập")  # fmt: skip
_FONT = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"
NEXT = "9.9.9"
"""The version of the package that stands for one to come."""


def page(file: Path) -> None:
    """Draw a page with Vietnamese text."""
    sheet = Image.new("RGB", (1240, 1754), (252, 252, 248))
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(_FONT, 38)
    for number, line in enumerate(WORDS):
        pen.text((140, 200 + number * 110), line, fill=(20, 20, 30), font=font)
    sheet.save(file, quality=88, dpi=(150, 150))


class Installed:
    """The program in a root, run as its user would."""

    def __init__(self, root: Root, program: str = "digitizer") -> None:
        self.root = root
        self.program = program

    def ok(self, *words: str, **env: str) -> Any:
        """Run a command that must succeed; returns its JSON (of the last line)."""
        done = self.root.run(self.program, "--json", *words, user=True, env=env)
        return json.loads(done.stdout.splitlines()[-1])

    def refused(self, *words: str) -> tuple[int, str]:
        """Run a command that must not; returns its exit code and its one line."""
        done = self.root.run(self.program, *words, user=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stderr.strip()

    def papers(self) -> None:
        """Give it pages to take in, in a folder of its user."""
        folder = self.root.inside(self.root.home / "giay")
        folder.mkdir(exist_ok=True)
        page(folder / "1.jpg")
        shutil.copy(folder / "1.jpg", folder / "2.jpg")
        subprocess.run(["chown", "-R", "1000:1000", folder], check=True)


def doctor_is_content(at: Installed) -> str:
    """Everything it looks at works."""
    rows = at.ok("doctor")
    assert [row for row in rows if not row["ok"]] == []
    return f"{len(rows)} checks"


def takes_in_reads_and_bundles(at: Installed) -> str:
    """A page goes all the way to a PDF/A whose Vietnamese words are right."""
    at.papers()
    at.ok("dossier", "new", "--code", CODE)
    at.ok("import", "giay/1.jpg", "--dossier", CODE, "--paper", "TP01")
    assert at.ok("work", "--until-idle")["failed"] == 0
    (paper,) = (one for one in at.ok("dossier", "show", CODE)["papers"] if one["part"] == "TP01")
    assert paper["bundle"]["pdfa"] and len(paper["pages"]) == 1
    (seen,) = at.ok("inspect", "giay/1.jpg")
    for words in ("GIẤY KHAI SINH", "Nguyễn Thị Hồng Hạnh"):
        assert words in seen["text"], seen["text"]
    made = at.ok("bundle", "giay/1.jpg", "giay/2.jpg", "-o", "ra.pdf")
    assert made["pdfa"] and made["pages"] == 2 and not made["unread"]
    found = at.ok("search", "khai", "sinh")
    assert [one["code"] for one in found] == [CODE]
    return f"{paper['pages'][0]['confidence']:.0f} % sure of its words"


def scans(at: Installed) -> str:
    """From SANE's own test device, and from a network scanner by our own driver."""
    config = at.root.inside(at.root.home / "sane")
    config.mkdir(exist_ok=True)
    (config / "dll.conf").write_text("test\n", "ascii")
    sane = {"SANE_CONFIG_DIR": str(at.root.home / "sane")}
    assert "test:0" in [one["id"] for one in at.ok("devices", **sane)]
    end = at.ok(
        "scan", "--device", "test:0", "--dossier", CODE, "--dpi", "75", "--pages", "1", **sane
    )
    assert (end["pages"], end["reason"]) == (1, "count")
    scanner = at.root.start(at.program, "--json", "virtual-scanner", "giay")
    try:
        assert scanner.stdout is not None
        url = json.loads(scanner.stdout.readline())["url"]
        end = at.ok("scan", "--device", f"escl:{url}", "--dossier", CODE)
        assert end["pages"] == 2, end
    finally:
        kill(scanner)
    return "SANE 1 page, eSCL 2 pages"


def opens_its_window(at: Installed, picture: Path) -> str:
    """It is there, it is not empty, and it closes when it is told to."""
    with screen.display() as name:
        window = at.root.start(at.program, "--open", CODE, env={"DISPLAY": name})
        try:
            seen = screen.shown(name, "Số hóa hồ sơ", picture)
        except AssertionError as error:
            raise AssertionError(f"{error}: {kill(window)[-2000:]}") from error
        kill(window)  # pages are safe at any moment
    return f"{len(seen.getcolors(1 << 24) or ()):,} colours"


def sends_in_the_background(at: Installed) -> str:
    """It holds the home, and another command gets it."""
    background = at.root.start(at.program, "sync", "--background")
    holder = at.root.inside(home(at) / "lock.holder")
    try:
        for _ in range(120):
            if holder.exists() and "background" in holder.read_text("utf-8"):
                break
            assert background.poll() is None, kill(background)
            time.sleep(0.5)
        assert at.ok("dossier", "new", "--local")["local"]
    finally:
        kill(background)
    return "gives way"


def home(at: Installed) -> Path:
    """Where its user's dossiers lie, from inside."""
    return at.root.home / ".local/share/digitizer"


def newer(package: Path, folder: Path) -> Path:
    """Make the package of a version to come: the same, with one more step of the schema."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder], check=True)
    (schema,) = folder.rglob("storage/schema")
    last = max(int(file.name[:4]) for file in schema.glob("*.sql"))
    step = schema / f"{last + 1:04d}_to_come.sql"
    step.write_text("CREATE TABLE to_come (id INTEGER PRIMARY KEY) STRICT;\n", "ascii")
    about = folder / "DEBIAN/control"
    about.write_text(
        about.read_text("utf-8").replace(f"Version: {__version__}", f"Version: {NEXT}")
    )
    out = folder.with_suffix(".deb")
    deb.build(folder, out, 1_800_000_000)
    return out


def upgrades_and_refuses_to_go_back(at: Installed, package: Path, next_one: Path) -> str:
    """Pages are there after an upgrade; the older version refuses the newer home in words."""
    before = at.ok("status")["pages"]
    install(at.root, next_one)
    at.ok("dossier", "new", "--local")
    assert at.ok("status")["pages"] == before > 0
    assert at.ok("verify")["problems"] == []
    install(at.root, package, "--allow-downgrades")
    code, line = at.refused("status")
    assert code == 3 and "newer" in line, (code, line)
    assert at.refused("dossier", "new", "--local")[0] == 3
    install(at.root, next_one)
    assert at.ok("status")["pages"] == before, "nothing was changed by the refusal"
    return line


def install(root: Root, package: Path, *options: str) -> None:
    """Install a package file with what it depends on, and no more."""
    shutil.copy(package, root.inside("tmp/p.deb"))
    root.apt("install", "--no-install-recommends", *options, "/tmp/p.deb")
    root.inside("tmp/p.deb").unlink()


def depends_of(package: Path) -> str:
    """Return the package's own words on what it depends on."""
    return subprocess.run(
        ["dpkg-deb", "--field", package, "Depends"], capture_output=True, text=True, check=True
    ).stdout.strip()


def is_as_it_was_packed(at: Installed) -> str:
    """Running it has changed none of its files."""
    done = at.root.run("dpkg", "--verify", "digitizer")
    assert done.stdout == "", done.stdout
    listed = at.root.run("dpkg-query", "--listfiles", "digitizer").stdout.splitlines()
    return f"{len(listed)} files"


def leaves_nothing_but_the_home(at: Installed, before: dict[str, str], package: Path) -> str:
    """Removed; installed again and purged: every file of the system is what it was each time, and
    the home is whole."""
    kept = {
        str(file.relative_to(at.root.inside(at.root.home))): file.stat().st_size
        for file in at.root.inside(at.root.home).rglob("*")
        if file.is_file()
    }
    for verb in ("remove", "purge"):
        if verb == "purge":
            install(at.root, package)
        at.root.apt(verb, "digitizer")
        now = at.root.listing()
        changed = {name for name in {*before, *now} if before.get(name) != now.get(name)}
        known = {name for name in changed if re.search(CACHES, name)}
        assert changed - known == set(), f"{verb}: {sorted(changed - known)[:20]}"
    there = at.root.inside(at.root.home)
    assert {str(one.relative_to(there)) for one in there.rglob("*") if one.is_file()} == set(kept)
    assert any(name.endswith("digitizer.db") for name in kept)
    return f"{len(kept)} files of {USER} kept"


CACHES = r"/(icon-theme\.cache|mimeinfo\.cache|ld\.so\.cache)$|^var/lib/(systemd|ucf|man-db)/"
"""What triggers of other packages write anew when icons and menu entries come and go."""

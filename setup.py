"""What pyproject.toml cannot say: an installed program has the user guide beside its code."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DOCS = Path(__file__).parent / "docs"
GUIDE = DOCS / "huong-dan.md"


class BuildWithGuide(build_py):
    """Puts the guide and the pictures that it shows where ``ui.guide`` looks for them."""

    def run(self) -> None:
        """Build, then copy; a checkout that is used in place has its docs already."""
        super().run()
        if self.editable_mode:
            return
        into = Path(self.build_lib) / "ui" / "assets" / "guide"
        pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", GUIDE.read_text("utf-8"))
        for name in (GUIDE.name, *pictures):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(DOCS / name, into / name)


setup(cmdclass={"build_py": BuildWithGuide})

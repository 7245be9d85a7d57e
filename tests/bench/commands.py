"""The command lines that are compared."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.bench.table import path_env


def bundle(files: list[Path], out: Path) -> list[str]:
    """Return our command: ``digitizer bundle FILE… -o OUT``."""
    names = [str(file) for file in files]
    return [sys.executable, "-m", "digitizer", "bundle", *names, "-o", str(out)]


def ocrmypdf(source: Path, out: Path) -> list[str]:
    """Return OCRmyPDF's command for a PDF of page images.

    It runs as politely as our own programs do, so that other work on the machine weighs on both
    sides alike.
    """
    cores = str(len(os.sched_getaffinity(0)))
    settings = ["-l", "vie", "--output-type", "pdfa", "-j", cores]
    return ["nice", "-n", "10", "ocrmypdf", *settings, str(source), str(out)]


def wrap(files: list[Path], out: Path) -> None:
    """Wrap page images into a PDF for OCRmyPDF, byte for byte."""
    names = [str(file) for file in files]
    subprocess.run(["img2pdf", "-o", str(out), *names], check=True, env=path_env())

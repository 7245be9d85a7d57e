"""A program that tries what it must not do: ``python -m digitizer.confined`` says what was refused.

Run by the doctor: what holds is tried, not taken from a version.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict

from digitizer import confinement, programs


def main(_argv: list[str]) -> Any:
    """Run the program."""
    return asdict(confinement.tried())


if __name__ == "__main__":
    programs.serve(main)

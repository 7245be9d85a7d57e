"""English counts for the command line and its reports: "1 page", "2 pages". Stands on nothing."""

from __future__ import annotations


def counted(number: int, one: str, more: str = "") -> str:
    """Return a number and what is counted.

    Args:
        number: How many.
        one: What one of them is called, and what it does where that changes with the number:
            "page", "paper waits".
        more: What several are called; empty: ``one`` with an s.
    """
    return f"{number} {one if number == 1 else more or f'{one}s'}"

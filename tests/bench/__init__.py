"""``make bench``: what the product costs and how well it reads, against OCRmyPDF and
GNOME Document Scanner in one run.

One module per figure (``speed``, ``memory`` …), each with ``measure(folder) -> list[Figure]``.
Run as ``python -m tests.bench [--write] [--quick] [FIGURE…]``.
"""

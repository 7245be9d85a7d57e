"""The core of Số hóa hồ sơ: capture, storage, reading, bundling and sync of dossiers.

Knows no Qt and no scanner driver; both are handed in at a composition root
(``digitizer.cli`` or ``ui.__main__``).
"""

__version__ = "0.1.0"

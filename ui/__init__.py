"""The window of Số hóa hồ sơ (PySide6): shows facts, changes them through the core's verbs."""

"""What an administrator has locked, shown on the fields it holds. Knows no screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from digitizer.policy import Policy
from ui.language import say


def reason(policy: Policy) -> str:
    """Return why a field cannot be changed, and whom to ask."""
    return say("Do quản trị đặt ({0})", policy.by) if policy.by else say("Do quản trị đặt")


def lock(policy: Policy, fields: dict[str, tuple[QWidget, ...]]) -> bool:
    """Let nobody change the fields of locked settings (by their names); tell whether any are."""
    any_locked = False
    for name, widgets in fields.items():
        if policy.locks(name):
            any_locked = True
            for widget in widgets:
                widget.setEnabled(False)
                widget.setToolTip(reason(policy))
                widget.setAccessibleDescription(reason(policy))
    return any_locked

"""What an administrator has locked, shown on the fields it holds. Knows no screen."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from digitizer.policy import Policy
from ui.language import say


def reason(policy: Policy) -> str:
    """Return why a field cannot be changed, and whom to ask."""
    return say("Do quản trị đặt ({0})", policy.by) if policy.by else say("Do quản trị đặt")


def lock(
    policy: Policy, fields: dict[str, tuple[QWidget, ...]], *, each_says_so: bool = True
) -> bool:
    """Let nobody change the fields of locked settings (by their names); tell whether any are.

    ``each_says_so``: the name of each field tells that it is locked; else its form does.
    """
    any_locked = False
    for name, widgets in fields.items():
        if policy.locks(name):
            any_locked = True
            for widget in widgets:
                widget.setEnabled(False)
                widget.setToolTip(reason(policy))
                widget.setAccessibleDescription(reason(policy))
                if each_says_so:
                    _tell(widget, say("Do quản trị đặt"))
    return any_locked


def _tell(widget: QWidget, words: str) -> None:
    """Put ``words`` below the name of a field: one that is off is never under the cursor."""
    named = (widget, widget.parentWidget())  # several may stand in one row, under one name
    for name in widget.window().findChildren(QLabel):
        if name.text() and name.buddy() in named and words not in name.text():
            name.setText(f"{name.text()}\n{words}")

"""PURE: the style sheet, made of the theme's tokens. Hairlines instead of boxes, no gradients."""

from __future__ import annotations

from ui.tokens import Tokens


def sheet(c: Tokens, points: int) -> str:
    """Return the style sheet for one palette and one size of type (points)."""
    line, large = round(points * 1.85), round((points + 4) * 1.85)
    return f"""
QWidget {{ color: {c.ink}; }}
QMainWindow, QWidget#ground {{ background: {c.ground}; }}
QWidget#paper {{ background: {c.paper}; }}
QWidget#header {{ background: {c.paper}; border-bottom: 1px solid {c.line}; }}
QWidget#bar {{ background: {c.paper}; border-top: 1px solid {c.line}; }}
QWidget#rail {{ background: {c.ground}; border-right: 1px solid {c.line}; }}
QWidget#column {{ background: {c.paper}; border-right: 1px solid {c.line}; }}
QScrollArea {{ background: transparent; border: none; }}
QLabel {{ background: transparent; }}
QLabel[role="soft"] {{ color: {c.ink_soft}; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="name"] {{ font-size: {points + 7}pt; font-weight: 600; }}
QLabel[role="title"] {{ font-size: {points + 9}pt; font-weight: 600; }}
QLabel[role="section"] {{ font-weight: 600; color: {c.ink_soft}; }}
QLabel[role="code"] {{ font-size: {points + 1}pt; font-weight: 600; color: {c.accent}; }}
QLabel[role="asked"] {{ color: {c.accent}; }}
QLabel[role="wrong"] {{ color: {c.bad}; }}
QLabel[role="count"] {{ font-size: {points + 2}pt; font-weight: 600; }}

QPushButton {{
  background: {c.paper}; border: 1px solid {c.line}; border-radius: 6px;
  padding: 7px 16px; min-height: {line}px; outline: 0;
}}
QPushButton:hover {{ border-color: {c.accent}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: 6px 15px; }}
QPushButton:pressed {{ background: {c.accent_soft}; }}
QPushButton:disabled {{ color: {c.ink_soft}; background: {c.ground}; border-color: {c.line}; }}
QPushButton[role="main"] {{
  background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; font-weight: 600;
}}
QPushButton[role="main"]:hover {{ border-color: {c.ink}; }}
QPushButton[role="main"]:focus {{ border: 2px solid {c.ink}; }}
QPushButton[role="main"]:disabled {{
  background: {c.ground}; color: {c.ink_soft}; border-color: {c.line};
}}
QPushButton#scan {{
  font-size: {points + 4}pt; padding: 8px 32px; border-radius: 8px; min-height: {large}px;
}}
QPushButton#scan:focus {{ padding: 7px 31px; }}
QPushButton[role="flat"] {{ background: transparent; border-color: transparent; padding: 7px 8px; }}
QPushButton[role="flat"]:hover {{ border-color: {c.line}; }}
QPushButton[role="flat"]:focus {{ border: 2px solid {c.accent}; padding: 6px 7px; }}
QPushButton[role="place"] {{
  background: transparent; border: none; border-left: 3px solid transparent; border-radius: 0;
  text-align: left; padding: 12px 16px 12px 13px; color: {c.ink_soft}; font-weight: 600;
}}
QPushButton[role="place"]:hover {{ color: {c.ink}; }}
QPushButton[role="place"]:focus {{
  color: {c.ink}; border: 2px solid {c.accent}; border-left-width: 3px;
  padding: 10px 14px 10px 13px;
}}
QPushButton[role="place"]:checked {{
  color: {c.ink}; border-left-color: {c.accent}; background: {c.paper};
}}

QLineEdit, QComboBox {{
  background: {c.paper}; border: 1px solid {c.line}; border-radius: 6px; padding: 6px 10px;
  min-height: {max(22, line)}px;
  selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QLineEdit:disabled, QComboBox:disabled {{ background: {c.ground}; color: {c.ink_soft}; }}
QLineEdit:focus, QComboBox:focus {{ border: 2px solid {c.accent}; padding: 5px 9px; }}
QLineEdit#search {{ font-size: {points + 3}pt; padding: 9px 12px; }}
QLineEdit#search:focus {{ padding: 8px 11px; }}
QLineEdit#code {{ padding: 1px 8px; min-height: 0; }}
QLineEdit#code:focus {{ padding: 0 7px; }}
QComboBox {{ padding-left: 12px; padding-right: 32px; }}
QComboBox:focus {{ padding-left: 11px; padding-right: 31px; }}
QComboBox::drop-down {{ border: none; width: 0; }}
QComboBox QAbstractItemView {{
  background: {c.paper}; border: 1px solid {c.line}; outline: 0; padding: 4px;
  selection-background-color: {c.accent_soft}; selection-color: {c.ink};
}}
QComboBox QAbstractItemView::item {{ min-height: 32px; }}

QMenu {{ background: {c.paper}; border: 1px solid {c.line}; padding: 4px; }}
QMenu::item {{ padding: 8px 24px 8px 8px; border-radius: 4px; }}
QMenu::item:selected {{ background: {c.accent_soft}; color: {c.ink}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 0; }}

QListView {{ background: {c.paper}; border: none; outline: 0; }}
QListView#rows {{ background: {c.ground}; }}
QListView#found {{ background: {c.ground}; border-top: 1px solid {c.line}; }}

QListWidget#contents {{ background: transparent; border: none; outline: 0; }}
QListWidget#contents::item {{
  padding: 6px 8px; border: none; border-left: 3px solid transparent; color: {c.ink};
}}
QListWidget#contents::item:selected {{ background: {c.accent_soft}; color: {c.ink}; }}
QListWidget#contents::item:selected:active {{ border-left: 3px solid {c.accent}; }}
QTextBrowser {{ background: {c.paper}; border: none; }}

QFrame#banner {{ border: none; border-bottom: 1px solid {c.line}; }}
QFrame#banner[tone="good"] {{ background: {c.good_soft}; }}
QFrame#banner[tone="info"] {{ background: {c.accent_soft}; }}
QFrame#banner[tone="warn"] {{ background: {c.warn_soft}; }}
QFrame#banner[tone="bad"] {{ background: {c.bad_soft}; }}
QFrame#banner QLabel[role="said"] {{ font-weight: 600; }}

QWidget#training {{ background: {c.training}; }}
QWidget#training QLabel {{ color: {c.on_training}; font-weight: 600; }}
QWidget#line {{ background: {c.line}; }}
QFrame#sheet {{ background: {c.paper}; border: 1px solid {c.line}; border-radius: 10px; }}
QLabel#chip {{
  background: {c.paper}; border: 1px solid {c.line}; border-radius: 6px; padding: 4px 10px;
}}
QLabel[role="key"] {{
  background: {c.ground}; border: 1px solid {c.line}; border-radius: 4px; padding: 1px 8px;
}}
QToolTip {{
  background: {c.paper}; color: {c.ink}; border: 1px solid {c.line}; padding: 4px 8px;
}}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{
  background: {c.line}; border-radius: 4px; min-height: 32px; margin: 2px;
}}
QScrollBar::handle:vertical:hover {{ background: {c.ink_soft}; }}
QScrollBar::handle:vertical:disabled {{ background: transparent; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{
  background: {c.line}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px;
}}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
"""

"""Joins what stands between screens and core to the window's edges: its rail, its banner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitizer.app import App
from ui.places import Place
from ui.stacks import DeskStacks

if TYPE_CHECKING:
    from ui.window import Window


def stacks_of(window: Window, app: App) -> DeskStacks:
    """Return the stacks of a home; how many wait stands on the rail."""
    stacks = DeskStacks(app, window.bridge, window)
    stacks.said.connect(window.banner.say)
    stacks.changed.connect(lambda: window.rail.show_count(Place.STACK, len(stacks.waiting)))
    return stacks

"""Makes what is handed out: one frozen tree, and from it a .deb, a bundle, a Windows installer.

Run by ``make deb`` and ``make bundle``; no part of the program. Every step gives the same bytes
from the same sources.
"""

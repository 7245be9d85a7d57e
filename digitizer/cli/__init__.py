"""The command line: one module a group of commands; ``digitizer.cli.main`` is the entry point.

A composition root: it alone (inside functions) brings drivers and the core together.
"""

"""The evaluation: how right the page engine is, on pages nobody here made and on our own.

``make eval DATA=folder`` runs it (``python -m tests.eval``). One module a task; each gives the
lines of its table. The folder is laid out as the task modules say; a task whose part of it is
missing says so and measures its own pages alone.
"""

"""Histories: whatever happens to a desk and its server, both agree in the end.

A history is a sequence of what a clerk, a bad line, a bad server, a clock and a kill can do to one
home, drawn by Hypothesis (``machine``). Some run with the tests; ``make histories`` runs 10,000.

Real: the home with its SQLite and vault, capture, the verbs, plan, planner, work table, both
lanes' books, the sync lane's thread and runner, the HTTP client, recovery; the line (a proxy that
cuts after any byte), the sandbox with its SQLite and files, on HTTP. Kills are SIGKILL to a forked
process that is syncing, at its nth call to disk or network (``tests.crash``).

Put in place by the store's own writers, because real pixels would take seconds a history: what a
look at a page finds, its words, and its bundle, which is a small file of its own for every
fingerprint (``desk``). A page is a few bytes that nothing decodes.

A clock that jumps is a store whose moments all lie that much earlier or later: the program keeps
moments nowhere else.
"""

"""A procedure system on this machine: OpenCPS v2's HTTP API on loopback, SQLite behind it.

For demonstrations, training and tests; started by ``digitizer sandbox``. Needs the optional
dependencies of the extra ``sandbox``. Shares no code with the adapter it is used against, so
that a misreading of the API cannot hide in both.
"""

"""A province's load: many desks come online in the same minute, each with papers that wait
(``make load``).

Every desk is a real home with the real store, work table, lane and HTTP client; the papers were
bundled before, put in place by the store's own writers. The server is the sandbox (SQLite, one
process) on loopback. What came down before the desks went offline is not fetched again.
"""

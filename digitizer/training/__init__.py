"""Training (*Tập huấn*): a virtual scanner with sample papers and a sandbox, in a home of its own.

A clerk practises without paper and without a server; nothing of it touches the real home. Opened
by ``digitizer training`` and shown by the window. Knows no driver and no screen: scanner and
sandbox run as commands of their own.
"""

"""A weak line: a proxy that is one, and what ``digitizer sync`` makes of it (``make line``)."""

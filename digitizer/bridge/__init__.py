"""The local bridge for the *Scan* button of a web page: a WebSocket on this machine alone."""

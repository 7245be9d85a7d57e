"""Places of the window."""

"""The window's own parts."""

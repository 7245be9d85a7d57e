"""Lists that the window's views show."""

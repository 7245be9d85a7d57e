"""The lanes: they do what the plan calls for and write new facts."""

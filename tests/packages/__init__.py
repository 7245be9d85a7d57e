"""The packages that are handed out, on fresh systems: ``make package-test``."""

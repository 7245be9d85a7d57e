"""Signing: a PDF/A gets an officer's or the agency's signature as its last, incremental step."""

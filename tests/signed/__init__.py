"""Signed PDFs for the tests: a certificate authority of their own, and what it signs."""

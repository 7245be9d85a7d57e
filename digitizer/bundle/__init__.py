"""Bundles: a paper's pages as one searchable PDF/A-2b. Sees files and nothing of dossiers."""

"""Programs on one page: intake, reading, OCR. They see files and nothing of dossiers."""

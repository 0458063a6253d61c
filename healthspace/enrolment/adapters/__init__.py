"""Outside things: registry files, printed letters, mail out and back, scanned forms."""

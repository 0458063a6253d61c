"""One’s own ways in and sessions, whoever one is."""

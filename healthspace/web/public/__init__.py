"""Pages for anyone: front page, sign-in, help, legal pages, errors."""

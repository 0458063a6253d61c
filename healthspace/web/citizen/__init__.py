"""Pages for the holder of a space."""

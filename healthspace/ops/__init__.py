"""The operators' door: start, watch, repair."""

"""The law and the formats in plain Python: registry rows, windows, codes, references."""

"""Pages of the people who answer the phone."""

"""Pages of a certified helper beside a person at a desk."""

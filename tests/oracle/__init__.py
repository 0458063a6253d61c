"""A second, independent reading of the law of access; imports nothing of the product's."""

"""healthspace: a national personal health space."""

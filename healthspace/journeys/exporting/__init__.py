"""What a copy of a whole space is made of: names, sheets, the page to begin with, the ZIP."""

"""Reference rates, price guidance and who gets what: exact figures, each with its source and its age."""

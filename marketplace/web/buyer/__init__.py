"""Pages of buyers: buying a lot, and their orders."""

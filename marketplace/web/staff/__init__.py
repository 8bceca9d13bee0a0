"""Pages of Pact staff."""

"""The signed log, measured."""

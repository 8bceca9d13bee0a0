"""Change people, their roles, sessions, factors, links and tokens."""

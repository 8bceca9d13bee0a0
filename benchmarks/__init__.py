"""Measurements with their budgets: each prints the machine, the figures and the ratio, and fails beyond its budget."""

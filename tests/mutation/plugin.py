"""Loaded by pytest when it runs against mutants: fewer examples, always the same ones, and no time limit on one.

A slow machine would otherwise kill a mutant that no test notices.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutants",
    max_examples=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("mutants")

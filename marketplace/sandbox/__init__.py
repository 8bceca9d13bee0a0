"""A stand-in for Stripe's HTTP API: a process of its own, for the demo and the tests, never for production.

It knows nothing of the marketplace. Run it with `python -m marketplace.sandbox --help`.
Its few pages are for developers and testers and speak English only, like the test page they stand for.
"""

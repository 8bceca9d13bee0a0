"""Adapters that read documents of rates: bytes go in, observations and refused rows come out."""

from marketplace.pricing.sources.choice import source_for
from marketplace.pricing.sources.feed import DocumentRefused, Feed, RateSource, RefusedRow

__all__ = ["DocumentRefused", "Feed", "RateSource", "RefusedRow", "source_for"]

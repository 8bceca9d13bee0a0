"""UNTP 0.7.0 (uncefact.github.io/spec-untp): a Digital Product Passport, and Digital Traceability Events."""

from marketplace.passport.untp.events import traceability_events
from marketplace.passport.untp.product import product_passport
from marketplace.passport.untp.terms import CONTEXTS, EVENT_TYPES, TYPES, VERSION

__all__ = ["CONTEXTS", "EVENT_TYPES", "TYPES", "VERSION", "product_passport", "traceability_events"]

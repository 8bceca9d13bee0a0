"""UNTP 0.7.0: the words of a Digital Product Passport and of Digital Traceability Events (uncefact.github.io/spec-untp)."""

from marketplace.passport.untp.events import traceability_events
from marketplace.passport.untp.product import product_passport
from marketplace.passport.untp.terms import CONTEXTS, EVENT_TYPES, TYPES, VERSION

__all__ = ["CONTEXTS", "EVENT_TYPES", "TYPES", "VERSION", "product_passport", "traceability_events"]

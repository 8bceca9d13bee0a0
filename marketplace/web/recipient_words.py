"""A cooperative's account at Stripe in plain words: how far it is, and what Stripe still asks for."""

from collections.abc import Sequence
from typing import Final

from marketplace.core.text import N_

STATES: Final = {
    "requested": N_("being opened"),
    "onboarding": N_("started, form not finished"),
    "restricted": N_("information is missing"),
    "ready": N_("ready"),
    "failed": N_("refused"),
}
TONES: Final = {"requested": "info", "onboarding": "warn", "restricted": "bad", "ready": "good", "failed": "bad"}
# By the beginning of Stripe's name, the longest first: it has some hundred of them.
_WANTED: Final = (
    ("individual.verification", N_("A photo of an identity document")),
    ("company.verification", N_("A paper that proves the company’s registration")),
    ("external_account", N_("A bank account")),
    ("tos_acceptance", N_("A yes to Stripe’s terms")),
    ("business_profile", N_("What the cooperative does, and its address on the web")),
    ("business_type", N_("What kind of company it is")),
    ("representative", N_("Who speaks for the cooperative")),
    ("individual", N_("Name, birthday and address of a person")),
    ("directors", N_("Who leads the cooperative")),
    ("owners", N_("Who owns the cooperative")),
    ("person_", N_("More about a person who leads or owns it")),
    ("company", N_("Name, address and number of the company")),
)
OTHER: Final = N_("Something more, which Stripe’s form names")


def wanted_words(codes: Sequence[str]) -> list[str]:
    """Return what Stripe asks for, each kind of thing once, to be translated."""
    found = (next((words for start, words in _WANTED if code.startswith(start)), OTHER) for code in codes)
    return list(dict.fromkeys(found))

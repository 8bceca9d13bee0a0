"""What the pages of reference rates say about freshness, observations, jumps and tries to read a source."""

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from marketplace.core.text import N_
from marketplace.pricing.models import ReferenceSeries
from marketplace.pricing.queries.board import Observation, RateFacts
from marketplace.pricing.rates import RateAsOf, is_stale, is_too_old, jump, jumps_too_far

OUTCOMES: Final = {
    "running": (N_("Running"), "info"),
    "imported": (N_("Imported"), "good"),
    "unchanged": (N_("Nothing new"), "good"),
    "refused": (N_("Refused"), "bad"),
    "failed": (N_("Failed"), "bad"),
}


class Jump(NamedTuple):
    """How far a rate lies from the last good value before it: a share, the days between, and whether it is too far."""

    share: Decimal
    is_above: bool
    days: int
    value: Decimal
    on: date
    is_beyond: bool


def freshness(rate: RateAsOf | None, today: date) -> tuple[str, str]:
    """Return the word for a rate's age and its tone."""
    if rate is None:
        return N_("No rate"), "bad"
    if is_too_old(rate, today):
        return N_("Too old"), "bad"
    return (N_("Old"), "warn") if is_stale(rate, today) else (N_("Fresh"), "good")


def state(observation: Observation) -> tuple[str, str]:
    """Return what became of an observation, and its tone."""
    if observation.is_dismissed:
        return N_("Dismissed"), "bad"
    if observation.is_released:
        return N_("Released"), "info"
    if observation.rate.quarantined:
        return N_("Waiting"), "warn"
    return (N_("Replaced"), "info") if observation.is_superseded else (N_("In force"), "good")


def jump_of(facts: RateFacts, series: ReferenceSeries) -> Jump | None:
    """Return how far a rate jumps; None when there is no good value before its day."""
    if facts.before is None:
        return None
    day, before = facts.before
    value, days = facts.rate.value, (facts.rate.observed_on - day).days
    exact = jump(before, value)
    return Jump(
        share=Decimal(exact.numerator) / Decimal(exact.denominator),
        is_above=value >= before,
        days=days,
        value=before,
        on=day,
        is_beyond=jumps_too_far(before, value, series.jump_limit, days=days),
    )

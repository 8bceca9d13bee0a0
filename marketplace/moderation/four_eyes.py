"""When two people must agree before something is published, and how risky a case is. Facts in, codes out. Pure.

Source: the design's section "Cases", four eyes: value above a threshold, gold, a cooperative's first lots, an origin in
a conflict-affected area, a price far outside the guide, a paper that was replaced, an earlier refusal, and one in ten
by chance. The chance is drawn from a seed that the case keeps, so that anybody can draw it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from marketplace.core.text import N_

LABELS: Final[Mapping[str, str]] = {
    "application": N_("A cooperative’s application"),
    "gold": N_("Gold"),
    "large": N_("High value, or a value nobody can tell"),
    "first_lots": N_("One of the cooperative’s first 5 lots"),
    "conflict_area": N_("From an area of conflict"),
    "price_far_out": N_("Price more than 40 % outside the guide"),
    "paper_replaced": N_("A report or certificate was replaced"),
    "refused_before": N_("Something of this cooperative was refused in the last year"),
    "chance": N_("Chosen by chance: one in ten"),
}
FIRST_LOTS: Final = 5
ONE_IN: Final = 10
AGAIN_ONE_IN: Final = 20
# The guide's low end less 40 %, its high end and 40 %: in tenths.
LEAST_TENTHS, MOST_TENTHS = 6, 14
# What a reviewer should see first: goods or photos that appear twice before a price that is only unusual.
_GRAVE: Final = frozenset(
    {"tag_again", "certificate_again", "photo_again", "photo_alike", "conflict_area", "screening_hit"}
)
_ODD: Final = frozenset(
    {"price_below", "price_above", "weight_implausible", "contact_in_text", "returned", "photo_edited", "photo_later"}
)
HIGH, MIDDLE, LOW = 2, 1, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """What decides about a lot; amounts are minor units of one currency, None without a guide in that currency."""

    kind: str
    is_large: bool
    lots_published: int
    in_conflict_area: bool
    gross_minor: int
    guide_minor: tuple[int, int] | None
    paper_replaced: bool
    refused_before: bool


def reasons_of_lot(facts: LotFacts, *, is_drawn: bool) -> tuple[str, ...]:
    """Return why two people must approve a lot; nothing when one is enough."""
    found = {
        "gold": facts.kind == "gold",
        "large": facts.is_large,
        "first_lots": facts.lots_published < FIRST_LOTS,
        "conflict_area": facts.in_conflict_area,
        "price_far_out": is_far_out(facts.gross_minor, facts.guide_minor),
        "paper_replaced": facts.paper_replaced,
        "refused_before": facts.refused_before,
    }
    reasons = tuple(code for code, holds in found.items() if holds)
    return reasons or (("chance",) if is_drawn else ())


def is_far_out(gross_minor: int, guide_minor: tuple[int, int] | None) -> bool:
    """Tell whether a price lies more than 40 % below the guide's low end or above its high end."""
    if guide_minor is None:
        return False
    low, high = guide_minor
    return gross_minor * 10 < low * LEAST_TENTHS or gross_minor * 10 > high * MOST_TENTHS


def is_drawn(seed: str, case_id: object, *, one_in: int = ONE_IN) -> bool:
    """Draw a case by chance: SHA-256 of `seed:case` as a number, divisible by `one_in`."""
    return int.from_bytes(sha256(f"{seed}:{case_id}".encode()).digest()) % one_in == 0


def risk_of(flags: Sequence[Mapping[str, Any]]) -> int:
    """Return HIGH, MIDDLE or LOW: which case comes first to "next case"."""
    codes = {flag["code"] for flag in flags}
    if codes & _GRAVE:
        return HIGH
    return MIDDLE if codes & _ODD else LOW

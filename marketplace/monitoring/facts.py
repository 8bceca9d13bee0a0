"""What indicators are worked out from: one record a thing that happened, gathered by bounded queries. Pure.

Days are UTC, amounts exact US cents, masses whole milligrams. `cooperative` is a reference, `country` ISO 3166-1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Somewhere:
    """Every record says of which cooperative and country it is."""

    cooperative: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerPaid(_Somewhere):
    """One payment to one miner, known by a digest of the number that her cooperative gave her."""

    on: date
    miner: str
    sex: str
    age_band: str
    mineral: str
    cents: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold(_Somewhere):
    """One completed sale; `achieved` in ten thousandths of the reference, None without a guide."""

    on: date
    mineral: str
    buyer_country: str
    variety: str
    standard: str
    price: int
    net: int
    premium: int
    weight_mg: int
    fine_g: Fraction
    achieved: int | None
    is_mercury_free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildLabour(_Somewhere):
    """One incident of child labour (code A3) with its days."""

    site: str
    severity: str
    opened_on: date
    substantiated_on: date | None
    ended_on: date | None
    is_remediated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(_Somewhere):
    """One case of moderation that was decided, and how many hours it waited."""

    on: date
    kind: str
    hours: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOut(_Somewhere):
    """One payout that the cooperative received; hours since the buyer accepted."""

    on: date
    rail: str
    hours: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered(_Somewhere):
    """One paid order, the days on which disputes about it began, and the days of decisions with who was right."""

    funded_on: date | None
    opened_on: tuple[date, ...]
    decided: tuple[tuple[date, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(_Somewhere):
    """One lot that was published, and whether its chain is unbroken and its weights add up."""

    on: date
    mineral: str
    is_traceable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersCounted(_Somewhere):
    """How many officers a cooperative had on a day, and how many of them were women."""

    on: date
    officers: int
    women: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPaid(_Somewhere):
    """One tax or royalty paid to an authority, with its receipt."""

    on: date
    authority: str
    cents: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSite(_Somewhere):
    """A mine site, since when it is known, whether it works, and the days Pact was there."""

    site: str
    known_on: date
    is_active: bool
    visited_on: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained(_Somewhere):
    """How many people of one sex a training about a topic reached."""

    on: date
    topic: str
    sex: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All records of a report. `cut` names the kinds of which only the newest were read."""

    miners: Sequence[MinerPaid] = ()
    sales: Sequence[Sold] = ()
    incidents: Sequence[ChildLabour] = ()
    cases: Sequence[Decided] = ()
    payouts: Sequence[PaidOut] = ()
    orders: Sequence[Ordered] = ()
    lots: Sequence[Published] = ()
    officers: Sequence[OfficersCounted] = ()
    taxes: Sequence[TaxPaid] = ()
    sites: Sequence[KnownSite] = ()
    trainings: Sequence[Trained] = ()
    cut: frozenset[str] = frozenset()

"""What must be true before goods are published: facts in, unmet requirements out, one explanation each.

Source: the programme's publication requirements, aligned with Annex II of the OECD Due Diligence Guidance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from marketplace.compliance.vocabulary import MERCURY_ACCEPTED, RED, RIGHTS_WITHOUT_SALE
from marketplace.core.text import N_

SCREENING_LASTS: Final = timedelta(days=30)
ATTESTATION_LASTS: Final = timedelta(days=365)
# Tanzania: a rough stone above two grams is cut in the country before it leaves.
TANZANIA_ROUGH_LIMIT_MG: Final = 2000


class Mender(StrEnum):
    """Who can make a requirement true."""

    COOPERATIVE = "cooperative"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What the gate must know of a mine site."""

    status: int
    activity: str
    minerals: frozenset[str]
    mercury_practice: str
    right_kind: str
    right_valid_from: date | None
    right_valid_to: date | None
    attested_on: date | None
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What the gate must know of the goods; days as told, weight in whole milligrams."""

    kind: str
    mineral: str
    country: str
    form: str = ""
    weight_mg: int = 0
    pieces: int = 1
    mined_from: date | None = None
    mined_to: date | None = None
    mercury: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the gate looks at; `goods` and `site` are None while they are not told."""

    today: date
    cooperative_state: str
    screened_on: date | None
    site: SiteFacts | None
    goods: Goods | None
    has_severe_incident: bool = False
    has_child_labour_incident: bool = False


@dataclass(frozen=True, slots=True)
class Unmet:
    """One requirement that is not met: a stable code, what to say, and who can mend it.

    `about` is the kind of document that is missing, empty for what no document mends.
    """

    code: str
    text: str
    mender: Mender
    params: Mapping[str, object] = field(default_factory=dict)
    about: str = ""


def unmet(facts: Facts) -> list[Unmet]:
    """Return every requirement that is not met, in the order people should mend them."""
    found = [_cooperative_approved(facts), _screened(facts), _no_severe_incident(facts), _no_child_labour(facts)]
    if facts.site is None:
        found.append(Unmet("site_missing", N_("Choose the mine site it came from."), Mender.COOPERATIVE))
    else:
        found += [rule(facts, facts.site) for rule in _SITE_RULES]
        if facts.goods is not None:
            found += [rule(facts.goods, facts.site) for rule in _GOODS_RULES]
    return [each for each in found if each is not None]


def unmet_of_application(*, today: date, screened_on: date | None, sites: Sequence[SiteFacts]) -> list[Unmet]:
    """Return what keeps an application from being approved: a screening and one site in order are enough to begin."""
    facts = Facts(today=today, cooperative_state="approved", screened_on=screened_on, site=None, goods=None)
    screening = [each for each in (_screened(facts),) if each is not None]
    if not sites:
        return [*screening, Unmet("site_missing", N_("The application names no mine site."), Mender.COOPERATIVE)]
    of_each = [[each for rule in _SITE_RULES if (each := rule(facts, site)) is not None] for site in sites]
    return [*screening, *min(of_each, key=len)]


def _cooperative_approved(facts: Facts) -> Unmet | None:
    if facts.cooperative_state == "approved":
        return None
    if facts.cooperative_state == "suspended":
        return Unmet("cooperative_suspended", N_("The cooperative is suspended. Ask Pact staff why."), Mender.STAFF)
    return Unmet("cooperative_not_approved", N_("Pact has not approved the cooperative yet."), Mender.STAFF)


def _screened(facts: Facts) -> Unmet | None:
    if facts.screened_on is not None and facts.today - facts.screened_on <= SCREENING_LASTS:
        return None
    return Unmet(
        "screening_old", N_("Pact must check the cooperative against the sanctions lists again."), Mender.STAFF
    )


def _no_severe_incident(facts: Facts) -> Unmet | None:
    if not facts.has_severe_incident:
        return None
    return Unmet("incident_severe", N_("A severe incident is open. It must be put right first."), Mender.COOPERATIVE)


def _no_child_labour(facts: Facts) -> Unmet | None:
    if not facts.has_child_labour_incident:
        return None
    return Unmet(
        "incident_child_labour",
        N_("An incident about child labour is open. It must be put right first."),
        Mender.COOPERATIVE,
    )


def _site_verified(_facts: Facts, site: SiteFacts) -> Unmet | None:
    if site.is_verified:
        return None
    return Unmet("site_not_verified", N_("A second person at Pact has not verified the mine site yet."), Mender.STAFF)


def _site_not_red(_facts: Facts, site: SiteFacts) -> Unmet | None:
    if site.status != RED:
        return None
    return Unmet("site_red", N_("The mine site has red status: nothing dug there may be sold."), Mender.STAFF)


def _site_not_abandoned(_facts: Facts, site: SiteFacts) -> Unmet | None:
    if site.activity != "abandoned":
        return None
    return Unmet("site_abandoned", N_("The mine site is recorded as abandoned."), Mender.COOPERATIVE)


def _right_held(_facts: Facts, site: SiteFacts) -> Unmet | None:
    if site.right_kind not in RIGHTS_WITHOUT_SALE:
        return None
    return Unmet("right_missing", N_("The mine site has no licence that allows selling."), Mender.COOPERATIVE)


def _attested(facts: Facts, site: SiteFacts) -> Unmet | None:
    if site.attested_on is not None and facts.today - site.attested_on <= ATTESTATION_LASTS:
        return None
    return Unmet(
        "attestation_old",
        N_("The declaration that no children work at the site must be signed again: it lasts 12 months."),
        Mender.COOPERATIVE,
    )


def _right_valid(goods: Goods, site: SiteFacts) -> Unmet | None:
    """Hold the days of mining against the right; one day told stands for both."""
    first, last = goods.mined_from or goods.mined_to, goods.mined_to or goods.mined_from
    if first is None or last is None:
        return Unmet("mined_day_missing", N_("Tell when it was mined."), Mender.COOPERATIVE)
    if site.right_valid_from and site.right_valid_to and site.right_valid_from <= first <= last <= site.right_valid_to:
        return None
    return Unmet(
        "right_not_valid", N_("The licence of the site was not valid when this was mined."), Mender.COOPERATIVE
    )


def _right_covers(goods: Goods, site: SiteFacts) -> Unmet | None:
    if goods.mineral in site.minerals:
        return None
    return Unmet("right_other_mineral", N_("The licence of the site is not for this mineral."), Mender.COOPERATIVE)


def _mercury_accepted(goods: Goods, site: SiteFacts) -> Unmet | None:
    if goods.kind != "gold" or (goods.mercury or site.mercury_practice) in MERCURY_ACCEPTED:
        return None
    return Unmet(
        "mercury", N_("Gold is sold here when made without mercury, or with a retort. Tell which."), Mender.COOPERATIVE
    )


def _cut_in_country(goods: Goods, _site: SiteFacts) -> Unmet | None:
    is_rough = goods.kind == "gem" and goods.form == "rough" and goods.country == "TZ"
    if not is_rough or goods.weight_mg <= TANZANIA_ROUGH_LIMIT_MG * goods.pieces:
        return None
    return Unmet(
        "cut_in_country", N_("Tanzania lets no rough stone above 2 grams leave: have it cut first."), Mender.COOPERATIVE
    )


_SITE_RULES: Final[tuple[Callable[[Facts, SiteFacts], Unmet | None], ...]] = (
    _site_verified,
    _site_not_red,
    _site_not_abandoned,
    _right_held,
    _attested,
)
_GOODS_RULES: Final[tuple[Callable[[Goods, SiteFacts], Unmet | None], ...]] = (
    _right_valid,
    _right_covers,
    _mercury_accepted,
    _cut_in_country,
)

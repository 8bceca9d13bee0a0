"""Everything known of a lot in the making, read once for a page or a submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.compliance.country_rules import PUBLISH
from marketplace.compliance.gate import Goods, Unmet
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import cooperative_by_id, sites_of, unmet_of
from marketplace.compliance.vocabulary import mineral_of
from marketplace.core.errors import FieldError
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.documents.gates import Sale, notices_of, unmet_papers
from marketplace.incidents.queries import stops_of
from marketplace.lots.answers import GoldQuality, StoneQuality
from marketplace.lots.asking import Asking, SalesLike, Terms, asking_for, exchange_at, exchange_kept, no_sales
from marketplace.lots.checks import Missing, Subject, duties_of_staff, missing, state_of_photos
from marketplace.lots.draft import DraftAnswers, StepState, Surroundings, cleaned, read_draft, typed_of
from marketplace.lots.models import Lot, LotPhoto
from marketplace.lots.parts import LEAST_PRICE, share_of_price
from marketplace.lots.queries.listings import bag_is_taken
from marketplace.lots.queries.lots import photos_of
from marketplace.lots.vocabulary import TYPED_STEPS
from marketplace.pricing.queries import RateMissing


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold a lot in the making: its answers, photos and price, and what it still lacks."""

    lot: Lot
    cooperative: Cooperative
    sites: Sequence[MineSite]
    answers: DraftAnswers
    photos: Mapping[str, LotPhoto]
    asking: Asking
    missing: Sequence[Missing]
    duties: Sequence[Unmet]
    notices: Sequence[str] = ()

    @property
    def kind(self) -> str | None:
        """Return gold or gem, or None while it is not known."""
        return self.answers.kind.kind if self.answers.kind else None

    @property
    def site(self) -> MineSite | None:
        """Return the site chosen."""
        chosen = self.answers.origin.site if self.answers.origin else None
        return next((site for site in self.sites if site.reference == chosen), None)

    @property
    def is_complete(self) -> bool:
        """Say whether nothing keeps the lot from being sent."""
        return not self.missing

    def missing_at(self, step: str) -> list[Missing]:
        """Return what is missing at one step."""
        return [each for each in self.missing if each.step == step]

    def typed(self, step: str) -> dict[str, str]:
        """Return what was typed at a step."""
        return typed_of(self.lot.draft, step)

    def state_of(self, step: str) -> StepState:
        """Return how far a step is; a step with something missing is incomplete, whoever found it."""
        if step == "photos":
            return state_of_photos(len(self.photos), kind=self.kind)
        if step == "check":
            return StepState.DONE if self.lot.state == "submitted" else StepState.NOT_STARTED
        state = self.answers.state_of(step)
        if state is StepState.DONE and any(each.step == step for each in self.missing):
            return StepState.INCOMPLETE
        return state


def read_sheet(
    session: Session, lot: Lot, *, now: datetime, platform_fee_bps: int, sales: SalesLike = no_sales
) -> Sheet:
    """Return the sheet of a lot as it would be sent now."""
    cooperative = cooperative_by_id(session, lot.cooperative_id)
    sites = sites_of(session, lot.cooperative_id)
    answers = read_draft(lot.draft, surroundings_of(cooperative, sites, now=now))
    terms = terms_of(cooperative, answers, sites, now=now, platform_fee_bps=platform_fee_bps, sales=sales)
    asking = asking_for(session, answers, exchange_kept(lot.draft) if answers.price else None, terms)
    photos = photos_of(session, lot.id)
    unmet = _unmet(session, lot, answers, terms)
    subject = Subject(
        answers=answers,
        photos=len(photos),
        tag_is_taken=_tag_is_taken(session, lot, answers),
        reason_is_missing=asking.is_unusual and answers.price is not None and not answers.price.reason,
        price_problem=asking.problem or _rate_problem(answers, asking) or _parts_problem(answers, asking),
        unmet=unmet,
    )
    sale = _sale(lot, answers, terms)
    return Sheet(
        lot,
        cooperative,
        sites,
        answers,
        photos,
        asking,
        missing(subject),
        duties_of_staff(unmet),
        notices_of(sale) if sale else (),
    )


def preview(
    session: Session,
    lot: Lot,
    *,
    typed: Mapping[str, str],
    now: datetime,
    platform_fee_bps: int,
    sales: SalesLike = no_sales,
) -> tuple[DraftAnswers, Asking]:
    """Return answers and price as they would be with what is typed now; nothing is kept."""
    cooperative = cooperative_by_id(session, lot.cooperative_id)
    sites = sites_of(session, lot.cooperative_id)
    draft = {step: {"typed": {**typed_of(lot.draft, step), **_given(step, typed)}} for step in TYPED_STEPS}
    answers = read_draft(draft, surroundings_of(cooperative, sites, now=now))
    terms = terms_of(cooperative, answers, sites, now=now, platform_fee_bps=platform_fee_bps, sales=sales)
    try:
        exchange = exchange_at(session, answers.price.wanted, terms.today) if answers.price else None
    except RateMissing:
        exchange = None
    return answers, asking_for(session, answers, exchange, terms)


def _given(step: str, typed: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in cleaned(step, typed).items() if name in typed}


def surroundings_of(cooperative: Cooperative, sites: Sequence[MineSite], *, now: datetime) -> Surroundings:
    """Return what the answers of a cooperative are read against."""
    return Surroundings(
        today=now.date(),
        sites=frozenset(site.reference for site in sites),
        currencies=frozenset({"USD", cooperative.payout_currency}),
    )


def terms_of(
    cooperative: Cooperative,
    answers: DraftAnswers,
    sites: Sequence[MineSite],
    *,
    now: datetime,
    platform_fee_bps: int,
    sales: SalesLike = no_sales,
) -> Terms:
    """Return the terms of a price: the country is that of the mine site, or of the cooperative until one is chosen."""
    chosen = answers.origin.site if answers.origin else None
    country = next((site.country for site in sites if site.reference == chosen), cooperative.country)
    return Terms(now=now, country=country, platform_fee_bps=platform_fee_bps, sales=sales)


def _rate_problem(answers: DraftAnswers, asking: Asking) -> FieldError | None:
    """Tell of a currency without a rate: the price was read, and yet no dollars were bound to it."""
    if answers.price is None or asking.exchange is not None:
        return None
    return FieldError(RateMissing.message, currency=answers.price.wanted.currency)


def _parts_problem(answers: DraftAnswers, asking: Asking) -> FieldError | None:
    """Tell of parts so cheap that a rounded cent would weigh too much in their price."""
    least_mg = answers.weight.least_part_mg if answers.weight else None
    if answers.weight is None or least_mg is None or asking.split is None:
        return None
    least = share_of_price(asking.split.price, least_mg, whole_mg=answers.weight.weight_mg)
    if least.minor >= LEAST_PRICE:
        return None
    return FieldError(
        N_("The least part would cost %(price)s. It must cost %(least)s or more."),
        price=least,
        least=Money(LEAST_PRICE, least.currency),
    )


def _tag_is_taken(session: Session, lot: Lot, answers: DraftAnswers) -> bool:
    return answers.origin is not None and bag_is_taken(session, answers.origin.tag_number, lot_id=lot.id)


def _unmet(session: Session, lot: Lot, answers: DraftAnswers, terms: Terms) -> list[Unmet]:
    sale = _sale(lot, answers, terms)
    site = answers.origin.site if answers.origin else None
    found = unmet_of(
        session,
        cooperative_id=lot.cooperative_id,
        site_reference=site,
        goods=sale.goods if sale else None,
        today=terms.today,
        **stops_of(session, cooperative_id=lot.cooperative_id, site_reference=site)._asdict(),
    )
    return found if sale is None else [*found, *unmet_papers(session, sale, stage=PUBLISH, today=terms.today)]


def _sale(lot: Lot, answers: DraftAnswers, terms: Terms) -> Sale | None:
    """Return the goods with their origin; None while too little is told."""
    goods = _goods(answers, terms.country)
    if goods is None or answers.origin is None:
        return None
    variety = answers.quality.variety if isinstance(answers.quality, StoneQuality) else None
    site = answers.origin.site
    return Sale(goods=goods, variety=variety, cooperative_id=lot.cooperative_id, site_reference=site, lot_id=lot.id)


def _goods(answers: DraftAnswers, country: str) -> Goods | None:
    if answers.kind is None or answers.weight is None or answers.quality is None or answers.origin is None:
        return None
    stone = answers.quality if isinstance(answers.quality, StoneQuality) else None
    gold = answers.quality if isinstance(answers.quality, GoldQuality) else None
    return Goods(
        kind=answers.kind.kind,
        mineral=mineral_of(answers.kind.kind, stone.variety if stone else None),
        country=country,
        form=answers.kind.form,
        weight_mg=answers.weight.weight_mg,
        pieces=answers.weight.pieces,
        mined_from=answers.origin.mined_from,
        mined_to=answers.origin.mined_to,
        mercury=gold.mercury if gold else None,
    )

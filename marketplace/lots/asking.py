"""What a buyer would pay for the amount a cooperative wants: conversion, split and guidance, for one lot on one day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from marketplace.core.errors import DomainError, FieldError
from marketplace.core.money import Money
from marketplace.lots.answers import GoldQuality, StoneQuality
from marketplace.lots.draft import DraftAnswers
from marketplace.pricing.charges import ExportFacts, UnknownCharge, special_stone
from marketplace.pricing.comparables import Sale
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance import Guidance
from marketplace.pricing.labels import CHARGE_LABELS, SPECIAL_STONE_WORDS
from marketplace.pricing.queries import bases_charged, charges_for, convert_between, guidance_for
from marketplace.pricing.split import Split, SplitRefused, split_from_net


class SalesLike(Protocol):
    """Find the sales whose prices tell what goods like these bring: orders know them, and orders stand above lots."""

    def __call__(self, session: Session, description: LotDescription, *, on: date) -> Sequence[Sale]:
        """Return what was sold until `on`, comparable or not; pricing chooses."""


def no_sales(session: Session, description: LotDescription, *, on: date) -> Sequence[Sale]:
    """Return no sale: the guide then rests on rates and price book alone."""
    del session, description, on
    return ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """Hold the binding amount in US cents and how it came from the amount typed."""

    net: Money
    observed_on: date | None
    sources: tuple[str, ...]
    rate_ids: tuple[str, ...]

    def kept(self) -> dict[str, Any]:
        """Return the exchange as it is kept in the draft."""
        return {
            "net_minor": self.net.minor,
            "observed_on": self.observed_on.isoformat() if self.observed_on else None,
            "sources": list(self.sources),
            "rate_ids": list(self.rate_ids),
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """Say on which day, for which country and at which fee a price is worked out; `sales` finds what was sold."""

    now: datetime
    country: str
    platform_fee_bps: int
    sales: SalesLike = no_sales

    @property
    def today(self) -> date:
        """Return the business day."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Asking:
    """Hold a price in the making. `split` is None while there is no amount or the amount cannot be shared."""

    wanted: Money | None
    exchange: Exchange | None
    split: Split | None
    guidance: Guidance | None
    unknown_charges: tuple[UnknownCharge, ...] = ()
    problem: FieldError | None = None

    @property
    def is_unusual(self) -> bool:
        """Say whether a reason is wanted: below the floor for gold, or outside the guide."""
        if self.split is None or self.guidance is None:
            return False
        is_below_floor = self.guidance.floor is not None and self.split.seller_gross < self.guidance.floor
        return is_below_floor or self.guidance.position(self.split.seller_gross) in {"below", "above"}


def exchange_at(session: Session, wanted: Money, on: date) -> Exchange:
    """Return the binding US dollars of an amount by the rates of a day; raises RateMissing."""
    converted = convert_between(session, wanted, "USD", on)
    return Exchange(converted.money, converted.observed_on, converted.sources, converted.rate_ids)


def exchange_kept(draft: Mapping[str, Any]) -> Exchange | None:
    """Return the exchange kept when the price was saved, or None."""
    kept = draft.get("price", {}).get("bound")
    if kept is None:
        return None
    observed_on = date.fromisoformat(kept["observed_on"]) if kept["observed_on"] else None
    return Exchange(Money(kept["net_minor"], "USD"), observed_on, tuple(kept["sources"]), tuple(kept["rate_ids"]))


def asking_for(session: Session, answers: DraftAnswers, exchange: Exchange | None, terms: Terms) -> Asking:
    """Return split and guidance as far as the answers allow."""
    wanted = answers.price.wanted if answers.price else None
    if answers.kind is None:
        return Asking(wanted, exchange, None, None)
    description = describe(answers, country=terms.country)
    guidance = None
    if description is not None:
        sales = terms.sales(session, description, on=terms.today)
        guidance = guidance_for(session, description, on=terms.today, now=terms.now, sales=sales)
    facts = facts_of(answers, guidance)
    charges = charges_for(
        session,
        country=terms.country,
        commodity=description.commodity if description else _commodity(answers),
        form=answers.kind.form,
        on=terms.today,
        facts=facts,
    )
    if exchange is None:
        return Asking(wanted, None, None, guidance, charges.unknown)
    rules = charges.rules(
        platform_fee_bps=terms.platform_fee_bps, premium=guidance.premium if guidance is not None else None
    )
    try:
        split = split_from_net(exchange.net, rules)
    except SplitRefused as refused:
        return Asking(wanted, exchange, None, guidance, charges.unknown, _field_error(refused))
    return Asking(wanted, exchange, split, guidance, (*charges.unknown, *_higher_duty(answers, facts, split, terms)))


def facts_of(answers: DraftAnswers, guidance: Guidance | None) -> ExportFacts:
    """Return what the charges of some countries depend on besides the sale."""
    weight, price = answers.weight, answers.price
    return ExportFacts(
        weight_mg=weight.weight_mg if weight else None,
        pieces=weight.pieces if weight else 1,
        # Of gold the middle of the guidance is the reference value of its fine content.
        reference_value=guidance.middle if guidance is not None and _commodity(answers) == "gold" else None,
        valuations=price.valuations if price else (),
        exported_mg=price.exported_mg if price else 0,
    )


def _higher_duty(answers: DraftAnswers, facts: ExportFacts, split: Split, terms: Terms) -> tuple[UnknownCharge, ...]:
    """Warn of the higher duty on a single precious stone, which staff apply when the valuation says so."""
    is_rough_diamond = answers.kind is not None and answers.kind.form == "rough" and _commodity(answers) == "diamond"
    if terms.country != "SL" or not is_rough_diamond or not special_stone(facts, sale=split.seller_gross):
        return ()
    return (UnknownCharge("export_duty", CHARGE_LABELS["export_duty"], "", SPECIAL_STONE_WORDS, ""),)


def bases_asked(session: Session, answers: DraftAnswers, *, country: str, on: date) -> frozenset[str]:
    """Return of what this lot's charges are shares, so that the form asks for what they depend on and no more."""
    if answers.kind is None:
        return frozenset()
    return bases_charged(session, country=country, commodity=_commodity(answers), form=answers.kind.form, on=on)


def describe(answers: DraftAnswers, *, country: str) -> LotDescription | None:
    """Return the goods as guidance sees them, or None while kind or weight is not known."""
    if answers.kind is None or answers.weight is None:
        return None
    gold = answers.quality if isinstance(answers.quality, GoldQuality) else None
    stone = answers.quality if isinstance(answers.quality, StoneQuality) else None
    return LotDescription(
        kind="gold" if answers.kind.kind == "gold" else "gem",
        form=answers.kind.form,
        origin_country=country,
        weight_mg=answers.weight.weight_mg,
        pieces=answers.weight.pieces,
        variety=stone.variety if stone else None,
        treatment=stone.treatment if stone else None,
        grade=stone.grade if stone else None,
        fineness_permille=gold.fineness_permille if gold else None,
        fineness_method=gold.fineness_method if gold else None,
        fineness_low_permille=gold.water.low_permille if gold and gold.water else None,
        fineness_high_permille=gold.water.high_permille if gold and gold.water else None,
        standard=gold.standard if gold else None,
        parcel=answers.weight.parcel,
    )


def _commodity(answers: DraftAnswers) -> str:
    if answers.kind is not None and answers.kind.kind == "gold":
        return "gold"
    is_diamond = isinstance(answers.quality, StoneQuality) and answers.quality.variety == "diamond"
    return "diamond" if is_diamond else "gemstone"


def _field_error(refused: DomainError) -> FieldError:
    return FieldError(refused.message, **refused.params)

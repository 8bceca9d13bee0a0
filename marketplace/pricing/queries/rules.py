"""Reads of the charges of countries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.pricing.charges import ChargeRule, ChargeSet, ExportFacts, UnknownCharge, deduction_of
from marketplace.pricing.labels import CHARGE_LABELS, NO_CHARGES_RECORDED
from marketplace.pricing.models import Approval, DeductionRule, PriceStandardRow, RuleStatus

MOST_OF_A_COUNTRY: Final = 200
_NO_FACTS: Final = ExportFacts()


@dataclass(frozen=True, slots=True)
class CountryCharges:
    """Count the charges of a country: in force, of those not verified, and proposed."""

    country: str
    in_force: int
    unverified: int
    proposed: int


def charges_for(
    session: Session, *, country: str, commodity: str, form: str, on: date, facts: ExportFacts = _NO_FACTS
) -> ChargeSet:
    """Return the charges of a country on gold, gemstone or diamond in a form, in force on a date.

    `facts` are what charges depend on besides the sale. A country or kind of goods without any row answers with one
    unknown charge, never with none.
    """
    wanted = _in_force(country, commodity, form, on).where(DeductionRule.status != RuleStatus.NOT_APPLIED)
    rules = session.scalars(wanted.order_by(DeductionRule.rate.desc(), DeductionRule.code)).all()
    if not rules:
        return ChargeSet((), (_nothing_recorded(),))
    return ChargeSet(
        deductions=tuple(deduction_of(rule_of(rule), facts) for rule in rules if rule.status == RuleStatus.APPLIED),
        unknown=tuple(_unknown(rule) for rule in rules if rule.status == RuleStatus.UNKNOWN),
    )


def bases_charged(session: Session, *, country: str, commodity: str, form: str, on: date) -> frozenset[str]:
    """Return of what the charges in force are shares: codes of ChargeBasis, so that a form asks only what matters."""
    found = session.scalars(_in_force(country, commodity, form, on).where(DeductionRule.status == RuleStatus.APPLIED))
    return frozenset(rule.basis for rule in found)


def country_rules(session: Session, country: str, *, most: int = MOST_OF_A_COUNTRY) -> Sequence[DeductionRule]:
    """Return the charges in force of a country, counted or not, for the pages that explain them."""
    of_country = select(DeductionRule).where(
        DeductionRule.country == country, DeductionRule.approval == Approval.IN_FORCE
    )
    ordered = of_country.order_by(DeductionRule.kind, DeductionRule.form, DeductionRule.code, DeductionRule.valid_from)
    return session.scalars(ordered.limit(most)).all()


def proposed_charges(session: Session, *, country: str | None = None, most: int = 100) -> Sequence[DeductionRule]:
    """Return the charges that wait for a second curator, oldest first, perhaps of one country."""
    waiting = select(DeductionRule).where(DeductionRule.approval == Approval.PROPOSED)
    if country is not None:
        waiting = waiting.where(DeductionRule.country == country)
    return session.scalars(waiting.order_by(DeductionRule.entered_at, DeductionRule.id).limit(most)).all()


def countries_with_charges(session: Session) -> Sequence[CountryCharges]:
    """Return each country with its rows in force, how many nobody verified and how many are proposed."""
    is_doubtful = (DeductionRule.evidence == "unverified") & DeductionRule.verified_by.is_(None)
    in_force, proposed = DeductionRule.approval == Approval.IN_FORCE, DeductionRule.approval == Approval.PROPOSED
    rows = session.execute(
        select(
            DeductionRule.country,
            func.count().filter(in_force),
            func.count().filter(in_force & is_doubtful),
            func.count().filter(proposed),
        )
        .group_by(DeductionRule.country)
        .order_by(DeductionRule.country)
        .limit(MOST_OF_A_COUNTRY)
    )
    return [CountryCharges(*row) for row in rows]


def charge_by_id(session: Session, rule_id: UUID, *, lock: bool = False) -> DeductionRule:
    """Return one charge, locked when it will change, or raise NotFound."""
    wanted = select(DeductionRule).where(DeductionRule.id == rule_id)
    rule = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if rule is None:
        raise NotFound
    return rule


def rules_of_charge(session: Session, rule: DeductionRule) -> Sequence[DeductionRule]:
    """Return the rules in force for the same charge of the same country on the same kind of goods, in every form."""
    wanted = select(DeductionRule).where(
        DeductionRule.country == rule.country,
        DeductionRule.kind == rule.kind,
        DeductionRule.code == rule.code,
        DeductionRule.approval == Approval.IN_FORCE,
    )
    return session.scalars(wanted.order_by(DeductionRule.form).limit(MOST_OF_A_COUNTRY)).all()


def rules_like(session: Session, rule: DeductionRule) -> Sequence[DeductionRule]:
    """Return the rules in force for the same charge of the same country on the same goods in the same form."""
    return [former for former in rules_of_charge(session, rule) if former.form == rule.form]


def ended_by(session: Session, rule: DeductionRule) -> Sequence[DeductionRule]:
    """Return the rules in force that end when a proposed one begins: those like it that still run on its first day."""
    assert rule.valid_from is not None, "a proposal has a first day"
    return [
        former for former in rules_like(session, rule) if former.valid_to is None or former.valid_to >= rule.valid_from
    ]


def standards(session: Session) -> Sequence[PriceStandardRow]:
    """Return what every standard promises, by its code."""
    return session.scalars(select(PriceStandardRow).order_by(PriceStandardRow.code)).all()


def standard_by_code(session: Session, code: str, *, lock: bool = False) -> PriceStandardRow:
    """Return one standard, locked when it will change, or raise NotFound."""
    standard = session.get(PriceStandardRow, code, with_for_update=lock)
    if standard is None:
        raise NotFound
    return standard


def _in_force(country: str, commodity: str, form: str, on: date) -> Select[DeductionRule]:
    return select(DeductionRule).where(
        DeductionRule.country == country,
        DeductionRule.kind == commodity,
        DeductionRule.form.in_((form, "any")),
        DeductionRule.approval == Approval.IN_FORCE,
        or_(DeductionRule.valid_from.is_(None), DeductionRule.valid_from <= on),
        or_(DeductionRule.valid_to.is_(None), DeductionRule.valid_to >= on),
    )


def rule_of(rule: DeductionRule) -> ChargeRule:
    """Return a row in force as the calculation knows it."""
    assert rule.rate is not None, "the table refuses an applied charge without a rate"
    return ChargeRule(
        code=rule.code,
        label=rule.label,
        payee=rule.payee,
        rate=rule.rate,
        basis=rule.basis,
        base_share=rule.base_share,
        limit_mg=rule.limit_mg,
        evidence="verified" if rule.verified_by else rule.evidence,
        source=rule.source,
    )


def _unknown(rule: DeductionRule) -> UnknownCharge:
    return UnknownCharge(rule.code, rule.label, rule.payee, rule.reason, rule.source)


def _nothing_recorded() -> UnknownCharge:
    return UnknownCharge("not_recorded", CHARGE_LABELS["not_recorded"], "", NO_CHARGES_RECORDED, "")

"""Reads of the charges of countries."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketplace.pricing.charges import ChargeRule, ChargeSet, ExportFacts, UnknownCharge, deduction_of
from marketplace.pricing.labels import CHARGE_LABELS, NO_CHARGES_RECORDED
from marketplace.pricing.models import Approval, DeductionRule, RuleStatus

_NO_FACTS: Final = ExportFacts()


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
        deductions=tuple(deduction_of(_rule(rule), facts) for rule in rules if rule.status == RuleStatus.APPLIED),
        unknown=tuple(_unknown(rule) for rule in rules if rule.status == RuleStatus.UNKNOWN),
    )


def bases_charged(session: Session, *, country: str, commodity: str, form: str, on: date) -> frozenset[str]:
    """Return of what the charges in force are shares: codes of ChargeBasis, so that a form asks only what matters."""
    found = session.scalars(_in_force(country, commodity, form, on).where(DeductionRule.status == RuleStatus.APPLIED))
    return frozenset(rule.basis for rule in found)


def country_rules(session: Session, country: str) -> Sequence[DeductionRule]:
    """Return every charge known of a country, counted or not, for the page that explains them."""
    of_country = select(DeductionRule).where(DeductionRule.country == country)
    return session.scalars(of_country.order_by(DeductionRule.kind, DeductionRule.form, DeductionRule.code)).all()


def _in_force(country: str, commodity: str, form: str, on: date) -> Select[DeductionRule]:
    return select(DeductionRule).where(
        DeductionRule.country == country,
        DeductionRule.kind == commodity,
        DeductionRule.form.in_((form, "any")),
        DeductionRule.approval == Approval.IN_FORCE,
        or_(DeductionRule.valid_from.is_(None), DeductionRule.valid_from <= on),
        or_(DeductionRule.valid_to.is_(None), DeductionRule.valid_to >= on),
    )


def _rule(rule: DeductionRule) -> ChargeRule:
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

"""A charge of a country as a curator types it: read strictly, every wrong field told at once."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.core.numbers import NumberRefused, parse_percent, parse_weight_mg
from marketplace.core.text import N_
from marketplace.lots.vocabulary import FORMS
from marketplace.orders.countries import COUNTRIES
from marketplace.pricing.labels import CHARGE_LABELS
from marketplace.pricing.models import ChargeBasis, DeductionRule, RuleStatus
from marketplace.pricing.services import ChargeProposal

KINDS: Final = {"gold": N_("Gold"), "gemstone": N_("Coloured stones"), "diamond": N_("Diamonds")}
CHARGE_FORMS: Final = {"any": N_("In any form"), **FORMS}
BASES: Final = {
    ChargeBasis.SALE.value: N_("The sale"),
    ChargeBasis.REFERENCE.value: N_("The reference value of the gold"),
    ChargeBasis.HIGHEST_VALUATION.value: N_("The highest of sale and valuations"),
    ChargeBasis.FIRST_MASS.value: N_("The sale, for the first kilograms of a month"),
}
STATUSES: Final = {
    RuleStatus.APPLIED.value: N_("Counted"),
    RuleStatus.NOT_APPLIED.value: N_("Not counted"),
    RuleStatus.UNKNOWN.value: N_("The rate is not known"),
}
EVIDENCE: Final = {"sourced": N_("There is a source"), "unverified": N_("Not verified")}
CODES: Final = {code: words for code, words in CHARGE_LABELS.items() if code != "not_recorded"}


def read_charge(typed: Mapping[str, str]) -> ChargeProposal:
    """Return the charge, or raise InvalidInput. `typed` are the form's fields as sent."""
    answers = Answers(typed)
    status = answers.choice("status", STATUSES)
    basis = answers.choice("basis", BASES)
    kind = answers.choice("kind", KINDS)
    first = answers.day("valid_from", empty=N_("Enter the first day on which it counts.")) or date.min
    last = answers.day("valid_to")
    proposal = ChargeProposal(
        country=answers.choice("country", COUNTRIES),
        kind=kind,
        form=answers.choice("form", CHARGE_FORMS),
        code=answers.choice("code", CODES),
        rate=_rate(answers, status),
        basis=basis,
        base=answers.line("base", most=120, empty=N_("Write what the law takes the charge of.")),
        base_share=_base_share(answers),
        limit_mg=_limit_mg(answers, basis),
        payee=answers.line("payee", most=120, empty=N_("Enter who is paid.")),
        status=status,
        reason=answers.line("reason", most=500, empty=_reason_needed(status)),
        valid_from=first,
        valid_to=last,
        evidence=answers.choice("evidence", EVIDENCE),
        source=answers.line("source", most=200, empty=N_("Enter where it is written.")),
    )
    if basis == ChargeBasis.REFERENCE and kind != "gold" and not answers.errors:
        answers.refuse("basis", N_("Only gold has a reference value."))
    if last is not None and last < first:
        answers.refuse("valid_to", N_("The last day is before the first day."))
    answers.finish()
    return proposal


def typed_of(rule: DeductionRule) -> dict[str, str]:
    """Return a charge as the form shows it, to be changed."""
    percent = f"{(rule.rate * 100).normalize():f}" if rule.rate is not None else ""
    return {
        "country": rule.country,
        "kind": rule.kind,
        "form": rule.form,
        "code": rule.code,
        "rate": percent,
        "basis": rule.basis,
        "base": rule.base,
        "base_share": f"{(rule.base_share * 100).normalize():f}",
        "limit": f"{rule.limit_mg // 1_000_000}" if rule.limit_mg else "",
        "payee": rule.payee,
        "status": rule.status,
        "reason": rule.reason,
        "evidence": rule.evidence,
        "source": rule.source,
    }


def _reason_needed(status: str) -> str | None:
    return None if status == RuleStatus.APPLIED else N_("Say why it is not counted, or why the rate is not known.")


def _rate(answers: Answers, status: str) -> Decimal | None:
    if status == RuleStatus.UNKNOWN and not answers.typed("rate"):
        return None
    return _percent(answers, "rate")


def _base_share(answers: Answers) -> Decimal:
    """Return the share of the base that is charged; empty and 100 mean all of it."""
    if answers.typed("base_share") in {"", "100"}:
        return Decimal(1)
    found = _percent(answers, "base_share")
    if found == 0:
        answers.refuse("base_share", N_("Enter more than 0 percent."))
    return found or Decimal(1)


def _limit_mg(answers: Answers, basis: str) -> int | None:
    if basis != ChargeBasis.FIRST_MASS:
        return None
    try:
        return parse_weight_mg(answers.typed("limit"), "kg")
    except NumberRefused as refused:
        answers.refuse("limit", refused.message, **refused.params)
        return None


def _percent(answers: Answers, name: str) -> Decimal:
    try:
        return parse_percent(answers.typed(name))
    except NumberRefused as refused:
        answers.refuse(name, refused.message, **refused.params)
        return Decimal(0)

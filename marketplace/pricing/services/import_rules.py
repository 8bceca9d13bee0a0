"""Import the shipped charges of countries and the standards; rows already there are left as curators made them."""

from decimal import Decimal

from sqlalchemy import select

from marketplace.pricing import shipped
from marketplace.pricing.labels import CHARGE_LABELS
from marketplace.pricing.models import Approval, ChargeBasis, DeductionRule, PriceStandardRow, RuleStatus
from marketplace.unit_of_work import UnitOfWork


def import_rules(uow: UnitOfWork) -> int:
    """Import charges and standards that are missing; return how many rows were new."""
    return _import_charges(uow) + _import_standards(uow)


def _import_charges(uow: UnitOfWork) -> int:
    in_force = select(DeductionRule).where(DeductionRule.approval == Approval.IN_FORCE)
    held = {_key(rule) for rule in uow.session.scalars(in_force)}
    new = [
        rule for row in shipped.rows_of("rules/deductions.csv") if _key(rule := shipped_charge(row)) not in held
    ]  # fmt: skip
    for rule in new:
        rule.verified_at = uow.now if rule.verified_by else None
    uow.session.add_all(new)
    if new:
        uow.record("deduction_rule.import", *new, sha256=shipped.digest_of("rules/deductions.csv"), rules=len(new))
    return len(new)


def shipped_charge(row: dict[str, str]) -> DeductionRule:
    """Return a row of the shipped file as the table has it; refuses an applied charge without a rate."""
    rate = shipped.decimal_or_none(row["rate"])
    if rate is None and row["status"] == RuleStatus.APPLIED:
        raise ValueError(f"an applied charge has a rate: {row['country']} {row['kind']} {row['form']} {row['code']}")
    return DeductionRule(
        country=row["country"],
        kind=row["kind"],
        form=row["form"],
        code=row["code"],
        label=CHARGE_LABELS[row["code"]],
        rate=rate,
        base=row["base"],
        base_share=Decimal(row["base_share"]),
        basis=ChargeBasis(row["basis"]).value,
        limit_mg=int(row["limit_mg"]) if row["limit_mg"] else None,
        payee=row["payee"],
        status=RuleStatus(row["status"]).value,
        reason=row["reason"],
        valid_from=shipped.date_or_none(row["valid_from"]),
        valid_to=shipped.date_or_none(row["valid_to"]),
        evidence=row["evidence"],
        source=row["source"],
        verified_by=row["verified_by"] or None,
    )


def _key(rule: DeductionRule) -> tuple[object, ...]:
    return rule.country, rule.kind, rule.form, rule.code, rule.valid_from


def _import_standards(uow: UnitOfWork) -> int:
    held = set(uow.session.scalars(select(PriceStandardRow.code)))
    new = [_standard(row) for row in shipped.rows_of("rules/price_standards.csv") if row["code"] not in held]
    uow.session.add_all(new)
    if new:
        digest = shipped.digest_of("rules/price_standards.csv")
        uow.record("price_standard.import", *new, sha256=digest, standards=len(new))
    return len(new)


def _standard(row: dict[str, str]) -> PriceStandardRow:
    return PriceStandardRow(
        code=row["code"],
        name=row["name"],
        floor_share=Decimal(row["floor_share"]),
        premium_kind=row["premium_kind"],
        premium_usd_per_kg=shipped.decimal_or_none(row["premium_usd_per_kg"]),
        premium_share=shipped.decimal_or_none(row["premium_share"]),
        evidence=row["evidence"],
        source=row["source"],
        since=shipped.date_or_none(row["since"]),
    )

"""Charges and standards as rows of a page: rate, base, who is paid, and how it is known."""

from collections.abc import Mapping
from typing import Any, Final

from flask import url_for

from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.lots.vocabulary import FORMS
from marketplace.pricing.models import DeductionRule, PriceStandardRow, RuleStatus
from marketplace.web.filters import number, short_date

_KINDS: Final = {"gold": N_("Gold"), "gemstone": N_("Coloured stones"), "diamond": N_("Diamonds")}
# Ways of selling that a law has a rate of its own for, and that are no sale here.
_FORMS: Final = {
    **FORMS,
    "any": N_("in any form"),
    "refinery": N_("sold to a refinery"),
    "central_bank": N_("sold to the central bank"),
    "state_buyer": N_("sold to the state buyer"),
    "industrial": N_("from industrial mines"),
    "special_stone": N_("single precious stone"),
    "alluvial_concession": N_("river gold under a concession"),
}


def charge_row(rule: DeductionRule, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a charge for a table; `names` are people by their keys."""
    return {
        "href": url_for("staff_charges.charge", rule_id=rule.id),
        "goods": _("%(kind)s, %(form)s", kind=_(_KINDS[rule.kind]), form=_(_FORMS.get(rule.form, rule.form))),
        "label": _(rule.label),
        "rate": _rate(rule),
        "base": rule.base,
        "payee": rule.payee,
        "is_counted": rule.status == RuleStatus.APPLIED,
        "reason": rule.reason,
        "days": _days(rule),
        "source": rule.source,
        "known": _known(rule, names),
        "is_unverified": rule.evidence == "unverified" and rule.verified_by is None,
        "entered": _("%(name)s, %(day)s", name=_name(rule.entered_by, names), day=short_date(rule.entered_at))
        if rule.entered_by
        else "",
    }


def standard_row(standard: PriceStandardRow, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a standard for a page."""
    return {
        "code": standard.code,
        "name": standard.name,
        "floor": _("%(percent)s %% of the reference value", percent=number(standard.floor_share * 100)),
        "premium": _premium(standard),
        "since": short_date(standard.since),
        "source": standard.source,
        "known": _known(standard, names),
        "is_unverified": standard.evidence == "unverified" and standard.verified_by is None,
    }


def _rate(rule: DeductionRule) -> str:
    if rule.rate is None:
        return _("not known")
    percent = number(rule.rate * 100, most=4)
    if rule.base_share == 1:
        return _("%(percent)s %%", percent=percent)
    return _("%(percent)s %% of %(share)s %%", percent=percent, share=number(rule.base_share * 100, most=4))


def _days(rule: DeductionRule) -> str:
    if rule.valid_from and rule.valid_to:
        return _("%(first)s to %(last)s", first=short_date(rule.valid_from), last=short_date(rule.valid_to))
    if rule.valid_from:
        return _("since %(day)s", day=short_date(rule.valid_from))
    return _("until %(day)s", day=short_date(rule.valid_to)) if rule.valid_to else _("no date known")


def _known(row: DeductionRule | PriceStandardRow, names: Mapping[str, str]) -> str:
    if row.verified_by and row.verified_at:
        return _(
            "Verified by %(name)s on %(day)s against: %(text)s",
            name=_name(row.verified_by, names),
            day=short_date(row.verified_at),
            text=row.verification or _("not said"),
        )
    return _("Not verified") if row.evidence == "unverified" else _("There is a source; nobody compared it yet")


def _name(key: str | None, names: Mapping[str, str]) -> str:
    return names.get(key or "", key or "")


def _premium(standard: PriceStandardRow) -> str:
    if standard.premium_usd_per_kg is not None:
        amount = number(standard.premium_usd_per_kg)
        return _("%(amount)s US dollars a kilogram of fine gold", amount=amount)
    if standard.premium_share is not None:
        return _("%(percent)s %% of the reference value", percent=number(standard.premium_share * 100))
    return _("none")

"""What a guide rests on, in words: each rate, standard, band and sale with its number, day, source and age."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.pricing.comparables import FEWEST_SALES
from marketplace.pricing.gems import Band
from marketplace.pricing.gold import OWN_STANDARD, PriceStandard
from marketplace.pricing.guidance import GuidanceInputs
from marketplace.pricing.labels import EVIDENCE_LABELS
from marketplace.pricing.rates import RateAsOf, age_in_days
from marketplace.web.charge_words import words_of_charge
from marketplace.web.filters import country, money, number, percent, short_date, translate

Row = dict[str, str]
Part = dict[str, Any]
_PAID_BY_BUYER = N_("on top, paid by the buyer")


def inputs_in_words(inputs: GuidanceInputs) -> list[Part]:
    """Return headed lists of facts, one for every kind of input the guide had."""
    parts: list[Part] = []
    if inputs.rate is not None:
        parts.append({"heading": _("The reference rate"), "facts": _rate(inputs.rate, inputs.on)})
    if inputs.description.kind == "gold":
        parts.append({"heading": _("The standard"), "facts": _standard(inputs.standard or OWN_STANDARD)})
        return parts
    if inputs.band is not None:
        parts.append({"heading": _("The price book"), "facts": _band(inputs.band, inputs)})
    parts.append({"heading": _("The sales"), "facts": _sales(inputs)})
    return parts


def charge_row(line: Mapping[str, Any], gross: Money) -> Row:
    """Return one line of who gets what as a row: receiver, how it is worked out, amount, and how that is known."""
    receiver = str(line.get("beneficiary") or "")
    known = [translate(EVIDENCE_LABELS.get(str(line.get("evidence")))), str(line.get("source") or "")]
    return {
        "label": _(str(line["label"])),
        "receiver": receiver,
        "base": _base(line, gross),
        "amount": money(Money(int(line["amount_minor"]), gross.currency)),
        "known": ": ".join(part for part in known if part),
    }


def _base(line: Mapping[str, Any], gross: Money) -> str:
    if line["payee"] == "cooperative":
        return _("what remains")
    if line["payee"] == "deduction":
        return words_of_charge(line, gross.currency)
    if not line.get("rate"):
        return _(_PAID_BY_BUYER) if line["payee"] == "premium" else ""
    share = percent(Decimal(str(line["rate"])), digits=4)
    return _("%(share)s of %(gross)s", share=share, gross=money(gross))


def _rate(rate: RateAsOf, on: date) -> list[Row]:
    value = number(rate.value, most=10)
    return [
        _fact(_("Value"), _("%(value)s US dollars a troy ounce", value=value)),
        _fact(_("Series"), rate.series),
        _fact(_("Date"), short_date(rate.observed_on)),
        _fact(_("Age on the day of the guide"), _days(rate.observed_on, on)),
        _fact(_("Source"), rate.source),
        _fact(_("Licence"), rate.licence),
        _fact(_("Number of the rate"), rate.id),
    ]


def _standard(standard: PriceStandard) -> list[Row]:
    rows = [
        _fact(_("Standard"), standard.code),
        _fact(_("Floor"), _("%(share)s of the reference value", share=percent(standard.floor_share))),
    ]
    if standard.premium_usd_per_kg is not None:
        premium = money(Money.from_decimal(standard.premium_usd_per_kg, "USD"))
        rows.append(_fact(_("Premium"), _("%(amount)s a kilogram of fine gold", amount=premium)))
    if standard.premium_share is not None:
        share = percent(standard.premium_share)
        rows.append(_fact(_("Premium"), _("%(share)s of the reference value", share=share)))
    return [*rows, *_known(standard.evidence, standard.source)]


def _band(band: Band, inputs: GuidanceInputs) -> list[Row]:
    low, high = money(Money(band.low_minor_per_ct, "USD")), money(Money(band.high_minor_per_ct, "USD"))
    weights = _("%(low)s to %(high)s ct", low=number(band.weight_from_ct), high=number(band.weight_to_ct))
    rows = [
        _fact(_("Edition"), number(inputs.edition)),
        _fact(_("One carat"), _("%(low)s to %(high)s", low=low, high=high)),
        _fact(_("Weight of a stone"), weights),
    ]
    if band.origin:
        rows.append(_fact(_("From"), country(band.origin)))
    if band.dated is not None:
        rows.append(_fact(_("Date"), short_date(band.dated)))
        rows.append(_fact(_("Age on the day of the guide"), _days(band.dated, inputs.on)))
    return [*rows, *_known(band.evidence, band.source), _fact(_("Number of the band"), band.id)]


def _sales(inputs: GuidanceInputs) -> list[Row]:
    prices = inputs.prices
    needed = _("at least %(fewest)s are needed", fewest=FEWEST_SALES)
    rows = [{**_fact(_("Independent sales of like stones"), number(len(prices))), "how": needed}]
    if prices:
        rows.append(_fact(_("Newest"), short_date(prices[0].sold_on)))
        rows.append(_fact(_("Oldest"), short_date(prices[-1].sold_on)))
    set_aside = sum(each.count for each in inputs.set_aside)
    if set_aside:
        rows.append(_fact(_("Like sales that were not counted"), number(set_aside)))
    return rows


def _known(evidence: str, source: str) -> list[Row]:
    rows = [_fact(_("How it is known"), _(EVIDENCE_LABELS.get(evidence, evidence)))]
    return [*rows, _fact(_("Source"), source)] if source else rows


def _days(day: date, on: date) -> str:
    age = age_in_days(day, on)
    return _("of the same day") if age == 0 else _("Days: %(days)s", days=number(age))


def _fact(term: str, value: str) -> Row:
    return {"term": term, "value": value}

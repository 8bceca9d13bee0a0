"""Guidance for gold from the reference rate: the same in formula 1 and 2, so it never changes."""

from decimal import Decimal
from typing import Final

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.pricing import gold
from marketplace.pricing.guidance.result import Confidence, Guidance, GuidanceInputs, Step, silent
from marketplace.pricing.rates import RateAsOf, age_in_days, is_stale, is_too_old

_METHOD_CONFIDENCE: Final[dict[str, Confidence]] = {"fire_assay": "high", "xrf": "high", "water_test": "medium"}


def gold_guidance(inputs: GuidanceInputs) -> Guidance:
    """Return guidance for a lot of gold, without the last sentence of its working."""
    fineness, rate = inputs.description.fineness_permille, inputs.rate
    if fineness is None:
        return silent(inputs, "fineness_missing", N_("The fineness is not known yet, so there is no value to name."))
    if rate is None:
        return silent(inputs, "no_rate", N_("There is no reference rate for gold on this date."))
    if is_too_old(rate, inputs.on):
        return Guidance(
            inputs=inputs, outcome="refused_stale", basis="reference_rate", stale=True, rate_ids=(rate.id,),
            age_days=age_in_days(rate.observed_on, inputs.on),
            working=(Step(N_("The newest reference rate is %(days)s days old: too old to name a value."),
                          {"days": age_in_days(rate.observed_on, inputs.on)}),),
        )  # fmt: skip
    return _guided(inputs, rate, fineness)


def standard_of(inputs: GuidanceInputs) -> gold.PriceStandard:
    """Return the standard that counts: the lot's, else the marketplace's own rule."""
    return inputs.standard or gold.OWN_STANDARD


def fineness_between(inputs: GuidanceInputs, fineness: Decimal) -> tuple[Decimal, Decimal]:
    """Return the lowest and highest fineness in parts per thousand, as measured or by the method's uncertainty."""
    low, high = inputs.description.fineness_low_permille, inputs.description.fineness_high_permille
    measured = (low, high) if low is not None and high is not None else None
    return gold.fineness_range(fineness, inputs.description.fineness_method, measured=measured)


def _guided(inputs: GuidanceInputs, rate: RateAsOf, fineness: Decimal) -> Guidance:
    description, standard = inputs.description, standard_of(inputs)
    between = fineness_between(inputs, fineness)
    figures = gold.figures(
        weight_mg=description.weight_mg,
        fineness_permille=fineness,
        between=between,
        usd_per_troy_ounce=rate.value,
        standard=standard,
    )
    return Guidance(
        inputs=inputs,
        outcome="guided",
        basis="reference_rate",
        working=_working(inputs, rate, figures, fineness=fineness, between=between),
        low=figures.low,
        middle=figures.reference_value,
        high=figures.high,
        floor=figures.floor,
        premium=figures.premium,
        per_unit=Money.from_decimal(gold.exact_usd_per_fine_gram(rate.value), "USD"),
        age_days=age_in_days(rate.observed_on, inputs.on),
        stale=is_stale(rate, inputs.on),
        unverified=standard.evidence == "unverified",
        confidence=_METHOD_CONFIDENCE.get(description.fineness_method or "declared", "low"),
        rate_ids=(rate.id,),
    )


def _working(
    inputs: GuidanceInputs,
    rate: RateAsOf,
    figures: gold.GoldFigures,
    *,
    fineness: Decimal,
    between: tuple[Decimal, Decimal],
) -> tuple[Step, ...]:
    standard = standard_of(inputs)
    share = max(standard.floor_share, gold.OWN_FLOOR_SHARE)
    steps = (
        Step(N_("Reference rate: %(rate)s US dollars a troy ounce of fine gold, on %(date)s, from %(source)s."),
             {"rate": rate.value, "date": rate.observed_on, "source": rate.source}),
        Step(N_("Divided by 31.1034768 g: %(rate)s US dollars a gram of fine gold."),
             {"rate": figures.usd_per_fine_gram}),
        Step(N_("%(gross_g)s g at %(fineness)s parts per thousand hold %(fine_g)s g of fine gold."),
             {"gross_g": Decimal(inputs.description.weight_mg) / 1000, "fineness": fineness,
              "fine_g": figures.fine_mass_g}),
        Step(N_("Reference value: %(value)s."), {"value": figures.reference_value}),
        Step(N_("Floor, %(percent)s %% of the reference value: %(value)s."),
             {"percent": (share * 100).normalize() + 0, "value": figures.floor}),
        Step(N_("The fineness lies between %(low)s and %(high)s parts per thousand, so the range is from the floor at "
                "the lowest, %(from)s, to the value at the highest, %(to)s."),
             {"low": between[0], "high": between[1], "from": figures.low, "to": figures.high}),
    )  # fmt: skip
    if figures.premium is None:
        return steps
    return (
        *steps,
        Step(N_("Premium of the standard %(standard)s, paid on top: %(value)s."),
             {"standard": standard.code, "value": figures.premium}),
    )  # fmt: skip

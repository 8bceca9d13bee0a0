"""From inputs to guidance: gold from the reference rate, stones from the price book and from sales here."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.pricing import gold
from marketplace.pricing.comparables import FEWEST_SALES, Quartiles, drawn_to_book, quartiles
from marketplace.pricing.gems import Band, for_the_lot
from marketplace.pricing.guidance.result import Confidence, Guidance, GuidanceInputs, Step
from marketplace.pricing.rates import RateAsOf, age_in_days, is_stale, is_too_old

_METHOD_CONFIDENCE: dict[str, Confidence] = {"fire_assay": "high", "xrf": "high", "water_test": "medium"}
_VALUE_OF_GOODS = N_("These amounts are for the goods: platform fee and premium come on top, charges come off.")


def compute(inputs: GuidanceInputs) -> Guidance:
    """Return guidance in US dollars for the goods of a lot; the same inputs always give the same answer."""
    return _for_gold(inputs) if inputs.description.kind == "gold" else _for_stones(inputs)


def _for_gold(inputs: GuidanceInputs) -> Guidance:
    fineness, rate = inputs.description.fineness_permille, inputs.rate
    if fineness is None:
        return _silent(inputs, "fineness_missing", N_("The fineness is not known yet, so there is no value to name."))
    if rate is None:
        return _silent(inputs, "no_rate", N_("There is no reference rate for gold on this date."))
    if is_too_old(rate, inputs.on):
        return Guidance(
            inputs=inputs, outcome="refused_stale", basis="reference_rate", stale=True, rate_ids=(rate.id,),
            age_days=age_in_days(rate.observed_on, inputs.on),
            working=(Step(N_("The newest reference rate is %(days)s days old: too old to name a value."),
                          {"days": age_in_days(rate.observed_on, inputs.on)}),),
        )  # fmt: skip
    return _gold_guided(inputs, rate, fineness)


def _gold_guided(inputs: GuidanceInputs, rate: RateAsOf, fineness: Decimal) -> Guidance:
    description, standard = inputs.description, inputs.standard or gold.OWN_STANDARD
    between = gold.fineness_range(fineness, description.fineness_method, measured=_measured(inputs))
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
        working=_gold_working(inputs, rate, figures, between=between, standard=standard),
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


def _measured(inputs: GuidanceInputs) -> tuple[Decimal, Decimal] | None:
    low, high = inputs.description.fineness_low_permille, inputs.description.fineness_high_permille
    return (low, high) if low is not None and high is not None else None


def _gold_working(
    inputs: GuidanceInputs,
    rate: RateAsOf,
    figures: gold.GoldFigures,
    *,
    between: tuple[Decimal, Decimal],
    standard: gold.PriceStandard,
) -> tuple[Step, ...]:
    share = max(standard.floor_share, gold.OWN_FLOOR_SHARE)
    steps = [
        Step(N_("Reference rate: %(rate)s US dollars a troy ounce of fine gold, on %(date)s, from %(source)s."),
             {"rate": rate.value, "date": rate.observed_on, "source": rate.source}),
        Step(N_("Divided by 31.1034768 g: %(rate)s US dollars a gram of fine gold."),
             {"rate": figures.usd_per_fine_gram}),
        Step(N_("%(gross_g)s g at %(fineness)s parts per thousand hold %(fine_g)s g of fine gold."),
             {"gross_g": Decimal(inputs.description.weight_mg) / 1000,
              "fineness": inputs.description.fineness_permille or Decimal(0), "fine_g": figures.fine_mass_g}),
        Step(N_("Reference value: %(value)s."), {"value": figures.reference_value}),
        Step(N_("Floor, %(percent)s %% of the reference value: %(value)s."),
             {"percent": (share * 100).normalize() + 0, "value": figures.floor}),
        Step(N_("The fineness lies between %(low)s and %(high)s parts per thousand, so the range is from the floor at "
                "the lowest, %(from)s, to the value at the highest, %(to)s."),
             {"low": between[0], "high": between[1], "from": figures.low, "to": figures.high}),
    ]  # fmt: skip
    if figures.premium is not None:
        steps.append(
            Step(N_("Premium of the standard %(standard)s, paid on top: %(value)s."),
                 {"standard": standard.code, "value": figures.premium})
        )  # fmt: skip
    return (*steps, Step(_VALUE_OF_GOODS, {}))


def _for_stones(inputs: GuidanceInputs) -> Guidance:
    description = inputs.description
    if description.variety is None:
        return _silent(inputs, "variety_missing", N_("The variety is not known yet, so there is no value to name."))
    if description.variety == "diamond" and description.form == "rough":
        return _silent(
            inputs, "kimberley_first", N_("A rough diamond is valued with its Kimberley Process certificate, not here.")
        )
    if description.grade is None:
        return _silent(inputs, "grade_missing", N_("Choose a quality grade to see what like stones bring."))
    found = quartiles(inputs.prices)
    if found is not None:
        basis = "sales" if inputs.band is None else "sales_and_book"
        return _stones_guided(inputs, drawn_to_book(found, count=len(inputs.prices), band=inputs.band), basis=basis)
    if inputs.band is not None:
        return _stones_guided(inputs, _of_book(inputs.band), basis="price_book")
    return _silent(
        inputs,
        "no_band_no_sales",
        N_("Not enough data: no price band for these stones and fewer than %(fewest)s sales."),
    )


def _of_book(band: Band) -> Quartiles:
    return Quartiles(Fraction(band.low_minor_per_ct), band.middle_minor_per_ct, Fraction(band.high_minor_per_ct))


def _stones_guided(inputs: GuidanceInputs, per_ct: Quartiles, *, basis: str) -> Guidance:
    weight_mg, count = inputs.description.weight_mg, len(inputs.prices)
    is_from_book = inputs.band is not None
    return Guidance(
        inputs=inputs,
        outcome="guided",
        basis=basis,
        working=_stone_working(inputs, per_ct, basis=basis),
        low=for_the_lot(per_ct.low, weight_mg),
        middle=for_the_lot(per_ct.middle, weight_mg),
        high=for_the_lot(per_ct.high, weight_mg),
        per_unit=Money(round(per_ct.middle), "USD"),
        count=count,
        age_days=_newest_age(inputs, basis=basis),
        unverified=is_from_book and not (inputs.band is not None and inputs.band.is_verified),
        confidence=_stone_confidence(count, basis=basis),
    )


def _stone_confidence(count: int, *, basis: str) -> Confidence:
    if basis == "price_book":
        return "low"
    return "high" if count >= 20 else "medium"


def _newest_age(inputs: GuidanceInputs, *, basis: str) -> int | None:
    if basis != "price_book":
        return min(age_in_days(price.sold_on, inputs.on) for price in inputs.prices)
    dated = inputs.band.dated if inputs.band is not None else None
    return age_in_days(dated, inputs.on) if dated is not None else None


def _stone_working(inputs: GuidanceInputs, per_ct: Quartiles, *, basis: str) -> tuple[Step, ...]:
    steps = []
    if inputs.band is not None:
        steps.append(
            Step(N_("Price book %(edition)s: %(low)s to %(high)s a carat for stones of %(from)s to %(to)s carats."),
                 {"edition": inputs.edition or 0, "low": Money(inputs.band.low_minor_per_ct, "USD"),
                  "high": Money(inputs.band.high_minor_per_ct, "USD"),
                  "from": inputs.band.weight_from_ct, "to": inputs.band.weight_to_ct})
        )  # fmt: skip
    if basis != "price_book":
        newest, oldest = inputs.prices[0].sold_on, inputs.prices[-1].sold_on
        steps.append(
            Step(N_("%(count)s independent sales of like stones here, from %(oldest)s to %(newest)s."),
                 {"count": len(inputs.prices), "oldest": oldest, "newest": newest})
        )  # fmt: skip
    elif inputs.prices:
        steps.append(
            Step(N_("%(count)s like sales here are too few to count: %(fewest)s are needed."),
                 {"count": len(inputs.prices), "fewest": FEWEST_SALES})
        )  # fmt: skip
    steps.append(
        Step(N_("%(carats)s carats at %(low)s to %(high)s a carat, middle %(middle)s."),
             {"carats": inputs.description.carats, "low": Money(round(per_ct.low), "USD"),
              "high": Money(round(per_ct.high), "USD"), "middle": Money(round(per_ct.middle), "USD")})
    )  # fmt: skip
    return (*steps, Step(_VALUE_OF_GOODS, {}))


def _silent(inputs: GuidanceInputs, basis: str, text: str) -> Guidance:
    working = (Step(text, {"fewest": FEWEST_SALES} if "%(fewest)s" in text else {}),)
    return Guidance(inputs=inputs, outcome="not_enough_data", basis=basis, working=working, count=len(inputs.prices))


# Every formula that ever made a snapshot, by its version; what an earlier one computes never changes.
FORMULAS: Final[Mapping[str, Callable[[GuidanceInputs], Guidance]]] = MappingProxyType({"1": compute, "2": compute})

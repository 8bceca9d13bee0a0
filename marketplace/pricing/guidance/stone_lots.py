"""What formula 1 and 2 share of guidance for stones; nothing here changes, because stored guides rest on it."""

from dataclasses import replace
from fractions import Fraction

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.pricing.comparables import FEWEST_SALES, Quartiles
from marketplace.pricing.gems import Band, for_the_lot
from marketplace.pricing.guidance.result import Confidence, Guidance, GuidanceInputs, Step, silent
from marketplace.pricing.rates import age_in_days


def what_is_missing(inputs: GuidanceInputs) -> Guidance | None:
    """Return the answer to a question that lacks something, or None when the stones can be looked up."""
    description = inputs.description
    if description.variety is None:
        return silent(inputs, "variety_missing", N_("The variety is not known yet, so there is no value to name."))
    if description.variety == "diamond" and description.form == "rough":
        return silent(
            inputs, "kimberley_first", N_("A rough diamond is valued with its Kimberley Process certificate, not here.")
        )
    if description.grade is None:
        return silent(inputs, "grade_missing", N_("Choose a quality grade to see what like stones bring."))
    return None


def not_enough(inputs: GuidanceInputs) -> Guidance:
    """Return the answer where neither a band nor sales can speak."""
    text = N_("Not enough data: no price band for these stones and fewer than %(fewest)s sales.")
    found = silent(inputs, "no_band_no_sales", text)
    return replace(found, working=(Step(text, {"fewest": FEWEST_SALES}),))


def of_book(band: Band) -> Quartiles:
    """Return a band's low, middle and high in US cents per carat."""
    return Quartiles(Fraction(band.low_minor_per_ct), band.middle_minor_per_ct, Fraction(band.high_minor_per_ct))


def guided(inputs: GuidanceInputs, per_ct: Quartiles, *, band: Band | None, basis: str) -> Guidance:
    """Return guidance at prices per carat, without the last sentence of its working."""
    weight_mg, count = inputs.description.weight_mg, len(inputs.prices)
    return Guidance(
        inputs=inputs,
        outcome="guided",
        basis=basis,
        working=_working(inputs, per_ct, band=band, basis=basis),
        low=for_the_lot(per_ct.low, weight_mg),
        middle=for_the_lot(per_ct.middle, weight_mg),
        high=for_the_lot(per_ct.high, weight_mg),
        per_unit=Money(round(per_ct.middle), "USD"),
        count=count,
        age_days=_newest_age(inputs, band=band, basis=basis),
        unverified=band is not None and not band.is_verified,
        confidence=_confidence(count, basis=basis),
    )


def _confidence(count: int, *, basis: str) -> Confidence:
    if basis == "price_book":
        return "low"
    return "high" if count >= 20 else "medium"


def _newest_age(inputs: GuidanceInputs, *, band: Band | None, basis: str) -> int | None:
    if basis != "price_book":
        return min(age_in_days(price.sold_on, inputs.on) for price in inputs.prices)
    dated = band.dated if band is not None else None
    return age_in_days(dated, inputs.on) if dated is not None else None


def _working(inputs: GuidanceInputs, per_ct: Quartiles, *, band: Band | None, basis: str) -> tuple[Step, ...]:
    steps = []
    if band is not None:
        steps.append(
            Step(N_("Price book %(edition)s: %(low)s to %(high)s a carat for stones of %(from)s to %(to)s carats."),
                 {"edition": inputs.edition or 0, "low": Money(band.low_minor_per_ct, "USD"),
                  "high": Money(band.high_minor_per_ct, "USD"),
                  "from": band.weight_from_ct, "to": band.weight_to_ct})
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
    return tuple(steps)

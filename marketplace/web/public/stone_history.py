"""Prices of one kind of stone over time: the price book's band by edition, and sales of like stones here."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.core.numbers import NumberRefused, parse_weight_mg
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate, translate_error
from marketplace.lots.vocabulary import GEM_FORMS, GRADES, TREATMENTS
from marketplace.orders.comparable_sales import sales_like
from marketplace.pricing.comparables import FEWEST_SALES, OLDEST_MONTHS, months_before, select_sales
from marketplace.pricing.description import LotDescription
from marketplace.pricing.gems import Band, band_for
from marketplace.pricing.queries.history import EditionBands, band_history
from marketplace.web.filters import money, month, short_date
from marketplace.web.plots import MOST_POINTS, Plot, Reading, Step, draw
from marketplace.web.varieties import VARIETIES

bp = Blueprint("stone_history", __name__)
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {"form": GEM_FORMS, "grade": GRADES, "treatment": TREATMENTS}
USUAL: Final = {"form": "cut", "grade": "good", "treatment": "N", "weight": "1"}


class Printed(NamedTuple):
    """What one edition of the price book says of the stone: nothing without a band."""

    number: int
    since: date
    band: Band | None


class SoldInMonth(NamedTuple):
    """What a like stone brought: its month, and US dollars a carat. Nobody is named."""

    month: date
    per_carat: Money


@bp.get("/prices/stones/<variety>")
@allow(PUBLIC)
def show(variety: str) -> str:
    """Show the band of each edition and the sales of like stones."""
    if variety not in VARIETIES:
        raise NotFound
    uow = current_uow()
    values = {name: request.args.get(name, usual).strip() for name, usual in USUAL.items()}
    errors, weight_mg = _read(values)
    shown = {} if errors else _shown(uow.session, _stone(variety, values, weight_mg))
    return render_template(
        "public/stone_history.html",
        variety=variety,
        values=values,
        errors=errors,
        choices={name: [(code, translate(words)) for code, words in each.items()] for name, each in CHOICES.items()},
        weight_mg=weight_mg,
        fewest=FEWEST_SALES,
        **shown,
    )


def _read(values: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """Return what is wrong with the stone that was asked for, and its weight in milligrams."""
    errors = {name: translate(N_("Choose one from the list.")) for name in CHOICES if values[name] not in CHOICES[name]}
    try:
        return errors, parse_weight_mg(values["weight"], "ct")
    except NumberRefused as error:
        return {**errors, "weight": translate_error(error)}, 0


def _stone(variety: str, values: Mapping[str, str], weight_mg: int) -> LotDescription:
    # Wherever it is from: bands and sales of one origin alone would be too few.
    return LotDescription(
        kind="gem",
        form=values["form"],
        origin_country="",
        weight_mg=weight_mg,
        variety=variety,
        treatment=values["treatment"],
        grade=values["grade"],
    )


def _shown(session: Session, stone: LotDescription) -> dict[str, Any]:
    now = current_uow().now
    editions = band_history(session, stone.variety or "", stone.form, now=now)
    printed = [_printed(stone, edition) for edition in editions]
    sold = _sold(session, stone, now.date())
    newest = printed[-1].band if printed else None
    return {
        "drawing": _drawing(printed, sold, now.date()),
        "band": _of_band(newest) if newest else None,
        "brought": _range([each.per_carat for each in sold]) if sold else None,
        "is_unverified": any(each.band is not None and not each.band.is_verified for each in printed),
        "editions": [_edition_row(each) for each in reversed(printed)],
        "sales": [{"month": month(each.month), "price": money(each.per_carat)} for each in sold],
    }


def _printed(stone: LotDescription, edition: EditionBands) -> Printed:
    return Printed(edition.number, edition.since, band_for(stone, edition.bands))


def _sold(session: Session, stone: LotDescription, today: date) -> list[SoldInMonth]:
    """Return the newest sixty independent like sales, newest first; none while they are too few to hide anybody."""
    prices = select_sales(stone, sales_like(session, stone, on=today), on=today).prices
    if len(prices) < FEWEST_SALES:
        return []
    return [
        SoldInMonth(price.sold_on.replace(day=1), Money(round(price.minor_per_ct), "USD"))
        for price in prices[:MOST_POINTS]
    ]


def _drawing(printed: Sequence[Printed], sold: Sequence[SoldInMonth], today: date) -> Plot:
    return draw(
        since=months_before(today, OLDEST_MONTHS),
        until=today,
        band=[Step(each.since, *_ends(each.band)) for each in printed],
        dots=[Reading(each.month, each.per_carat.amount) for each in sold],
    )


def _ends(band: Band | None) -> tuple[Decimal | None, Decimal | None]:
    if band is None:
        return None, None
    return Money(band.low_minor_per_ct, "USD").amount, Money(band.high_minor_per_ct, "USD").amount


def _of_band(band: Band) -> str:
    return _range([Money(band.low_minor_per_ct, "USD"), Money(band.high_minor_per_ct, "USD")])


def _range(amounts: Sequence[Money]) -> str:
    return translate(N_("%(low)s to %(high)s"), low=money(min(amounts)), high=money(max(amounts)))


def _edition_row(printed: Printed) -> dict[str, str]:
    band = printed.band
    source = band.source if band else ""
    return {
        "edition": translate(N_("Edition %(number)s"), number=printed.number),
        "since": short_date(printed.since),
        "price": _of_band(band) if band else translate(N_("no band")),
        "source": translate(N_("Not verified: %(source)s"), source=source) if band and not band.is_verified else source,
    }

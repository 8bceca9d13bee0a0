"""The sorting helper: what each class of a sorted parcel could bring, and what the parcel brings unsorted."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.http.limits import limiter
from marketplace.lots.vocabulary import GEM_FORMS, GRADES, TREATMENTS, varieties
from marketplace.orders.comparable_sales import sales_like
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance import Guidance
from marketplace.pricing.labels import BASIS_LABELS
from marketplace.pricing.parcels import MOST_CLASSES, ParcelSum, SortedClass, as_it_came, gain, summed
from marketplace.pricing.queries import guidance_for_each
from marketplace.web.filters import country, money, variety, weight
from marketplace.web.public.currencies import exchange_to, wanted_currency
from marketplace.web.public.sorting_form import Question, filled_rows, read_question, rows_shown, values_of

bp = Blueprint("sorting", __name__)


@bp.get("/stones/sorting")
@allow(PUBLIC)
@limiter.limit("60 per minute")
def index() -> Response:
    """Show the form, and the answer to what stands in the address."""
    typed = request.args.to_dict()
    question, rows = read_question(typed), rows_shown(typed, request.args.getlist("rows"))
    errors = {name: translate_error(error) for name, error in question.errors.items()}
    body = render_template(
        "public/sorting.html",
        rows=rows,
        may_add=rows < MOST_CLASSES,
        # the first class is always wanted
        filled={1, *filled_rows(typed)},
        values=values_of(typed, rows),
        errors=errors,
        choices=_choices(),
        answer=_answer(question) if question.is_answerable else None,
    )
    return make_response(body)


def _choices() -> dict[str, list[tuple[str, str]]]:
    return {
        "countries": sorted(((code, country(code)) for code in CURRENCY_OF_COUNTRY), key=lambda pair: pair[1]),
        "varieties": sorted(((code, variety(code)) for code in varieties()), key=lambda pair: pair[1].casefold()),
        "forms": [(code, _(words)) for code, words in GEM_FORMS.items()],
        "treatments": [(code, _(words)) for code, words in TREATMENTS.items()],
        "grades": [(code, _(words)) for code, words in GRADES.items()],
        "units": [("ct", _("carats")), ("g", _("grams"))],
    }


def _answer(question: Question) -> dict[str, Any]:
    """Return the guide of every class, their sum, and the unsorted parcel beside it."""
    uow = current_uow()
    classes = list(question.classes.values())
    whole = question.total_mg or sum(each.weight_mg for each in classes)
    unsorted = as_it_came(classes, total_mg=whole)
    today = uow.now.date()
    guides = guidance_for_each(
        uow.session,
        [*classes, *([unsorted] if unsorted else [])],
        on=today,
        now=uow.now,
        sales_like=lambda stones: sales_like(uow.session, stones, on=today),
    )
    parts = [SortedClass(each.weight_mg, guide.per_lot) for each, guide in zip(classes, guides, strict=False)]
    parcel = summed(parts, total_mg=question.total_mg)
    of_unsorted = guides[-1] if unsorted else None
    exchange = exchange_to(uow.session, wanted_currency(), today)
    value = parcel.value
    return {
        "rows": [_row(row, each, guide) for (row, each), guide in zip(question.classes.items(), guides, strict=False)],
        "sum": value,
        "about": [exchange.about(each) for each in (value.low, value.high)] if value and exchange else None,
        "rate": exchange.rate if exchange else None,
        **_shares(parcel),
        "unsorted": of_unsorted.per_lot if of_unsorted else None,
        "unsorted_grade": _(GRADES[unsorted.grade]) if unsorted and unsorted.grade else "",
        "is_one_kind": unsorted is not None,
        "gain": gain(parcel, of_unsorted.per_lot if of_unsorted else None),
    }


def _shares(parcel: ParcelSum) -> Mapping[str, Any]:
    return {
        "share": parcel.guided_share,
        "is_whole": parcel.guided_mg == parcel.total_mg,
        "rest": weight(parcel.rest_mg) if parcel.rest_mg else "",
        "total": weight(parcel.total_mg),
    }


def _row(row: int, stones: LotDescription, guide: Guidance) -> dict[str, str]:
    name = _(
        "%(row)s. %(stone)s, %(grade)s",
        row=row,
        stone=variety(stones.variety),
        grade=_(GRADES[stones.grade or "commercial"]),
    )
    basis = _(BASIS_LABELS[guide.basis])
    if guide.unverified:
        basis = _("%(basis)s, not verified", basis=basis)
    found, each = guide.per_lot, guide.per_carat
    return {
        "name": name,
        "weight": weight(stones.weight_mg),
        "range": _("%(low)s to %(high)s", low=money(found.low), high=money(found.high)) if found else _("No guide"),
        "middle": money(found.middle) if found else "",
        "carat": money(each.middle) if each else "",
        "basis": basis,
    }

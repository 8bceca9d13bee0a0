"""Currencies as finance sees them: open positions at the day's rates, gains and losses by month."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import total
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.payments.currency_queries import IN, positions, results
from marketplace.payments.own_exchange import exchange_own, read_deal

bp = Blueprint("staff_currencies", __name__, url_prefix="/staff/finance/currencies")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE, fresh=True)


@bp.get("")
@allow(READERS)
def index() -> str | tuple[str, int]:
    """Show the positions of today and the results of some months; this year when none are chosen."""
    errors: dict[str, str] = {}
    body = _page(request.args, errors)
    return (body, 422) if errors else body


@bp.post("")
@allow(FINANCE)
@once
def exchange() -> Response | tuple[str, int]:
    """Book what the bank exchanged for us."""
    try:
        exchange_own(current_uow(), deal=read_deal(request.form))
    except InvalidInput as error:
        return _page(request.form, {name: translate_error(field) for name, field in error.fields.items()}), 422
    flash(_("Booked. The positions below include it."), "good")
    return redirect(url_for("staff_currencies.index"), code=303)


def _page(values: Mapping[str, str], errors: dict[str, str]) -> str:
    uow = current_uow()
    today = uow.now.date()
    since = _day(values, "since", date(today.year, 1, 1), errors)
    until = _day(values, "until", today, errors)
    found = positions(uow.session, on=today)
    known = [each.worth for each in found if each.worth is not None]
    return render_template(
        "staff/finance/currencies.html",
        positions=found,
        together=total(known, currency=IN) if len(known) == len(found) else None,
        results=results(uow.session, since=since, until=until) if since <= until else [],
        values=values,
        errors=errors,
        today=today,
    )


def _day(values: Mapping[str, str], name: str, usual: date, errors: dict[str, str]) -> date:
    if not values.get(name):
        return usual
    try:
        day = date.fromisoformat(values[name])
    except ValueError:
        day = date.min
    if date(2000, 1, 1) <= day <= date(2999, 12, 31):
        return day
    errors[name] = _("Write the date as year-month-day, for example 2026-09-29.")
    return usual

"""Currencies as finance sees them: open positions at the day's rates, gains and losses by month."""

from datetime import date

from flask import Blueprint, render_template, request

from marketplace.core.actor import StaffRole
from marketplace.core.money import total
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.payments.currency_queries import IN, positions, results

bp = Blueprint("staff_currencies", __name__, url_prefix="/staff/finance/currencies")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)


@bp.get("")
@allow(READERS)
def index() -> str | tuple[str, int]:
    """Show the positions of today and the results of some months; this year when none are chosen."""
    uow = current_uow()
    today = uow.now.date()
    values = {name: request.args.get(name, "") for name in ("since", "until")}
    errors: dict[str, str] = {}
    since = _day(values, "since", date(today.year, 1, 1), errors)
    until = _day(values, "until", today, errors)
    found = positions(uow.session, on=today)
    known = [each.worth for each in found if each.worth is not None]
    body = render_template(
        "staff/finance/currencies.html",
        positions=found,
        together=total(known, currency=IN) if len(known) == len(found) else None,
        results=results(uow.session, since=since, until=until) if since <= until else [],
        values=values,
        errors=errors,
        today=today,
    )
    return (body, 422) if errors else body


def _day(values: dict[str, str], name: str, usual: date, errors: dict[str, str]) -> date:
    if not values[name]:
        return usual
    try:
        day = date.fromisoformat(values[name])
    except ValueError:
        day = date.min
    if date(2000, 1, 1) <= day <= date(2999, 12, 31):
        return day
    errors[name] = _("Write the date as year-month-day, for example 2026-09-29.")
    return usual

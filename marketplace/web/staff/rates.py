"""Reference rates for staff: every series on one board, and each with its plot, history and what waits."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.pricing.models import ReferenceSeries
from marketplace.pricing.queries import board, latest_fetches, rate_history, rate_of_series
from marketplace.web.filters import number, short_date
from marketplace.web.plots import Reading
from marketplace.web.price_plots import LinePlot, line_plot, range_links, since_of, wanted_range
from marketplace.web.series import address_of, code_of
from marketplace.web.staff.rate_words import OUTCOMES, freshness, jump_of, state

bp = Blueprint("staff_rates", __name__, url_prefix="/staff/rates")
READERS = staff(StaffRole.CURATOR, StaffRole.AUDITOR, StaffRole.ADMINISTRATOR)


@bp.get("")
@allow(READERS)
def index() -> str:
    """Show every series with its newest rate, its age, and what waits."""
    uow = current_uow()
    today = uow.now.date()
    rows = board.series_states(uow.session, on=today)
    return render_template(
        "staff/rates/board.html",
        rows=[(row, address_of(row.series.code), freshness(row.rate, today)) for row in rows],
        fetches=latest_fetches(uow.session),
        outcomes=OUTCOMES,
        today=today,
    )


@bp.get("/<series>")
@allow(READERS)
def show(series: str) -> str:
    """Show one series: its plot, what waits, everything observed, and the tries to read its source."""
    uow = current_uow()
    found, today = board.series_by_code(uow.session, code_of(series)), uow.now.date()
    newest = rate_of_series(uow.session, found.code, today)
    waiting = board.waiting_rates(uow.session, found.code, on=today)
    observed = board.observations(uow.session, found.code, on=today, before=_cursor())
    shown = observed[: board.PAGE]
    entered_by = [facts.rate.imported_by for facts in waiting] + [each.rate.imported_by for each in shown]
    plot = _plot(found, today)
    return render_template(
        "staff/rates/series.html",
        series=found,
        address=series,
        newest=newest,
        freshness=freshness(newest, today),
        today=today,
        drawn=plot,
        points=[{"on": short_date(each.on), "value": _exactly(each.value)} for each in plot.rows] if plot else [],
        range_links=range_links(wanted_range(), lambda name: url_for("staff_rates.show", series=series, range=name)),
        waiting=[(facts, jump_of(facts, found)) for facts in waiting],
        observations=[(each.rate, state(each)) for each in shown],
        names=board.names_of(uow.session, entered_by),
        fetches=board.fetches_of(uow.session, found.code),
        outcomes=OUTCOMES,
        next_before=_cursor_after(shown[-1]) if len(observed) > board.PAGE else None,
    )


def _plot(series: ReferenceSeries, today: date) -> LinePlot | None:
    since = since_of(wanted_range(), today)
    points = rate_history(current_uow().session, series.code, since=since, until=today)
    return line_plot(
        [Reading(day, value) for day, value in points],
        since=since,
        until=today,
        what=series.name,
        write=_exactly,
    )


def _exactly(value: Decimal) -> str:
    return number(value, most=10)


def _cursor_after(last: board.Observation) -> str:
    return f"{last.rate.observed_on.isoformat()}~{last.rate.id}"


def _cursor() -> tuple[date, UUID] | None:
    day, _, key = request.args.get("before", "").partition("~")
    try:
        return date.fromisoformat(day), UUID(key)
    except ValueError:
        return None  # a cut or made-up cursor shows the first page

"""The fairness report for staff: what reached cooperatives, what prices achieved, sale by sale, and as a file."""

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.core.actor import StaffRole
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.http.limits import limiter
from marketplace.orders import fairness_report as fairness
from marketplace.orders.fair_sales import PAGE, FairSale, fair_sales, streamed_sales
from marketplace.orders.fairness_report import BREAKDOWNS, Group, Report
from marketplace.pricing.comparables import months_before
from marketplace.web.filters import country
from marketplace.web.staff.fairness_files import MOST_ROWS, as_csv, as_xlsx
from marketplace.web.staff.fairness_filters import KINDS, Asked, read_filter

bp = Blueprint("staff_fairness", __name__, url_prefix="/staff/fairness")
# Every duty of the house: all may know whether prices are fair.
READERS = staff(*StaffRole)
MOST_PARTS: Final = 60
BY: Final = {"month": N_("By month"), "country": N_("By country"), "cooperative": N_("By cooperative")}
WOMEN: Final = {True: N_("Led by women"), False: N_("Others")}
PAYEES: Final = {
    "cooperative": N_("Cooperatives"),
    "deduction": N_("Charges of countries"),
    "premium": N_("Community premium"),
    "platform": N_("Platform fee"),
}
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Page = str | tuple[str, int]


@bp.get("")
@allow(READERS)
def show() -> Page:
    """Show the figures of the sales that fit, with their groups."""
    session, asked = current_uow().session, _asked(request.args or _last_year())
    by = request.args.get("by", "")
    by = by if by in BREAKDOWNS else "month"
    found = fairness.report(session, asked.wanted, by=by)
    body = render_template(
        "staff/fairness/report.html",
        **_form(asked),
        report=found,
        by=by,
        by_words=BY,
        parts=_parts(found, by),
        most_parts=MOST_PARTS,
        is_usual=not request.args,
        kinds=[(_(KINDS[kind]), group) for kind, group in sorted(found.kinds.items(), reverse=True)],
        women_led=[(_(WOMEN[is_led]), group) for is_led, group in sorted(found.women_led.items(), reverse=True)],
        receivers=[{"label": PAYEES[payee], "payee": payee, "amount": sum_} for payee, sum_ in found.whole.receivers],
        others=fairness.sales_in_other_currencies(session),
    )
    return (body, 422) if asked.errors else body


@bp.get("/sales")
@allow(READERS)
def sales() -> Page:
    """Show the sales that fit, newest first, each with what its figures are made of."""
    session, asked = current_uow().session, _asked(request.args)
    found = fair_sales(session, asked.wanted, after=_cursor(), limit=PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    after: dict[str, Any] = {**asked.args, "after": f"{last.accepted_at.isoformat()}~{last.key}"} if last else {}
    body = render_template(
        "staff/fairness/sales.html",
        **_form(asked),
        sales=found[:PAGE],
        kind_words=KINDS,
        next_url=url_for("staff_fairness.sales", **after) if after else None,
    )
    return (body, 422) if asked.errors else body


@bp.post("/export.csv")
@allow(READERS)
@limiter.limit("10 per minute")
def export_csv() -> Response | Page:
    """Send the sales that fit as CSV; it is noted who took them."""
    return _export(as_csv, "text/csv", "fairness.csv")


@bp.post("/export.xlsx")
@allow(READERS)
@limiter.limit("10 per minute")
def export_xlsx() -> Response | Page:
    """Send the sales that fit as a spreadsheet; it is noted who took them."""
    return _export(as_xlsx, SHEET, "fairness.xlsx")


def _export(write: Callable[[Iterable[FairSale]], BytesIO], mimetype: str, name: str) -> Response | Page:
    uow, asked = current_uow(), _asked(request.form)
    if asked.errors:
        return render_template("staff/fairness/sales.html", **_form(asked), sales=[], kind_words=KINDS), 422
    reader = uow.session.get_one(User, uow.actor.user_id)
    uow.record("fairness.export", reader, file=name, filter=asked.args)
    file = write(streamed_sales(uow.session, asked.wanted, most=MOST_ROWS))
    return send_file(file, mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)


def _asked(given: Any) -> Asked:
    return read_filter(given, fairness.selling_cooperatives(current_uow().session))


def _last_year() -> dict[str, str]:
    """Return what is asked for before anything is chosen: a year, because all sales of many years take long."""
    return {"since": months_before(current_uow().now.date(), 12).isoformat()}


def _form(asked: Asked) -> dict[str, Any]:
    """Return what the filter form needs."""
    sellers = asked.sellers
    return {
        "values": asked.values,
        "errors": asked.errors,
        "args": asked.args,
        "kind_choices": [(code, _(words)) for code, words in KINDS.items()],
        "country_choices": [(code, country(code)) for code in sorted({each.country for each in sellers})],
        "cooperative_choices": [(each.reference, each.name) for each in sellers],
        "most_rows": MOST_ROWS,
    }


def _parts(found: Report, by: str) -> list[tuple[str, Group]]:
    """Return the groups of the breakdown: months newest first, others by their number of sales."""
    if by == "month":
        rows = sorted(found.parts.items(), reverse=True)
        return [(f"{month:%Y-%m}", group) for month, group in rows[:MOST_PARTS]]
    rows = sorted(found.parts.items(), key=lambda each: (-each[1].count, str(each[0])))
    return [(country(key) if by == "country" else key, group) for key, group in rows[:MOST_PARTS]]


def _cursor() -> tuple[datetime, UUID] | None:
    at, _tilde, key = request.args.get("after", "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(key)) if moment.tzinfo else None
    except ValueError:
        return None  # a cut or made-up cursor shows the first page

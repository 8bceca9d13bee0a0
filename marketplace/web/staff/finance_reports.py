"""The daily reports: the days, one day with every difference, and the same as CSV."""

import csv
import io
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import NotFound
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, separately
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.payments.comparison import Side, What
from marketplace.payments.daily_report import EARLIEST, WRITE
from marketplace.payments.finance_models import DailyReport
from marketplace.payments.report_queries import money_of, reports, runs_of
from marketplace.web.staff.finance_words import DIFFERENCES, SIDES

bp = Blueprint("staff_reports", __name__, url_prefix="/staff/finance/reports")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE)
COLUMNS = ("day", "currency", "run", "side", "what", "reference", "kind", "on", "ledger", "other")


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the days with their newest reports."""
    return _index(errors={})


@bp.post("")
@allow(FINANCE)
@once
def write() -> Response | tuple[str, int]:
    """Ask the worker to write the report of a day."""
    uow = current_uow()
    day = _day(request.form.get("day", ""))
    if day is None or not EARLIEST <= day < uow.now.date():
        return _index(errors={"day": _("Choose a day that is over.")}), 422
    uow.defer(WRITE, queueing_lock=WRITE, day=day.isoformat())
    flash(_("The report is being written. Open this page again in a moment."), "info")
    return redirect(url_for("staff_reports.index"), code=303)


@bp.get("/<day>")
@allow(READERS)
def show(day: str) -> str:
    """Show every run of a day, the newest first."""
    rows = runs_of(current_uow().session, _known_day(day))
    return render_template(
        "staff/finance/report.html",
        day=rows[0].day,
        reports=[_view(row) for row in rows],
        newest=rows[0].run,
    )


@bp.get("/<day>/csv")
@allow(READERS)
def table(day: str) -> Response:
    """Give the sums and differences of a day's newest run as CSV."""
    rows = runs_of(current_uow().session, _known_day(day))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        if row.run == rows[0].run:
            writer.writerows(_csv_rows(row))
    answer = Response(text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="books-{rows[0].day}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.after_request
def _note_export(answer: Response) -> Response:
    """Note who took the sums of a day along; only now, since the request itself is read-only."""
    if request.endpoint == f"{bp.name}.table" and answer.status_code == 200 and request.view_args:
        with separately(current_uow().actor) as noting:
            noting.record("daily_report.export", runs_of(noting.session, _known_day(request.view_args["day"]))[0])
    return answer


def _index(*, errors: dict[str, str]) -> str:
    page = reports(current_uow().session, before=_day(request.args.get("before", "")))
    return render_template(
        "staff/finance/reports.html",
        reports=[_view(row) for row in page.rows],
        before=page.before,
        values=request.form,
        errors=errors,
    )


def _view(row: DailyReport) -> dict[str, Any]:
    return {
        "row": row,
        "clearing": money_of(row, row.clearing_minor),
        "provider": money_of(row, row.provider_minor),
        "bank_ledger": money_of(row, row.bank_ledger_minor),
        "on_the_way": money_of(row, row.on_the_way_minor),
        "bank": money_of(row, row.bank_minor),
        "differences": [_difference(row, each) for each in row.differences],
    }


def _difference(row: DailyReport, each: dict[str, Any]) -> dict[str, Any]:
    return {
        "side": SIDES[Side(each["side"])],
        "what": DIFFERENCES[What(each["what"])],
        "reference": each["reference"],
        "kind": each["kind"],
        "on": date.fromisoformat(each["on"]),
        "ledger": money_of(row, each["ledger_minor"]),
        "other": money_of(row, each["other_minor"]),
    }


def _csv_rows(row: DailyReport) -> list[tuple[object, ...]]:
    start = (row.day, row.currency, row.run)
    sums = (("provider", row.clearing_minor, row.provider_minor), ("bank", row.bank_ledger_minor, row.bank_minor))
    lines: list[tuple[object, ...]] = [
        (*start, side, "sum", "", "", row.day, _plain(row, ledger), _plain(row, other)) for side, ledger, other in sums
    ]
    for each in row.differences:
        amounts = (_plain(row, each[name]) for name in ("ledger_minor", "other_minor"))
        lines.append((*start, each["side"], each["what"], _safe(each["reference"]), each["kind"], each["on"], *amounts))
    return lines


def _plain(row: DailyReport, minor: int | None) -> str:
    amount = money_of(row, minor)
    return "" if amount is None else f"{amount.amount:f}"


def _safe(text: str) -> str:
    """Keep a table program from reading a reference as a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _known_day(text: str) -> date:
    day = _day(text)
    if day is None:
        raise NotFound
    return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

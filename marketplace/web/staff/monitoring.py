"""The monitoring report for staff: 18 indicators over a period, each with its plot, table and breakdowns, and files."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.core.actor import StaffRole
from marketplace.core.errors import NotFound
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.http.languages import written_language
from marketplace.http.limits import limiter
from marketplace.monitoring.catalogue import BY_CODE
from marketplace.monitoring.gathering import gather
from marketplace.monitoring.queries import known_cooperatives
from marketplace.monitoring.report import Report, read, report
from marketplace.monitoring.typesetting import report_pdf
from marketplace.web.filters import short_date
from marketplace.web.staff.monitoring_files import as_csv, as_xlsx
from marketplace.web.staff.monitoring_filters import Asked, presets, read_filter
from marketplace.web.staff.monitoring_words import AXES, plot_of, reading_words

bp = Blueprint("staff_monitoring", __name__, url_prefix="/staff/monitoring")
# Every duty of the house answers for the programme's figures.
READERS = staff(*StaffRole)
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Page = str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> Page:
    """Show all indicators of a period in one table."""
    asked = asked_for(request.args)
    rows = [] if asked.errors else _words(_report(asked), asked)
    links = [
        (words, url_for(".index", since=period.since.isoformat(), until=period.until.isoformat()))
        for words, period in presets(current_uow().now.date())
    ]
    body = render_template(
        "staff/monitoring/report.html",
        rows=rows,
        presets=links,
        period=asked.wanted.period,
        may_see=_may_see(),
        **asked.form(),
    )
    return (body, 422) if asked.errors else body


@bp.get("/<code>")
@allow(READERS)
def show(code: str) -> Page:
    """Show one indicator over time, as a plot and as tables."""
    indicator = BY_CODE.get(code)
    if indicator is None:
        raise NotFound
    asked, drawn, words = asked_for(request.args), None, None
    if not asked.errors:
        period = asked.wanted.period
        facts = gather(current_uow().session, asked.wanted, sources=[indicator.source])
        reading = read(indicator, facts, period, step=asked.step)
        drawn = plot_of(reading, asked.step, period)
        words = reading_words(reading, asked.step, _names(asked))
    body = render_template(
        "staff/monitoring/indicator.html",
        indicator=indicator,
        axis=AXES[indicator.figures[0].unit],
        words=words,
        whole=[{"term": label, "value": figure} for label, figure in words["whole"]] if words else [],
        drawn=drawn,
        period=asked.wanted.period,
        others=BY_CODE.values(),
        **asked.form(),
    )
    return (body, 422) if asked.errors else body


@bp.post("/export.csv")
@allow(READERS)
@limiter.limit("10 per minute")
def export_csv() -> Response | Page:
    """Send every figure as CSV; it is noted who took it."""
    return _export("csv", "text/csv")


@bp.post("/export.xlsx")
@allow(READERS)
@limiter.limit("10 per minute")
def export_xlsx() -> Response | Page:
    """Send every figure as a spreadsheet; it is noted who took it."""
    return _export("xlsx", SHEET)


@bp.post("/export.pdf")
@allow(READERS)
@limiter.limit("10 per minute")
def export_pdf() -> Response | Page:
    """Send the report to print; it is noted who took it."""
    return _export("pdf", "application/pdf")


def _export(suffix: str, mimetype: str) -> Response | Page:
    uow, asked = current_uow(), asked_for(request.form)
    if asked.errors:
        return render_template("staff/monitoring/report.html", rows=[], presets=[], **asked.form()), 422
    name = f"monitoring-{asked.wanted.period.since}-{asked.wanted.period.until}.{suffix}"
    note_export(name, asked.args)
    found = _report(asked)
    if suffix == "pdf":
        view = {**_cover(asked), "indicators": _words(found, asked)}
        file = BytesIO(report_pdf(view, at=uow.now))
    else:
        file = as_csv(found) if suffix == "csv" else as_xlsx(found)
    return send_file(file, mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)


def note_export(name: str, args: Mapping[str, str]) -> None:
    """Record who took which file."""
    uow = current_uow()
    reader = uow.session.get_one(User, uow.person())
    uow.record("monitoring.export", reader, file=name, filter=dict(args))


def asked_for(given: Mapping[str, str]) -> Asked:
    """Return what the reader asks for."""
    uow = current_uow()
    return read_filter(given, known_cooperatives(uow.session), today=uow.now.date())


def _report(asked: Asked) -> Report:
    facts = gather(current_uow().session, asked.wanted)
    return report(facts, asked.wanted.period, step=asked.step)


def _words(found: Report, asked: Asked) -> list[dict[str, Any]]:
    names = _names(asked)
    return [reading_words(reading, found.step, names) for reading in found.readings]


def _names(asked: Asked) -> dict[str, str]:
    return {each.reference: each.name for each in asked.cooperatives}


def _may_see() -> dict[str, bool]:
    """Return which of the further pages this person may open."""
    actor = current_uow().actor
    return {
        "quality": actor.has_role(StaffRole.MODERATOR, StaffRole.AUDITOR, StaffRole.ADMINISTRATOR),
        "records": actor.has_role(StaffRole.MODERATOR, StaffRole.FINANCE, StaffRole.AUDITOR),
    }


def _cover(asked: Asked) -> dict[str, Any]:
    """Return the words around the indicators of the printed report."""
    since, until = asked.wanted.period
    choices = [each.name for each in asked.cooperatives if each.key == asked.wanted.cooperative_id]
    return {
        "language": written_language(),
        "heading": _("Monitoring report"),
        "subheading": _("From %(since)s to %(until)s", since=short_date(since), until=short_date(until)),
        "choices": choices,
        "part": _("Period"),
        "group": _("Group"),
        "over_time": _("Over time"),
        "notes": [
            _("Figures about fewer than five people are not shown, nor others from which they could be worked out."),
            _("Amounts in other currencies are counted at the rate of their own day."),
        ],
        "cut": _("There is more than could be read. Only the newest is counted. Choose a shorter period."),
    }

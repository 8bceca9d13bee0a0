"""The annual report on due diligence in the five steps of the OECD guidance, as a page and as a PDF."""

from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from marketplace.http.access import allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.http.languages import written_language
from marketplace.http.limits import limiter
from marketplace.monitoring.gathering import gather
from marketplace.monitoring.periods import Step, whole, year_before
from marketplace.monitoring.report import report
from marketplace.monitoring.step_five import Entry, Section, annual_report
from marketplace.monitoring.typesetting import step_five_pdf
from marketplace.web.filters import short_date
from marketplace.web.staff.monitoring import READERS, asked_for, note_export
from marketplace.web.staff.monitoring_filters import Asked
from marketplace.web.staff.monitoring_words import HIDDEN, written

bp = Blueprint("staff_monitoring_step_five", __name__, url_prefix="/staff/monitoring/annual")
Page = str | tuple[str, int]


@bp.get("")
@allow(READERS)
def show() -> Page:
    """Show the report of a period; last year's unless another is asked for."""
    asked = asked_for(request.args or _last_year())
    return _page(asked, 422 if asked.errors else 200)


@bp.post("/export.pdf")
@allow(READERS)
@limiter.limit("10 per minute")
def export_pdf() -> Response | Page:
    """Send the report to print; it is noted who took it."""
    asked = asked_for(request.form)
    if asked.errors:
        return _page(asked, 422)
    since, until = asked.wanted.period
    name = f"due-diligence-{since}-{until}.pdf"
    note_export(name, asked.args)
    file = BytesIO(step_five_pdf({**_cover(asked), "sections": _sections(asked)}, at=current_uow().now))
    return send_file(file, mimetype="application/pdf", as_attachment=True, download_name=name, max_age=0)


def _page(asked: Asked, status: int) -> tuple[str, int]:
    sections = [] if asked.errors else _sections(asked)
    body = render_template(
        "staff/monitoring/step_five.html", sections=sections, period=asked.wanted.period, **asked.form()
    )
    return body, status


def _last_year() -> dict[str, str]:
    period = whole(Step.YEAR, year_before(current_uow().now.date()))
    return {"since": period.since.isoformat(), "until": period.until.isoformat()}


def _sections(asked: Asked) -> list[dict[str, Any]]:
    session = current_uow().session
    found = report(gather(session, asked.wanted), asked.wanted.period, step=Step.YEAR)
    return [_section(each) for each in annual_report(session, asked.wanted, found)]


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": _("Step %(number)s: %(title)s", number=section.step, title=_(section.title)),
        "what": [_(sentence) for sentence in section.what],
        "rows": [[_label(entry), _figure(entry)] for entry in section.entries],
    }


def _label(entry: Entry) -> str:
    if not entry.indicator:
        return _(entry.label)
    return _("%(label)s (%(code)s)", label=_(entry.label), code=entry.indicator)


def _figure(entry: Entry) -> str:
    return _(HIDDEN) if entry.is_hidden else written(entry.value, entry.unit)


def _cover(asked: Asked) -> dict[str, Any]:
    since, until = asked.wanted.period
    return {
        "language": written_language(),
        "heading": _("Report on due diligence"),
        "subheading": _("From %(since)s to %(until)s", since=short_date(since), until=short_date(until)),
        "source": _("In the five steps of the OECD Due Diligence Guidance for minerals, third edition."),
        "figure": _("Figure"),
        "value": _("Value"),
    }

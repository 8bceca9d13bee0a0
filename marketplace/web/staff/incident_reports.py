"""The inbox of reports from outside: make one an incident, join it to one, answer it, or close it with a reason."""

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, separately, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.incidents import report_queries as queries
from marketplace.incidents.answers import read_incident, read_words
from marketplace.incidents.models import IncidentReport
from marketplace.incidents.queries import incident_by_reference
from marketplace.incidents.sealing import opened
from marketplace.incidents.services import incidents, reports
from marketplace.incidents.words import SOURCES, risks
from marketplace.orders.services.incident_effects import stop_or_go
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor
from marketplace.web.incident_words import severity_choices

bp = Blueprint("staff_incident_reports", __name__, url_prefix="/staff/incident-reports")
MODERATORS = staff(StaffRole.MODERATOR)
STATES = {"new": N_("New"), "joined": N_("Joined to an incident"), "closed": N_("Closed")}
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(MODERATORS)
def index() -> str:
    """List the reports, newest first."""
    uow, state = current_uow(), request.args.get("state", "new")
    state = state if state in STATES else ""
    rows = queries.page_of_reports(uow.session, state=state, after=moment_cursor(request.args.get("after", "")))
    shown, key = rows[: queries.PAGE], settings().field_key
    last = shown[-1] if len(rows) > queries.PAGE else None
    return render_template(
        "staff/incidents/reports.html",
        rows=[(row, opened(row.place_sealed, key=key)) for row in shown],
        state=state,
        states=STATES,
        following=url_for(".index", state=state, after=f"{last.received_at.isoformat()}_{last.id}") if last else None,
    )


@bp.get("/<reference>")
@allow(MODERATORS)
def show(reference: str) -> str:
    """Show a report, and what may be done with it."""
    return _page(reference, values={}, errors={})


@bp.post("/<reference>/incident")
@allow(MODERATORS)
@once
def turn(reference: str) -> Page:
    """Open an incident from a report, and join the report to it."""
    uow, report = current_uow(), _locked(reference)
    try:
        told = read_incident({**request.form, "source": "public_report"}, today=uow.now.date())
        incident = incidents.open_incident(uow, told=told, stop_or_go=stop_or_go)
    except InvalidInput as error:
        return _page(reference, values=request.form, errors=field_errors(error)), 422
    reports.join(uow, report=report, incident=incident)
    return redirect(url_for("staff_incidents.show", reference=incident.reference), code=303)


@bp.post("/<reference>/joining")
@allow(MODERATORS)
@once
def join(reference: str) -> Page:
    """Join a report to an incident that is known already."""
    uow, report = current_uow(), _locked(reference)
    try:
        incident = incident_by_reference(uow.session, normal_reference(request.form.get("incident", "")[:40]))
    except NotFound:
        told = {"incident": _(N_("There is no incident with this reference."))}
        return _page(reference, values=request.form, errors=told), 422
    reports.join(uow, report=report, incident=incident)
    flash(_(N_("The report is joined to the incident. It is closed with it.")), "good")
    return _to(report)


@bp.post("/<reference>/answer")
@allow(MODERATORS)
@once
def answer(reference: str) -> Page:
    """Answer the reporter; with `close`, the answer is the reason and the case ends."""
    uow, report = current_uow(), _locked(reference)
    try:
        words = read_words(request.form, "answer")
    except InvalidInput as error:
        return _page(reference, values=request.form, errors=field_errors(error)), 422
    act = reports.close if request.form.get("close") == "yes" else reports.answer
    act(uow, report=report, words=words)
    flash(_(N_("The reporter reads it with the case code and the passphrase.")), "good")
    return _to(report)


@bp.after_request
def _note_reading(answer: Response) -> Response:
    """Note who read a report, whose sender must stay hidden; only now, since the request itself is read-only."""
    report_id = g.pop("read_report", None)
    if report_id is not None:
        with separately(current_uow().actor) as noting:
            noting.record("incident_report.read", noting.session.get_one(IncidentReport, report_id))
    return answer


def _page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow, key = current_uow(), settings().field_key
    report = queries.report_by_reference(uow.session, reference)
    g.read_report = report.id
    return render_template(
        "staff/incidents/report.html",
        report=report,
        place=opened(report.place_sealed, key=key),
        contact=opened(report.contact_sealed, key=key) if report.contact_sealed else "",
        lines=[(row, opened(row.words_sealed, key=key)) for row in queries.words_of(uow.session, report.id)],
        states=STATES,
        risks=risks(),
        sources=SOURCES,
        severity_choices=severity_choices(),
        values=values,
        errors=errors,
    )


def _locked(reference: str) -> IncidentReport:
    return queries.report_by_reference(current_uow().session, reference, lock=True)


def _to(report: IncidentReport) -> Response:
    return redirect(url_for("staff_incident_reports.show", reference=report.reference), code=303)

"""Report something that went wrong: for anyone, without an account; come back with a code and a passphrase.

Nothing tells who sent it. The forms are not kept against repetition (`once`): that would keep a digest of the report.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts.services import throttle
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.ids import new_reference, normal_reference
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, separately, settings
from marketplace.http.languages import language, translate_error
from marketplace.http.limits import limiter
from marketplace.incidents.answers import read_report, read_words
from marketplace.incidents.models import IncidentReport
from marketplace.incidents.report_queries import WrongSecret, report_of_sender, words_of
from marketplace.incidents.sealing import opened
from marketplace.incidents.services import reports
from marketplace.web.account.places import field_errors

bp = Blueprint("report", __name__, url_prefix="/report")
LIMIT: Final = "20 per hour"
# Of one case; the limit of all requests counts the network's address in memory only.
TRIES: Final = throttle.Limit("report", 10, throttle.CODE.within, forgiving=False)
# A field that people do not see: what fills it in is a program.
TRAP: Final = "website"


@bp.get("")
@allow(PUBLIC)
def form() -> Response:
    """Ask what happened, and say what becomes of it."""
    return _private(_form(values={}, errors={}))


@bp.post("")
@allow(PUBLIC)
@limiter.limit(LIMIT)
def send() -> Response:
    """Keep a report and show its code and passphrase, this once."""
    try:
        report = read_report(request.form)
    except InvalidInput as error:
        return _private(_form(values=request.form, errors=field_errors(error)), 422)
    uow = current_uow()
    if request.form.get(TRAP):  # a program believes that it was heard
        return _receipt(new_reference("RP"), reports.new_secret())
    received = reports.receive(uow, report=report, language=language())
    return _receipt(received.report.reference, received.secret)


@bp.get("/case")
@allow(PUBLIC)
def ask() -> Response:
    """Ask for the code and the passphrase."""
    return _private(_ask(values={}, errors={}))


@bp.post("/case")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def case() -> Response:
    """Show what was written in a case."""
    try:
        found = _found()
    except WrongSecret as error:
        return _private(_ask(values=_code(), errors={"code": translate_error(error)}), 422)
    return _private(_case(found, values={}, errors={}))


@bp.post("/case/facts")
@allow(PUBLIC)
@limiter.limit(LIMIT)
def add() -> Response:
    """Add facts to a case, and show it again."""
    try:
        found = _found()
    except WrongSecret as error:
        return _private(_ask(values=_code(), errors={"code": translate_error(error)}), 422)
    try:
        words = read_words(request.form, "facts", shortest=2)
        reports.add_facts(current_uow(), report=found, words=words)
    except InvalidInput as error:
        return _private(_case(found, values=request.form, errors=field_errors(error)), 422)
    except Conflict as error:
        return _private(_case(found, values=request.form, errors={"facts": translate_error(error)}), 422)
    return _private(_case(found, values={}, errors={}, added=True))


def _found() -> IncidentReport:
    """Return the case of the typed code and passphrase; tries are counted for each code, and no address is."""
    code = normal_reference(request.form.get("code", "")[:40])
    with separately() as counting:
        throttle.begin(counting, (TRIES, code))
    uow = current_uow()
    secret = request.form.get("secret", "")
    return report_of_sender(uow.session, reference=code, secret=secret, key=settings().field_key)


def _code() -> dict[str, str]:
    return {"code": request.form.get("code", "")[:40]}


def _form(*, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    days = reports.ANSWER_WITHIN.days
    return render_template("public/report/form.html", values=values, errors=errors, days=days, trap=TRAP)


def _ask(*, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template("public/report/ask.html", values=values, errors=errors)


def _receipt(reference: str, secret: str) -> Response:
    days = reports.ANSWER_WITHIN.days
    return _private(render_template("public/report/receipt.html", reference=reference, secret=secret, days=days))


def _case(found: IncidentReport, **context: Any) -> str:
    key = settings().field_key
    lines = [
        {"side": row.side, "at": row.at, "words": opened(row.words_sealed, key=key)}
        for row in words_of(current_uow().session, found.id)
    ]
    return render_template(
        "public/report/case.html", report=found, lines=lines, secret=request.form.get("secret", "")[:200], **context
    )


def _private(page: str, status: int = 200) -> Response:
    """Let no browser keep the page: others may use the same telephone."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

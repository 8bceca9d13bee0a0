"""The one map from the domain's errors to HTTP: a page for people, problem+json (RFC 9457) for programs."""

from collections.abc import Mapping
from urllib.parse import quote

from flask import Flask, g, jsonify, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from marketplace.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    TooManyRequests,
    TransitionRefused,
    Unavailable,
)
from marketplace.core.text import N_
from marketplace.http.access import EmailNotConfirmed, SecondFactorNeeded, SignInNeeded
from marketplace.http.languages import translate, translate_error

STATUS: Mapping[type[DomainError], int] = {
    NotFound: 404,
    Forbidden: 403,
    InvalidInput: 422,
    Conflict: 409,
    TooManyRequests: 429,
    Unavailable: 503,
    SignInNeeded: 401,
    EmailNotConfirmed: 403,
    SecondFactorNeeded: 403,
    DomainError: 409,
}
TITLES = {
    400: N_("We could not read what was sent"),
    401: N_("Sign in first"),
    403: N_("You may not do this"),
    404: N_("We could not find that"),
    405: N_("This does not work that way"),
    409: N_("This changed in the meantime"),
    412: N_("This changed in the meantime"),
    413: N_("The file is too large"),
    415: N_("We do not take this kind of content"),
    422: N_("There is a problem"),
    428: N_("Say which version you mean"),
    429: N_("Too many tries"),
    500: N_("Something broke on our side"),
    503: N_("Not available right now"),
}
PAGES = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(SignInNeeded, _to_sign_in)
    app.register_error_handler(SecondFactorNeeded, _to_second_factor)
    app.register_error_handler(EmailNotConfirmed, _to_confirmation)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(InternalServerError, _broken)


def status_of(error: DomainError) -> int:
    """Return the HTTP status of a domain error: that of its nearest class in the map."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def wants_json() -> bool:
    """Tell whether the caller is a program."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def problem(status: int, *, code: str, detail: str, **extra: object) -> Response:
    """Return an RFC 9457 problem."""
    title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    response = jsonify(type="about:blank", title=title, status=status, code=code, detail=detail, **extra)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def page(status: int, *, detail: str, **context: object) -> Response:
    """Return the error page of a status."""
    name = status if status in PAGES else (500 if status >= 500 else 400)
    title = translate(TITLES.get(status, TITLES[name]))
    body = render_template(
        f"errors/{name}.html", title=title, detail=detail, request_id=g.get("request_id", ""), **context
    )
    return Response(body, status=status, content_type="text/html; charset=utf-8")


def _refused(error: DomainError) -> Response:
    status, detail = status_of(error), translate_error(error)
    extra: dict[str, object] = dict(error.figures)
    if isinstance(error, InvalidInput):
        extra["errors"] = {name: translate_error(field) for name, field in error.fields.items()}
    if isinstance(error, TransitionRefused):
        extra |= {"state": error.state, "action": error.action, "allowed_actions": list(error.legal)}
    if wants_json():
        response = problem(status, code=error.code, detail=detail, **extra)
    else:
        response = page(status, detail=detail, **extra)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _to_sign_in(error: SignInNeeded) -> Response:
    if wants_json():
        return problem(401, code=error.code, detail=translate(N_("Send a valid bearer token.")))
    back = request.full_path.rstrip("?") if request.method == "GET" else (request.referrer or "/")
    return redirect(f"/account/sign-in?next={quote(_own_path(back))}", code=303)


def _to_second_factor(error: SecondFactorNeeded) -> Response:
    if wants_json():
        return problem(403, code=error.code, detail=translate(N_("This needs your second factor.")))
    viewer = g.get("viewer")
    where = "/account/second-factor" if viewer and viewer.has_second_factor else "/account/second-factor/new"
    back = request.full_path.rstrip("?") if request.method == "GET" else (request.referrer or "/")
    return redirect(f"{where}?next={quote(_own_path(back))}", code=303)


def _to_confirmation(error: EmailNotConfirmed) -> Response:
    if wants_json():
        return problem(403, code=error.code, detail=translate(N_("Confirm your e-mail address first.")))
    return redirect("/account/confirm", code=303)


def _own_path(address: str) -> str:
    """Keep only a path of ours from an address, so that no link leads away (open redirect)."""
    path = address.removeprefix(request.host_url.rstrip("/"))
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _form_expired(_error: CSRFError) -> Response:
    detail = translate(N_("Your form came without its safety mark. Go back, open the page again and send it again."))
    if wants_json():
        return problem(400, code="csrf", detail=detail)
    return page(400, detail=detail)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return Response(error.get_response().get_data(), status, error.get_response().headers)
    if wants_json():
        detail = translate(PROGRAM_DETAILS.get(status) or DETAILS.get(status, DETAILS[400]))
        response = problem(status, code=error.name.lower().replace(" ", "_"), detail=detail)
    else:
        response = page(status, detail=translate(DETAILS.get(status, DETAILS[400])))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


DETAILS = {
    400: N_("Something in the request was not readable. Go back and try again."),
    404: NotFound.message,
    405: N_("Open the page again and use its buttons."),
    413: N_("The file is larger than we accept. Your draft is safe. Choose a smaller photo and send it again."),
    429: TooManyRequests.message,
    500: N_("The fault is ours and was noted. Nothing you entered before was lost. Try again in a minute."),
    503: Unavailable.message,
}


# Programs press no buttons.
PROGRAM_DETAILS = {
    400: N_("Something in the request was not readable."),
    404: N_("There is nothing at this address, or not for this caller."),
    405: N_("This address does not take that method; the header Allow names those it takes."),
    413: N_("The body is larger than this address takes."),
}


def _database_away(error: OperationalError) -> Response:
    from flask import current_app

    current_app.logger.error("database not available", exc_info=error)
    response = _http_error_status(503)
    response.headers["Retry-After"] = "5"
    return response


def _not_storable(error: DataError) -> Response:
    """Blame the sender for the one character that no text of PostgreSQL can hold; any other value is our fault."""
    # psycopg refuses NUL itself; inside JSON the server does (untranslatable_character).
    if "cannot contain NUL" in str(error.orig) or getattr(error.orig, "sqlstate", None) == "22P05":
        return _http_error_status(400)
    from flask import current_app

    current_app.logger.error("a value the database refused", exc_info=error)
    return _http_error_status(500)


def _broken(_error: InternalServerError) -> Response:
    return _http_error_status(500)


def _http_error_status(status: int) -> Response:
    detail = translate(DETAILS[status])
    return problem(status, code="error", detail=detail) if wants_json() else page(status, detail=detail)

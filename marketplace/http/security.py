"""Headers on every answer, CSRF on every form, a request id on every line of the log."""

import re

from flask import Flask, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from config.logging import bind_request, forget_request
from config.settings import Settings
from marketplace.core.errors import NotFound
from marketplace.core.ids import new_id

csrf = CSRFProtect()
_REQUEST_ID = re.compile(r"[A-Za-z0-9\-]{8,64}\Z")


def init_security(app: Flask, settings: Settings) -> None:
    """Configure cookies and CSRF, and put the headers on."""
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-form" if secure else "form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a listing on a weak network may take hours
        WTF_CSRF_SSL_STRICT=secure,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=300,
    )
    csrf.init_app(app)
    app.before_request(_name_request)
    app.before_request(_refuse_what_no_row_can_hold)
    app.after_request(_Headers(secure=secure, pay_host=settings.stripe_api_base))


def _name_request() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.match(given) else str(new_id())
    forget_request()
    bind_request(request_id=g.request_id)


def _refuse_what_no_row_can_hold() -> None:
    """Refuse the character NUL in an address's path: PostgreSQL looks up no text with it, so nothing is there."""
    if "\x00" in request.path:
        raise NotFound


class _Headers:
    def __init__(self, *, secure: bool, pay_host: str | None) -> None:
        # Chromium applies form-action to the redirect a form leads to, so the payment page's host is named.
        pay = f" {pay_host}" if pay_host else " https://checkout.stripe.com"
        self._fixed = {
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
                f"form-action 'self'{pay}; frame-ancestors 'none'; base-uri 'none'"
            ),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if secure:
            self._fixed["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    def __call__(self, response: Response) -> Response:
        for name, value in self._fixed.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if g.get("viewer") is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = g.get("language", "en")
            response.vary.update(("Accept-Language", "Cookie"))
        return response

"""One line a request: what was asked by route, how it was answered, how long it took. No query, no personal data."""

import time

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

_log = structlog.get_logger("request")


def init_request_log(app: Flask) -> None:
    """Write the line after each answer."""
    app.before_request(_start)
    app.after_request(_write)


def _start() -> None:
    g.started = time.monotonic()


def _write(response: Response) -> Response:
    viewer = g.get("viewer")
    _log.info(
        "answered",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else "(none)",
        status=response.status_code,
        milliseconds=round((time.monotonic() - g.get("started", time.monotonic())) * 1000),
        actor=str(viewer.user_id) if viewer else None,
    )
    return response

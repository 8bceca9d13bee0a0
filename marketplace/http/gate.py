"""One wrapper around every view: unit of work, access, read-only GETs, commit or roll back."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Flask, g, make_response, request
from sqlalchemy import text
from werkzeug.wrappers import Response

from marketplace.core.actor import VISITOR
from marketplace.http import login
from marketplace.http.access import Rule, check, declared_rules
from marketplace.http.context import make_uow

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def guard_views(app: Flask, *, excused: Mapping[str, Rule]) -> None:
    """Wrap every registered view; call once, after the last blueprint."""
    rules = declared_rules(app, excused)
    app.extensions["access_rules"] = rules
    for endpoint, view in list(app.view_functions.items()):
        app.view_functions[endpoint] = _guarded(view, rules[endpoint])


def _guarded(view: Callable[..., Any], declared: Mapping[str, Rule] | Rule) -> Callable[..., Response]:
    @wraps(view)
    def call(*args: Any, **kwargs: Any) -> Response:
        rule = declared if isinstance(declared, Rule) else declared[_method()]
        viewer = login.load_viewer()
        uow = g.uow = make_uow(viewer.actor() if viewer else VISITOR)
        reading = request.method in READING
        try:
            if rule.token:
                viewer = None  # a cookie gives no right where a token is asked for
            else:
                check(rule, viewer, now=uow.now)
            if reading:
                uow.session.execute(text("SET TRANSACTION READ ONLY"))
            response = make_response(view(*args, **kwargs))
            if response.status_code >= 400:
                uow.rollback()
            elif reading:
                uow.end_reading()
            else:
                uow.commit()
        except BaseException:
            uow.rollback()
            raise
        return response

    return call


def _method() -> str:
    return "GET" if request.method == "HEAD" else request.method

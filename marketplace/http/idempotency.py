"""A form sent twice does its work once: same key and body, same answer; another body is refused."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import make_response, redirect, request
from sqlalchemy import text
from werkzeug.wrappers import Response

from marketplace.accounts.models import SentForm
from marketplace.core.errors import AlreadyDone, InvalidInput
from marketplace.core.text import N_
from marketplace.http.context import current_uow

FIELD = "idempotency_key"
HEADER = "Idempotency-Key"
IGNORED = frozenset({FIELD, "csrf_token"})


def once(view: Callable[..., Any]) -> Callable[..., Response]:
    """Make a POST safe to repeat: a double click, a reload, a lost answer on a weak network."""

    @wraps(view)
    def call(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER) or request.form.get(FIELD, "")
        if not 8 <= len(key) <= 100:
            raise InvalidInput({FIELD: N_("Open the form again, then send it.")})
        uow = current_uow()
        scope = f"{uow.actor.user_id}:{request.endpoint}:{request.path}"
        # Two copies of one form at the same moment wait for one another here, not at the money.
        uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": scope + key})
        earlier = uow.session.get(SentForm, (key, scope))
        if earlier is not None:
            return _replay(earlier)
        response = make_response(view(*args, **kwargs))
        if response.status_code < 400:
            _remember(key, scope, response)
        return response

    return call


def _replay(earlier: SentForm) -> Response:
    if earlier.body_digest != _body_digest():
        raise AlreadyDone
    if earlier.location is not None and earlier.answer is None:
        return redirect(earlier.location, code=303)
    response = make_response(earlier.answer or {}, earlier.status)
    if earlier.location is not None:
        response.headers["Location"] = earlier.location
    return response


def _remember(key: str, scope: str, response: Response) -> None:
    uow = current_uow()
    uow.session.add(
        SentForm(
            key=key,
            scope=scope,
            body_digest=_body_digest(),
            status=response.status_code,
            location=response.headers.get("Location"),
            answer=response.get_json(silent=True) if response.is_json else None,
            created_at=uow.now,
        )
    )


def _body_digest() -> str:
    if request.is_json:
        return hashlib.sha256(request.get_data(cache=True)).hexdigest()
    pairs = sorted((name, value) for name, value in request.form.items(multi=True) if name not in IGNORED)
    return hashlib.sha256(repr(pairs).encode()).hexdigest()

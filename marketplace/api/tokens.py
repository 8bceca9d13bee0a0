"""Bearer tokens: whom a request acts for. A cookie gives no right here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from flask import Flask, g, request

from marketplace.accounts.models import ApiToken
from marketplace.accounts.queries import actor_of_token
from marketplace.api.problems import ScopeMissing, TokenNeeded
from marketplace.core.actor import Actor
from marketplace.http.access import API_TOKEN, allow
from marketplace.http.context import current_uow, make_uow, separately

Scope = Literal["read", "write"]
View = TypeVar("View", bound=Callable[..., Any])
PREFIX: Final = "/api/"


@dataclass(frozen=True, slots=True)
class Bearer:
    """The token of this request as plain values, and the person it acts for."""

    token_id: UUID
    label: str
    scopes: tuple[str, ...]
    expires_at: datetime
    last_used_on: datetime | None
    actor: Actor


def init_tokens(app: Flask) -> None:
    """Read the token before anything else asks who is calling: limits are counted by token."""
    app.before_request_funcs.setdefault(None, []).insert(0, _identify)


def bearer(scope: Scope) -> Callable[[View], View]:
    """Let in the owner of a valid token with this scope; the unit of work then acts as that person."""

    def mark(view: View) -> View:
        @wraps(view)
        def call(*args: Any, **kwargs: Any) -> Any:
            found = current_bearer()
            if scope not in found.scopes:
                raise ScopeMissing(scope=scope)
            g.uow = current_uow().acting_as(found.actor)
            return view(*args, **kwargs)

        return allow(API_TOKEN)(call)  # type: ignore[return-value]

    return mark


def current_bearer() -> Bearer:
    """Return the token of this request; raises TokenNeeded."""
    found: Bearer | None = g.get("bearer")
    if found is None:
        raise TokenNeeded
    return found


def _identify() -> None:
    if not request.path.startswith(PREFIX):
        return
    g.viewer = None
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return
    g.token_was_sent = True
    uow = make_uow()
    row = actor_of_token(uow.session, text.strip(), uow.now)
    if row is not None:
        g.bearer = _bearer(*row)
        g.api_token_id = g.bearer.token_id
        _note_use(g.bearer, today=uow.now.date())


def _bearer(actor: Actor, token: ApiToken) -> Bearer:
    return Bearer(
        token_id=token.id,
        label=token.label,
        scopes=tuple(token.scopes),
        expires_at=token.expires_at,
        last_used_on=token.last_used_on,
        # A token passes no second factor, so it carries no duty of staff.
        actor=replace(actor, staff_roles=frozenset()),
    )


def _note_use(found: Bearer, *, today: date) -> None:
    """Note the first use of a day, apart from the request, so that reading stays read-only."""
    if found.last_used_on is not None and found.last_used_on.date() >= today:
        return
    with separately(found.actor) as uow:
        row = uow.session.get(ApiToken, found.token_id, with_for_update={"skip_locked": True})
        if row is not None:
            row.last_used_on = uow.now
            uow.record("api_token.use", row)

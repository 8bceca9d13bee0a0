"""The unit of work of the request at hand, and the few services a view may reach for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, g, has_request_context, request
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.accounts.queries import Viewer
from marketplace.core.actor import SYSTEM, VISITOR, Actor, RequestContext
from marketplace.core.clock import Clock
from marketplace.core.storage import FileStore
from marketplace.http.database import db
from marketplace.http.device import device_digest
from marketplace.payments.provider import PaymentProvider
from marketplace.unit_of_work import Enqueue, UnitOfWork, running


def settings() -> Settings:
    """Return the settings of the application."""
    return cast(Settings, current_app.extensions["settings"])


def clock() -> Clock:
    """Return the application's clock."""
    return cast(Clock, current_app.extensions["clock"])


def file_store() -> FileStore:
    """Return where photos and documents are kept."""
    return cast(FileStore, current_app.extensions["file_store"])


def payment_provider() -> PaymentProvider:
    """Return who takes payments: Stripe, or the sandbox that speaks like it."""
    return cast(PaymentProvider, current_app.extensions["payment_provider"])


def current_uow() -> UnitOfWork:
    """Return the unit of work of this request; the gate opened it and will end it."""
    return cast(UnitOfWork, g.uow)


def current_viewer() -> Viewer | None:
    """Return the signed-in person, or None."""
    return cast("Viewer | None", g.get("viewer"))


def make_uow(actor: Actor = SYSTEM, *, session: Session | None = None) -> UnitOfWork:
    """Make a unit of work on the application's session, for a request, a job or a command."""
    return UnitOfWork(
        session=session if session is not None else cast(Session, db.session()),
        actor=actor,
        context=request_context(),
        clock=clock(),
        enqueue=cast(Enqueue, current_app.extensions["enqueue"]),
        settings=settings(),
    )


@contextmanager
def separately(actor: Actor = VISITOR) -> Iterator[UnitOfWork]:
    """Run a block in a transaction of its own that stays even when the request is refused (a failed sign-in)."""
    session = cast(Session, db.session.session_factory())
    try:
        with running(lambda: make_uow(actor, session=session)) as uow:
            yield uow
    finally:
        session.close()


def request_context() -> RequestContext:
    """Return where the request at hand came from; empty outside a request."""
    if not has_request_context():
        return RequestContext()
    return RequestContext(
        request_id=g.get("request_id", ""),
        address=request.remote_addr or "",
        agent=(request.user_agent.string or "")[:200],
        device=device_digest(settings()),
    )

"""Flask-Login over server-side sessions of our own: a random cookie, a row in PostgreSQL, dead at sign-out."""

from datetime import timedelta
from typing import Any

from flask import Flask, Request, g, request
from flask_login import LoginManager
from werkzeug.wrappers import Response

from marketplace.accounts.models import SignInSession
from marketplace.accounts.queries import Viewer, viewer_of_session
from marketplace.core.crypto import digest
from marketplace.http.context import clock, make_uow, separately, settings
from marketplace.http.device import set_device_cookie

TOUCH_EVERY = timedelta(minutes=5)
login_manager = LoginManager()


def init_login(app: Flask) -> None:
    """Let Flask-Login find the viewer by our cookie only."""
    login_manager.init_app(app, add_context_processor=False)
    login_manager.session_protection = None
    login_manager.request_loader(_viewer_of_request)


def load_viewer() -> Viewer | None:
    """Return the signed-in person of this request, once; note now and then that she is still here."""
    if "viewer" not in g:
        g.viewer = _find()
        if g.viewer is not None and clock().now() - g.viewer.last_seen_at > TOUCH_EVERY:
            _touch(g.viewer)
    viewer: Viewer | None = g.viewer
    return viewer


def cookie_name() -> str:
    """Return `__Host-session` over https; plain http (the demonstration on one machine) cannot use the prefix."""
    return "__Host-session" if settings().base_url.startswith("https://") else "session_id"


def set_cookie(response: Response, token: str) -> None:
    """Hand the browser its session token, and the number by which its device is known."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=settings().session_hours * 3600,
        secure=settings().base_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    set_device_cookie(response, settings())


def drop_cookie(response: Response) -> None:
    """Take the session token from the browser."""
    response.delete_cookie(cookie_name(), path="/", secure=settings().base_url.startswith("https://"), httponly=True)


def _find() -> Viewer | None:
    token = request.cookies.get(cookie_name(), "")
    if not token or len(token) > 100:
        return None
    uow = make_uow()
    return viewer_of_session(uow.session, digest(token), now=uow.now)


def _touch(viewer: Viewer) -> None:
    with separately(viewer.actor()) as uow:
        row = uow.session.get(SignInSession, viewer.session_digest, with_for_update={"skip_locked": True})
        if row is not None:
            row.last_seen_at = uow.now


class _FlaskLoginUser:
    """What Flask-Login asks of a user, around our viewer."""

    is_active = True
    is_authenticated = True
    is_anonymous = False

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def get_id(self) -> str:
        """Return the id Flask-Login would put in its own cookie; ours does not use it."""
        return str(self.viewer.user_id)


def _viewer_of_request(_request: Request) -> Any:
    viewer = load_viewer()
    return _FlaskLoginUser(viewer) if viewer else None

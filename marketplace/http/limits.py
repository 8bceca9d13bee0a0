"""Rate limits: in memory by default, in Redis by a setting."""

from flask import Flask, g, request
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from config.settings import Settings
from marketplace.http.login import load_viewer


def caller() -> str:
    """Return what a limit counts: the API token, the signed-in person, or the address.

    Asked before the view's own wrapper looks who is there: people of one office or one network share an address, and
    one of them must not use up the limit of all.
    """
    token = g.get("api_token_id")
    if token:
        return f"token:{token}"
    viewer = load_viewer()
    return f"user:{viewer.user_id}" if viewer else f"address:{request.remote_addr}"


limiter = Limiter(key_func=caller, headers_enabled=True)


def init_limits(app: Flask, settings: Settings) -> None:
    """Bind the limiter; the common limit protects every view, views may name a tighter one."""
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_DEFAULT="1200 per minute",
        RATELIMIT_HEADERS_ENABLED=True,
    )
    # Answers pass the last one registered first: ours stands before the limiter's to have the last word.
    app.after_request(_keep_retry_for_refusals)
    limiter.init_app(app)


def _keep_retry_for_refusals(response: Response) -> Response:
    """Take the limiter's Retry-After off answers that ask nobody to come back later."""
    if response.status_code not in (429, 503):
        response.headers.pop("Retry-After", None)
    return response

"""Rate limits: in memory by default, in Redis by a setting."""

from flask import Flask, g, request
from flask_limiter import Limiter

from config.settings import Settings


def caller() -> str:
    """Return what a limit counts: the API token, the signed-in person, or the address."""
    token = g.get("api_token_id")
    viewer = g.get("viewer")
    if token:
        return f"token:{token}"
    return f"user:{viewer.user_id}" if viewer else f"address:{request.remote_addr}"


limiter = Limiter(key_func=caller, headers_enabled=True)


def init_limits(app: Flask, settings: Settings) -> None:
    """Bind the limiter; the common limit protects every view, views may name a tighter one."""
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_DEFAULT="1200 per minute",
        RATELIMIT_HEADERS_ENABLED=True,
    )
    limiter.init_app(app)

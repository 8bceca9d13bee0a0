"""Build the sandbox as a small web application."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask import Flask, Response, jsonify

from marketplace.sandbox import api, checkout, connect_api, control, happenings, onboarding, pages
from marketplace.sandbox.store import Store
from marketplace.sandbox.webhooks import Endpoint, Sender

_LARGEST_REQUEST_BYTES: Final = 256 * 1024
_EXPIRY_CHECK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Everything the sandbox is told at its start."""

    state: Path
    secret_key: str
    endpoint: Endpoint | None
    public_url: str | None = None


def create_sandbox(settings: SandboxSettings) -> Flask:
    """Return the application over its state file."""
    app = Flask("marketplace.sandbox", static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST_BYTES
    app.config["SANDBOX_SECRET_KEY"] = settings.secret_key
    app.config["SANDBOX_PUBLIC_URL"] = settings.public_url
    app.extensions["sandbox.store"] = Store(settings.state)
    for module in (api, connect_api, pages, onboarding, control, happenings):
        app.register_blueprint(module.bp)
    app.add_url_rule("/healthz", view_func=healthy)
    app.register_error_handler(404, unknown_address)
    return app


def start_background(app: Flask, settings: SandboxSettings) -> None:
    """Start sending events and letting sessions expire; both threads end with the process."""
    store: Store = app.extensions["sandbox.store"]
    if settings.endpoint is not None:
        Sender(store, settings.endpoint).start()
    threading.Thread(target=_expire_for_ever, args=(store,), name="expiry", daemon=True).start()


def _expire_for_ever(store: Store) -> None:
    pause = threading.Event()
    while not pause.wait(_EXPIRY_CHECK_SECONDS):
        with store.transaction() as tx:
            checkout.expire_due(tx)


def healthy() -> Response:
    """Say that the sandbox answers."""
    return jsonify(status="ok")


def unknown_address(_error: Exception) -> tuple[Response, int]:
    """Answer an unknown address as Stripe does."""
    message = "Unrecognized request URL. This sandbox speaks only the part of Stripe's API that the marketplace uses."
    return jsonify(error={"type": "invalid_request_error", "message": message}), 404

"""Build the application."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from config.logging import configure_logging
from config.settings import Settings
from marketplace import tables
from marketplace.api import init_api
from marketplace.cli import init_commands
from marketplace.core.clock import Clock, SystemClock
from marketplace.core.storage import LocalStore
from marketplace.http import health, metrics
from marketplace.http.access import PUBLIC, Rule
from marketplace.http.database import db, init_database
from marketplace.http.errors import init_errors
from marketplace.http.gate import guard_views
from marketplace.http.languages import init_languages
from marketplace.http.limits import init_limits
from marketplace.http.login import init_login
from marketplace.http.request_log import init_request_log
from marketplace.http.security import init_security
from marketplace.jobs import app as jobs
from marketplace.web import init_web
from marketplace.web.frame import STATIC
from marketplace.webhooks import init_webhooks

MIGRATIONS = Path(__file__).parent.parent / "migrations"
# Views of libraries that cannot carry our mark.
EXCUSED: Mapping[str, Rule] = {"api-docs.openapi_json": PUBLIC}
YEAR = 31_536_000


def create_app(settings: Settings, *, clock: Clock | None = None) -> Flask:
    """Build the application from its settings; raise when a view declares no access."""
    configure_logging(settings)
    app = Flask(__name__, static_folder=None, template_folder="web/templates", root_path=str(Path(__file__).parent))
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock or SystemClock(timedelta(seconds=settings.clock_offset_seconds))
    app.extensions["file_store"] = LocalStore(settings.files_dir)
    app.extensions["enqueue"] = jobs.enqueue
    init_database(app, settings.database_url)
    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True)
    init_security(app, settings)
    init_request_log(app)
    init_login(app)
    init_languages(app)
    init_limits(app, settings)
    init_errors(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(metrics.bp)
    init_web(app)
    init_webhooks(app)
    init_api(app)
    jobs.bind(app)
    init_commands(app)
    guard_views(app, excused=EXCUSED)
    _serve_static(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _serve_static(app: Flask) -> None:
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(STATIC), prefix="static/", max_age=YEAR, allow_all_origins=False
    )


__all__ = ["create_app", "tables"]

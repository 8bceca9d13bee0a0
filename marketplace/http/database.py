"""Flask-SQLAlchemy around our own metadata; every connection works in the application's restricted role."""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event

from marketplace.core.db import Base

APPLICATION_ROLE = "marketplace_app"
# Only a login that may take the role takes it; elsewhere the triggers alone refuse.
TAKE_ROLE = f"""
    SELECT set_config('role', rolname, false) FROM pg_roles
    WHERE rolname = '{APPLICATION_ROLE}' AND pg_has_role(session_user, oid, 'MEMBER')
"""  # noqa: S608 - a constant, not input

db = SQLAlchemy(
    metadata=Base.metadata,
    add_models_to_shell=False,
    # Inside a test's outer transaction our commits become savepoints; elsewhere this changes nothing.
    session_options={"join_transaction_mode": "create_savepoint"},
)


def init_database(app: Flask, url: str) -> None:
    """Configure the engine: pooled, checked before use, with limits on waiting."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_pre_ping": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": 5,
        "connect_args": {
            "connect_timeout": 2,
            "options": "-c lock_timeout=5s -c statement_timeout=20s -c timezone=UTC",
        },
    }
    db.init_app(app)
    with app.app_context():
        take_application_role(db.engine)


def take_application_role(engine: Engine) -> None:
    """Make each new connection of `engine` work in the restricted role where it exists."""

    @event.listens_for(engine, "connect")
    def _take(connection: Any, _record: object) -> None:
        before = connection.autocommit
        connection.autocommit = True
        try:
            connection.execute(TAKE_ROLE)
        finally:
            connection.autocommit = before

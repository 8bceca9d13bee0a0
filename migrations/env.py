"""Run migrations with the application's own engine and metadata, as the login role (not the restricted one)."""

from logging import getLogger

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, text

from marketplace.tables import metadata

log = getLogger("alembic.env")
# Tables of the job queue are its own; its schema is applied as one piece.
FOREIGN_PREFIX = "procrastinate_"


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Compare only our own tables with the models."""
    return not (kind == "table" and (name or "").startswith(FOREIGN_PREFIX))


def run() -> None:
    """Migrate over one connection, each migration in its own transaction."""
    engine = create_engine(current_app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_name=include_name,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()

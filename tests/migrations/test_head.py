"""The migrations make exactly what the models say, and can be taken back and applied again."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from marketplace.tables import metadata
from tests import databases

FOREIGN_PREFIX = "procrastinate_"


def _include(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith(FOREIGN_PREFIX))


def test_the_models_match_the_head() -> None:
    with databases.copy("head") as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            options = {"compare_type": True, "include_name": _include}
            differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        engine.dispose()
    assert differences == []


def test_up_down_up_leaves_the_same_tables() -> None:
    with databases.copy("updown") as url:
        engine = create_engine(url)
        before = set(inspect(engine).get_table_names())
        engine.dispose()
        databases.migrate(url, "downgrade", "base")
        assert set(inspect(engine).get_table_names()) == {"alembic_version"}
        engine.dispose()
        databases.migrate(url, "upgrade")
        assert set(inspect(engine).get_table_names()) == before
        engine.dispose()


def test_every_migration_has_a_number_and_a_way_back() -> None:
    folder = Path(__file__).parents[2] / "migrations" / "versions"
    for number, path in enumerate(sorted(folder.glob("*.py")), start=1):
        assert path.name.startswith(f"{number:04d}_")
        assert "def downgrade" in path.read_text(encoding="utf-8")

"""The database between two seeds: every table back to what it held after the world was built.

Measured: a reset by deleting and copying back takes milliseconds; a copy of the template database a hundred times that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row

from tests import databases

# Between two clean-ups of what deleting leaves behind (these test servers do not clean up by themselves).
SEEDS_BETWEEN_VACUUMS = 25


@dataclass
class Database:
    """A look at the tables from outside the program, and the way back to the beginning."""

    url: str
    connection: psycopg.Connection[Any] = field(init=False)
    ways_back: dict[str, str] = field(default_factory=dict)
    resets: int = 0

    def __post_init__(self) -> None:
        # The embedded server's owner is no superuser, and only one may switch the guarding triggers off.
        address = databases.as_superuser(self.url)
        self.connection = psycopg.connect(address, autocommit=True, row_factory=namedtuple_row)

    def rows(self, query: str, *arguments: object) -> Sequence[Any]:
        """Return the rows of a query."""
        return self.connection.execute(query, arguments or None).fetchall()

    def value(self, query: str, *arguments: object) -> Any:
        """Return the only value of a query."""
        return self.rows(query, *arguments)[0][0]

    def run(self, query: str, *arguments: object) -> None:
        """Run a statement."""
        self.connection.execute(query, arguments or None)

    def keep(self, name: str) -> None:
        """Remember under a name what every table holds now."""
        self.run(f"CREATE SCHEMA {name}")
        tables = self.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        statements = ["BEGIN", "SET LOCAL session_replication_role = replica"]
        for table in [row.name for row in tables]:
            if self.value(f'SELECT EXISTS (SELECT FROM public."{table}")'):
                self.run(f'CREATE TABLE {name}."{table}" AS TABLE public."{table}"')
                statements += self._back(name, table)
            else:
                statements.append(f'DELETE FROM public."{table}"')
        self.ways_back[name] = ";".join([*statements, *self._sequences(), "COMMIT"])

    def restore(self, name: str) -> None:
        """Make every table what it was."""
        self.resets += 1
        self.run(self.ways_back[name])
        if self.resets % SEEDS_BETWEEN_VACUUMS == 0:
            self.run("VACUUM")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _back(self, name: str, table: str) -> list[str]:
        """Return how a table becomes what it was: its rows of later are removed, those that changed are rewritten."""
        keys = [row.name for row in self.rows(
            "SELECT a.attname AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum ="
            " ANY(i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary", f'public."{table}"')]  # fmt: skip
        same = " AND ".join(f'k."{key}" = t."{key}"' for key in keys)
        # A row equal in every column may stay: most of the world never changes.
        # Generated columns are computed again; what is kept of them is left out.
        columns = ", ".join(f'"{row.name}"' for row in self.rows(
            "SELECT attname AS name FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = ''", f'public."{table}"'))  # fmt: skip
        unchanged = f'SELECT FROM {name}."{table}" k WHERE {same} AND k IS NOT DISTINCT FROM t'
        missing = f'SELECT FROM public."{table}" t WHERE {same}'
        return [
            f'DELETE FROM public."{table}" t WHERE NOT EXISTS ({unchanged})',
            f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE'
            f' SELECT {columns} FROM {name}."{table}" k WHERE NOT EXISTS ({missing})',
        ]

    def _sequences(self) -> list[str]:
        found = self.rows(
            "SELECT schemaname || '.' || sequencename AS name, last_value, start_value FROM pg_sequences"
            " WHERE schemaname = 'public' ORDER BY sequencename"
        )
        return [
            sql.SQL("SELECT setval({}, {}, {})")
            .format(row.name, row.last_value or row.start_value, row.last_value is not None)
            .as_string(None)
            for row in found
        ]

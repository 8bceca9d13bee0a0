"""Many lots and buyers at once: copies of the rows of one that the services made, under ids that a number gives."""

from typing import Final, NamedTuple
from uuid import UUID

import psycopg

# Ids begin like this; what follows is the copy's number in twelve hexadecimal digits.
LOT: Final = "10000000-0000-7000-8000-"
VERSION: Final = "20000000-0000-7000-8000-"
PERSON: Final = "30000000-0000-7000-8000-"
BUYER: Final = "40000000-0000-7000-8000-"

_COPY: Final = """
    INSERT INTO {table} ({columns}) SELECT {copied} FROM {table} AS one, generate_series(0, %(count)s - 1) AS n,
    jsonb_populate_record(one, jsonb_build_object({changes})) AS two WHERE one.{key} = %(id)s
"""
_COLUMNS: Final = """
    SELECT column_name FROM information_schema.columns
    WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_NUMBER: Final = "lpad(to_hex(n), 12, '0')"
_REFERENCE: Final = "'reference', 'TZ-' || lpad(n::text, 8, '0')"
_PUBLISH: Final = """
    UPDATE lot SET state = 'published', published_version_id = ('{version}' || right(id::text, 12))::uuid
    WHERE id::text LIKE '{lot}%'
"""


def copy_lots(url: str, *, lot_id: UUID, version_id: UUID, count: int) -> None:
    """Put copies of a published lot on sale, numbered from 0."""
    draft = (
        f"'id', '{LOT}' || {_NUMBER}, {_REFERENCE}, 'state', 'draft', 'published_version_id', NULL, 'tag_number', NULL"
    )
    version = f"'id', '{VERSION}' || {_NUMBER}, 'lot_id', '{LOT}' || {_NUMBER}"
    listing = f"'lot_id', '{LOT}' || {_NUMBER}, 'version_id', '{VERSION}' || {_NUMBER}, {_REFERENCE}"
    with psycopg.connect(_plain(url)) as connection:
        _Copier(connection, "lot").make(lot_id, count=count, changes=draft)
        _Copier(connection, "lot_version").make(version_id, count=count, changes=version)
        # Copies have no case of their own: the rule that only what was approved is published looks away once.
        connection.execute("ALTER TABLE lot DISABLE TRIGGER published_is_approved")
        connection.execute(_PUBLISH.format(version=VERSION, lot=LOT).encode())
        connection.execute("ALTER TABLE lot ENABLE TRIGGER published_is_approved")
        _Copier(connection, "lot_listing", "lot_id").make(lot_id, count=count, changes=listing)


def copy_buyers(url: str, *, user_id: UUID, buyer_id: UUID, count: int) -> None:
    """Make copies of a buyer, numbered from 0, each with an address of her own."""
    person = f"'id', '{PERSON}' || {_NUMBER}, 'email', 'bob' || n || '@example.org'"
    buyer = f"'id', '{BUYER}' || {_NUMBER}, 'user_id', '{PERSON}' || {_NUMBER}"
    with psycopg.connect(_plain(url)) as connection:
        _Copier(connection, "user_account").make(user_id, count=count, changes=person)
        _Copier(connection, "buyer").make(buyer_id, count=count, changes=buyer)


def copied(beginning: str, number: int) -> UUID:
    """Return the id of a copy."""
    return UUID(f"{beginning}{number:012x}")


def reference_of(number: int) -> str:
    """Return the reference of a copied lot."""
    return f"TZ-{number:08d}"


class _Copier(NamedTuple):
    """Copies rows of one table: `key` names the row to copy."""

    connection: psycopg.Connection[tuple[object, ...]]
    table: str
    key: str = "id"

    def make(self, source: UUID, *, count: int, changes: str) -> None:
        """Insert so many copies with the changes given as arguments of jsonb_build_object, `n` being their number."""
        names = [str(name) for (name,) in self.connection.execute(_COLUMNS, (self.table,))]
        copied_columns = ", ".join(f"two.{name}" for name in names)
        query = _COPY.format(
            table=self.table, key=self.key, changes=changes, columns=", ".join(names), copied=copied_columns
        )
        self.connection.execute(query.encode(), {"count": count, "id": source})


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)

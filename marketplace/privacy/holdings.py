"""What a table holds about a person: which rows are hers, which columns she gets, which she does not and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from marketplace.core.db import Base


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose data is meant: the account, its address, and the buying company when there is one."""

    user_id: UUID
    email: str
    buyer_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Rows of one table that belong to a person. `shown` and `withheld` together name every column."""

    table: type[Base]
    title: str
    whose: Callable[[Owner], ColumnElement[bool]]
    shown: str
    withheld: Mapping[str, str] = field(default_factory=dict)
    cleaned: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the table, which names the files too."""
        return str(self.table.__tablename__)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns she gets, in order."""
        return tuple(self.shown.split())

"""Which records a report is about, and how many of each kind are read at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.monitoring.periods import Period

MOST_RECORDS: Final = 50_000
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asked for: a period, and perhaps one country, one cooperative, one kind of goods."""

    period: Period
    country: str | None = None
    cooperative_id: UUID | None = None
    mineral: str | None = None

    @property
    def since(self) -> datetime:
        """Return the first moment of the period."""
        return midnight(self.period.since)

    @property
    def before(self) -> datetime:
        """Return the first moment after the period."""
        return midnight(self.period.until + timedelta(days=1))

    def of_place(self) -> list[ColumnElement[bool]]:
        """Return the conditions of place, for a query that joins the cooperative."""
        found: list[ColumnElement[bool]] = []
        if self.country is not None:
            found.append(Cooperative.country == self.country)
        if self.cooperative_id is not None:
            found.append(Cooperative.id == self.cooperative_id)
        return found

    def of_goods(self, column: Any) -> list[ColumnElement[bool]]:
        """Return the condition of goods on a column that holds gold or gem."""
        return [] if self.mineral is None else [column == self.mineral]

    def within(self, column: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Return the conditions that a moment lies in the period."""
        return column >= self.since, column < self.before


class Gathered(NamedTuple):
    """Rows, and whether there are more than were read."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    is_cut: bool


def bounded(session: Session, query: Select[*tuple[Any, ...]]) -> Gathered:
    """Return the first MOST_RECORDS rows of a query that puts the newest first."""
    rows = session.execute(query.limit(MOST_RECORDS + 1)).all()
    return Gathered(rows[:MOST_RECORDS], len(rows) > MOST_RECORDS)


def midnight(day: date) -> datetime:
    """Return the first moment of a day in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def hours(since: datetime, until: datetime) -> Fraction:
    """Return exact hours between two moments."""
    gone = until - since
    return Fraction(gone.days * 86_400 * 10**6 + gone.seconds * 10**6 + gone.microseconds, _HOUR * 10**6)

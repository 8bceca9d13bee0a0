"""Reads of tags: ranges, what became of each number, how many are left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.errors import NotFound
from marketplace.custody.models import Tag, TagRange
from marketplace.custody.rules.tags import Issued, spelled
from marketplace.lots.models import Lot

PAGE: Final = 25
TAGS_PAGE: Final = 50


class RangeRow(NamedTuple):
    """A range in a list: whose it is and how many tags left the stock in each way."""

    range: TagRange
    cooperative: Cooperative
    used: int
    void: int
    lost: int

    @property
    def size(self) -> int:
        """Return how many tags were issued."""
        return self.range.last - self.range.first + 1

    @property
    def left(self) -> int:
        """Return how many are still in the cooperative's hands."""
        return self.size - self.used - self.void - self.lost

    @property
    def first(self) -> str:
        """Return the first number as printed."""
        return spelled(self.range.prefix, self.range.width, self.range.first)

    @property
    def last(self) -> str:
        """Return the last number as printed."""
        return spelled(self.range.prefix, self.range.width, self.range.last)


class TagRow(NamedTuple):
    """A tag that left the stock, and the reference of the lot whose bag it is on."""

    tag: Tag
    lot_reference: str | None


def tag_by_number(session: Session, number: str) -> Tag | None:
    """Return the tag that left the stock under this number, None while it is still in it or unknown."""
    return session.scalar(select(Tag).where(Tag.number == number))


def ranges_near(session: Session, wanted: Issued | str) -> Sequence[TagRange]:
    """Return every range that could hold a number, or meet a range: those whose numbers are as long."""
    length = len(wanted) if isinstance(wanted, str) else len(wanted.prefix) + wanted.width
    return session.scalars(
        select(TagRange)
        .where(func.length(TagRange.prefix) + TagRange.width == length)
        .where(_begins_alike(wanted))
        .order_by(TagRange.first)
    ).all()


def page_of_ranges(
    session: Session, *, cooperative_id: UUID | None = None, after: tuple[datetime, UUID] | None = None
) -> list[RangeRow]:
    """Return one page of ranges, newest first, and one more if another follows."""
    query = select(TagRange, Cooperative).join(Cooperative, Cooperative.id == TagRange.cooperative_id)
    if cooperative_id is not None:
        query = query.where(TagRange.cooperative_id == cooperative_id)
    if after is not None:
        query = query.where(tuple_(TagRange.issued_at, TagRange.id) < after)
    rows = session.execute(query.order_by(TagRange.issued_at.desc(), TagRange.id.desc()).limit(PAGE + 1)).all()
    counts = _counts(session, [row.id for row, _ in rows])
    return [RangeRow(row, owner, *(counts.get((row.id, state), 0) for state in ("used", "void", "lost")))
            for row, owner in rows]  # fmt: skip


def approved_cooperatives(session: Session) -> list[tuple[str, str]]:
    """Return reference and name of the cooperatives that may get tags, by name; at most a thousand."""
    rows = session.execute(
        select(Cooperative.reference, Cooperative.legal_name)
        .where(Cooperative.state == "approved")
        .order_by(Cooperative.legal_name)
        .limit(1000)
    )
    return [(reference, name) for reference, name in rows]


def range_by_id(session: Session, range_id: UUID) -> RangeRow:
    """Return one range with its counts, or raise NotFound."""
    found = session.get(TagRange, range_id)
    if found is None:
        raise NotFound
    counts = _counts(session, [found.id])
    owner = session.get_one(Cooperative, found.cooperative_id)
    return RangeRow(found, owner, *(counts.get((found.id, state), 0) for state in ("used", "void", "lost")))


def tags_of_range(session: Session, range_id: UUID, *, after: str = "") -> list[TagRow]:
    """Return one page of the tags of a range that left the stock, by number, and one more if another follows."""
    rows = session.execute(
        select(Tag, Lot.reference)
        .outerjoin(Lot, Lot.id == Tag.lot_id)
        .where(Tag.range_id == range_id, Tag.number > after)
        .order_by(Tag.number)
        .limit(TAGS_PAGE + 1)
    )
    return [TagRow(tag, reference) for tag, reference in rows]


def _begins_alike(wanted: Issued | str) -> ColumnElement[bool]:
    text = wanted if isinstance(wanted, str) else wanted.prefix
    letters = text.rstrip("0123456789")
    return TagRange.prefix.startswith(letters, autoescape=True)


def _counts(session: Session, ids: Sequence[UUID]) -> dict[tuple[UUID | None, str], int]:
    if not ids:
        return {}
    rows = session.execute(
        select(Tag.range_id, Tag.state, func.count()).where(Tag.range_id.in_(ids)).group_by(Tag.range_id, Tag.state)
    )
    return {(range_id, state): number for range_id, state, number in rows}

"""What staff look for in the audit log: filters, the negation of each, and the conditions they become."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, not_, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.audit.models import AuditEvent, AuditSearch, AuditTarget

# More names than these fit one part of a name: it is compared with every entry instead.
MOST_NAMES: Final = 200
NEGATABLE: Final = ("actor", "action", "target", "outcome", "address", "request", "text", "dates")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; an empty part does not narrow.

    `action` is a whole action, or the beginning of one that ends in a point (`order.`). `target` is a type, or
    `type:id`. `text` are words of the details. `without` names the parts that are turned round.
    """

    actor: str = ""
    action: str = ""
    target: str = ""
    outcome: str = ""
    address: str = ""
    request: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    without: frozenset[str] = frozenset()


def narrow(
    found: Select[AuditEvent, AuditSearch],
    session: Session,
    wanted: AuditFilter,
    *,
    veil: Select[int] | None = None,
) -> Select[AuditEvent, AuditSearch]:
    """Add the conditions of a filter to a query over events and their search rows.

    Events in `veil` are left out where words of the details are asked for: being found would tell what they say.
    """
    if wanted.text and veil is not None:
        found = found.where(AuditEvent.seq.not_in(veil))
    for name, condition in _conditions(session, wanted):
        found = found.where(not_(func.coalesce(condition, False)) if name in wanted.without else condition)
    if has_dates(wanted):
        found = found.where(_outside(wanted) if "dates" in wanted.without else _inside(wanted))
    return found


def has_dates(wanted: AuditFilter) -> bool:
    """Tell whether days narrow the list: then it goes by the time of the change, which an index knows."""
    return wanted.since is not None or wanted.until is not None


def words_of(details: Any) -> ColumnElement[Any]:
    """Return the words of the details as the index has them: the same expression, or it is not used."""
    kinds: ColumnElement[Any] = literal_column("""'["string", "numeric", "boolean"]'::jsonb""")
    return func.jsonb_to_tsvector(literal_column("'simple'::regconfig"), details, kinds)


def _conditions(session: Session, wanted: AuditFilter) -> Iterator[tuple[str, ColumnElement[bool]]]:
    for name, condition in _SIMPLE.items():
        value = getattr(wanted, name)
        if value:
            yield name, condition(value)
    if wanted.actor:
        yield "actor", _actor(session, wanted.actor)


def _action(value: str) -> ColumnElement[bool]:
    if value.endswith("."):
        return AuditEvent.action.startswith(value, autoescape=True)
    return AuditEvent.action == value


def _target(value: str) -> ColumnElement[bool]:
    kind, _, key = value.partition(":")
    about = select(AuditTarget.seq).where(AuditTarget.type == kind)
    return AuditEvent.seq.in_(about.where(AuditTarget.id == key) if key else about)


def _text(value: str) -> ColumnElement[bool]:
    query = func.websearch_to_tsquery(literal_column("'simple'::regconfig"), value)
    return words_of(AuditSearch.details).op("@@")(query)


_SIMPLE: Final[Mapping[str, Callable[[str], ColumnElement[bool]]]] = {
    "action": _action,
    "target": _target,
    "outcome": lambda value: AuditEvent.outcome == value,
    "address": lambda value: AuditSearch.address == value,
    "request": lambda value: AuditSearch.request_id == value,
    "text": _text,
}


def _inside(wanted: AuditFilter) -> ColumnElement[bool]:
    begins, ends = _bounds(wanted)
    return and_(*([AuditEvent.at >= begins] if begins else []), *([AuditEvent.at < ends] if ends else []))


def _outside(wanted: AuditFilter) -> ColumnElement[bool]:
    """Turn the days round without a NOT, which no index could follow."""
    begins, ends = _bounds(wanted)
    return or_(*([AuditEvent.at < begins] if begins else []), *([AuditEvent.at >= ends] if ends else []))


def _bounds(wanted: AuditFilter) -> tuple[datetime | None, datetime | None]:
    begins = datetime.combine(wanted.since, time.min, UTC) if wanted.since else None
    ends = datetime.combine(wanted.until + timedelta(days=1), time.min, UTC) if wanted.until else None
    return begins, ends


def _actor(session: Session, part: str) -> ColumnElement[bool]:
    """Find the names first, each once: a few hundred people make a million entries."""
    names = session.scalars(_names(part)).all()
    if len(names) > MOST_NAMES:
        return AuditSearch.actor_name.icontains(part, autoescape=True)
    return AuditSearch.actor_name.in_(names)


def _names(part: str) -> Select[Any]:
    """Jump from name to name along the index (a loose index scan, wiki.postgresql.org/wiki/Loose_indexscan)."""
    first = select(func.min(AuditSearch.actor_name).label("name")).cte("actor_names", recursive=True)
    row = aliased(AuditSearch)
    step = select(func.min(row.actor_name)).where(row.actor_name > first.c.name).scalar_subquery()
    names = first.union_all(select(step).where(first.c.name.is_not(None)))
    return select(names.c.name).where(names.c.name.icontains(part, autoescape=True)).limit(MOST_NAMES + 1)

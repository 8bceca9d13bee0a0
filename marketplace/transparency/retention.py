"""Erase by themselves the disclosures whose time is over. The entries stay, and so does every proof.

An entry of a class that counts from "quiet" waits until nothing happened for the whole period to any of what it is
about, and the person who acted did nothing at all: then the business relation is over. Entries that were erased before
are looked at again each night, in one pass along the index of the entries, and changed no more.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from config.retention import Retention, RetentionPeriod
from marketplace.audit import queries
from marketplace.audit.registry import COMMON, KINDS
from marketplace.audit.registry import Retention as Kept
from marketplace.transparency.models import RetentionErasure
from marketplace.transparency.retention_classes import TRACES, RetentionClass, class_of
from marketplace.unit_of_work import UnitOfWork, running

ACTION: Final = "privacy.erase"
BATCH: Final = 500
# A night erases at most so much of one class; what is left waits for the next one.
MOST_BATCHES: Final = 200
# Of evidence only who did it, from where, and what people wrote is forgotten; of anything else every fact but what kind
# of actor it was.
_FORGOTTEN: Final = """(item.name = ANY(:names)
    OR (NOT :only_names AND event.action || ' ' || item.name = ANY(:words))
    OR (NOT :only_names AND event.action <> ALL(:evidence) AND item.name <> 'actor_kind'))"""
_DUE: Final = """
SELECT event.seq FROM audit_event AS event
WHERE event.seq > :after AND event.at < :before AND event.action = ANY(:actions)
AND EXISTS (SELECT 1 FROM audit_disclosure AS item WHERE item.seq = event.seq AND item.encoded IS NOT NULL
            AND FORGOTTEN)
AND (NOT :from_quiet OR NOT (
    EXISTS (SELECT 1 FROM audit_target AS mine CROSS JOIN LATERAL (
                SELECT other.seq FROM audit_target AS other WHERE (other.type, other.id) = (mine.type, mine.id)
                ORDER BY other.seq DESC LIMIT 1) AS newest
            JOIN audit_event AS later ON later.seq = newest.seq AND later.at >= :before
            WHERE mine.seq = event.seq)
    OR EXISTS (SELECT 1 FROM audit_search AS mine CROSS JOIN LATERAL (
                   SELECT other.seq FROM audit_search AS other WHERE other.actor_id = mine.actor_id
                   ORDER BY other.seq DESC LIMIT 1) AS newest
               JOIN audit_event AS later ON later.seq = newest.seq AND later.at >= :before
               WHERE mine.seq = event.seq)))
ORDER BY event.seq
""".replace("FORGOTTEN", _FORGOTTEN)
_ERASE: Final = text(f"""
UPDATE audit_disclosure AS item SET encoded = NULL FROM audit_event AS event
WHERE event.seq = item.seq AND item.seq = ANY(:entries) AND item.encoded IS NOT NULL AND {_FORGOTTEN}
""")  # noqa: S608 - the text is our own
_FORGET_TRACES: Final = text("UPDATE audit_search SET address = '', request_id = '' WHERE seq = ANY(:entries)")
_FORGET: Final = text("""
UPDATE audit_search AS line SET actor_id = NULL, actor_name = '', address = '', request_id = '',
    details = CASE WHEN event.action = ANY(:evidence) THEN line.details - ARRAY(
        SELECT split_part(each, ' ', 2) FROM unnest(CAST(:words AS text[])) AS each
        WHERE split_part(each, ' ', 1) = event.action) ELSE '{}' END
FROM audit_event AS event WHERE event.seq = line.seq AND line.seq = ANY(:entries)
""")


class Due(NamedTuple):
    """How many entries and disclosures of a class are due, or were erased: those from before a moment."""

    retention_class: RetentionClass
    before: datetime
    entries: int
    disclosures: int


def due(session: Session, retention: Retention, *, now: datetime) -> list[Due]:
    """Return for every class what the next nights would erase, without erasing."""
    known = queries.actions(session)
    return [_count(session, period, known, now=now) for period in retention.periods]


def unplaced(session: Session) -> list[str]:
    """Return the actions in the log that belong to no class; they are never erased by themselves."""
    return [action for action in queries.actions(session) if class_of(action) is None]


def retain(make_uow: Callable[[], UnitOfWork], *, batch: int = BATCH, most_batches: int = MOST_BATCHES) -> list[Due]:
    """Erase what is due, a transaction and an entry of the log a batch; return what was done."""
    with running(make_uow, read_only=True) as uow:
        periods, known = uow.settings.retention_file.periods, queries.actions(uow.session)
    done = []
    for period in periods:
        after = 0
        for _ in range(most_batches):
            with running(make_uow) as uow:
                entries = _due(uow.session, period, known, now=uow.now, after=after, most=batch)
                if entries:
                    done.append(_erase(uow, period, entries))
            if len(entries) < batch:
                break
            after = entries[-1]
    return done


def _erase(uow: UnitOfWork, period: RetentionPeriod, entries: Sequence[int]) -> Due:
    named = {"entries": list(entries), **_facts(period)}
    erased = uow.session.execute(_ERASE, named).rowcount  # type: ignore[attr-defined]
    if period.name == RetentionClass.TRACE:
        uow.session.execute(_FORGET_TRACES, {"entries": list(entries)})
    else:
        uow.session.execute(_FORGET, {"entries": list(entries), "evidence": named["evidence"], "words": named["words"]})
    row = RetentionErasure(
        retention_class=period.name,
        before=uow.now - period.length,
        entries=len(entries),
        disclosures=erased,
        erased_at=uow.now,
    )
    uow.session.add(row)
    told = {"class": period.name, "entries": str(row.entries), "disclosures": str(erased)}
    uow.record(ACTION, row, hashes=told, reason=period.reason)
    return Due(RetentionClass(period.name), row.before, row.entries, erased)


def _count(session: Session, period: RetentionPeriod, known: Sequence[str], *, now: datetime) -> Due:
    counted = text(f"""
        WITH due AS ({_DUE}) SELECT count(DISTINCT due.seq), count(*) FROM due JOIN audit_event AS event
        ON event.seq = due.seq JOIN audit_disclosure AS item
        ON item.seq = due.seq AND item.encoded IS NOT NULL AND {_FORGOTTEN}
    """)  # noqa: S608 - the text is our own
    entries, disclosures = session.execute(counted, _asked(period, known, now=now, after=0)).one()
    return Due(RetentionClass(period.name), now - period.length, entries, disclosures)


def _due(
    session: Session, period: RetentionPeriod, known: Sequence[str], *, now: datetime, after: int, most: int
) -> list[int]:
    asked = {**_asked(period, known, now=now, after=after), "most": most}
    return list(session.scalars(text(f"{_DUE} LIMIT :most"), asked))


def _asked(period: RetentionPeriod, known: Sequence[str], *, now: datetime, after: int) -> dict[str, object]:
    return {
        "after": after,
        "before": now - period.length,
        "actions": [action for action in known if _is_of(action, period.name)],
        "from_quiet": period.from_quiet,
        **_facts(period),
    }


def _is_of(action: str, name: str) -> bool:
    group = class_of(action)
    return group == name or (name == RetentionClass.TRACE and group not in (None, RetentionClass.FOREVER))


def _facts(period: RetentionPeriod) -> dict[str, object]:
    """Return the facts to forget of every entry, and the actions of whose facts only words are forgotten too."""
    is_trace = period.name == RetentionClass.TRACE
    personal = [name for name, kept in COMMON.items() if kept is not Kept.EVIDENCE]
    return {
        "only_names": is_trace,
        "names": list(TRACES) if is_trace else personal,
        "evidence": [each.name for each in KINDS.values() if each.retention is Kept.EVIDENCE],
        "words": [f"{each.name} {name}" for each in KINDS.values() for name in each.words],
    }

"""Remember every changed row of an audited table until an entry names it."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from marketplace.core.db import AppendOnly, Audited

_NOTES = "audit_changes"


class UnauditedChange(RuntimeError):
    """A unit of work changed an audited row and recorded no entry for it. It was rolled back."""


class BulkChangeRefused(RuntimeError):
    """A bulk UPDATE or DELETE would pass by the audit of single rows."""


def identity_of(row: Audited) -> tuple[str, str]:
    """Return the target type and id an entry must name."""
    key = inspect(row).mapper.primary_key_from_instance(row)
    return row.audit_type, ":".join(str(part) for part in key)


def watch(session: Session) -> None:
    """Begin to note changes of audited rows in this session."""
    if _NOTES in session.info:
        return
    session.info[_NOTES] = {}


def changed(session: Session) -> dict[tuple[str, str], str]:
    """Return the identities changed since the last `forget`, each with its table."""
    notes: dict[int, Any] = session.info.get(_NOTES, {})
    return {identity_of(row): row.__tablename__ for row in notes.values()}


def forget(session: Session) -> None:
    """Drop the notes: the transaction ended."""
    session.info[_NOTES] = {}


@event.listens_for(Session, "before_flush")
def _note_changes(session: Session, _context: object, _instances: object) -> None:
    notes = session.info.get(_NOTES)
    if notes is None:
        return
    for row in (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))):
        if isinstance(row, Audited):
            notes[id(row)] = row  # the row itself is kept, so its id cannot be reused


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete) or _NOTES not in state.session.info:
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, Audited) and not issubclass(mapper.class_, AppendOnly):
        raise BulkChangeRefused(f"bulk change of {mapper.class_.__name__}: load the rows, change and record them")

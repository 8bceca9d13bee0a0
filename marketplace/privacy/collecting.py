"""Collect what is held about a person, section by section."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.text import N_
from marketplace.privacy.holdings import Holding, Owner
from marketplace.privacy.log_held import entries
from marketplace.privacy.register import HOLDINGS

MOST_ROWS: Final = 10_000
LOG: Final = "audit_log"
LOG_COLUMNS: Final = ("event_id", "at", "action", "outcome", "you_acted", "about_you", "told")


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one kind; `left_off` counts those beyond the limit of one export, `title` is to be translated."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[dict[str, Any]]
    left_off: int


def collect(session: Session, owner: Owner, *, most: int = MOST_ROWS) -> list[Section]:
    """Return every section that is not empty, of this person alone."""
    sections = [_section(session, holding, owner, most) for holding in HOLDINGS]
    told = list(entries(session, owner.user_id, most=most + 1))
    sections.append(Section(LOG, N_("What the audit log tells"), LOG_COLUMNS, told[:most], int(len(told) > most)))
    return [section for section in sections if section.rows]


def _section(session: Session, holding: Holding, owner: Owner, most: int) -> Section:
    columns = [getattr(holding.table, name) for name in holding.columns]
    hers = holding.whose(owner)
    found = session.execute(select(*columns).where(hers).order_by(*holding.table.__table__.primary_key).limit(most))
    rows = [
        {name: holding.cleaned.get(name, _same)(value) for name, value in zip(holding.columns, row, strict=True)}
        for row in found
    ]
    whole = len(rows)
    if whole == most:
        whole = session.scalar(select(func.count()).select_from(holding.table).where(hers)) or 0
    return Section(holding.name, holding.title, holding.columns, rows, whole - len(rows))


def _same(value: Any) -> Any:
    return value

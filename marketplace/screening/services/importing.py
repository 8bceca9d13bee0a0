"""Import a list: the new edition replaces the old one in the same transaction, or nothing changes."""

import hashlib
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, select

from marketplace.core.actor import ActorKind, StaffRole
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.text import N_
from marketplace.screening.blocking import keys_of_entry, keys_of_name
from marketplace.screening.entries import Edition, Entry, ListKind
from marketplace.screening.models import ScreeningEdition, ScreeningEntry
from marketplace.screening.names import Party
from marketplace.screening.readers import read_list
from marketplace.unit_of_work import UnitOfWork

RESCREEN: Final = "screening.rescreen"
# Publishers take single names off; a list that lost a fifth is more likely cut.
LEAST_LEFT_PERCENT: Final = 80
_ROWS: Final = 1_000


class EditionKnown(Conflict):
    """The same file is in force already."""

    code = "list_known"
    message = N_("This file is in force already.")


class EditionOlder(Conflict):
    """The file is older than the list in force."""

    code = "list_older"
    message = N_("The list in force is newer: it was published on %(day)s. Nothing was changed.")


class EditionShrunk(Conflict):
    """The file holds far fewer entries than the list in force: it may be cut."""

    code = "list_shrunk"
    message = N_(
        "The list in force has %(before)s entries, this file only %(found)s. It may be cut. "
        "Check it with the publisher, then confirm that it is whole."
    )


def import_list(
    uow: UnitOfWork,
    *,
    kind: ListKind,
    raw: bytes,
    file_name: str = "",
    published_on: date | None = None,
    is_whole: bool = False,
) -> ScreeningEdition:
    """Put a list in force and screen everybody again; `is_whole` confirms one that is much shorter than before.

    Raises Forbidden, ListRefused, EditionKnown, EditionOlder or EditionShrunk; nothing is changed then.
    """
    if uow.actor.kind is not ActorKind.SYSTEM and not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    edition = read_list(kind, raw, today=uow.now.date(), published_on=published_on)
    sha256 = hashlib.sha256(raw).hexdigest()
    before = _make_room(uow, kind, edition, sha256, is_whole=is_whole)
    row = ScreeningEdition(
        list=kind.value,
        published_on=edition.published_on,
        sha256=sha256,
        file_name="".join(letter for letter in file_name if letter.isprintable())[:200],
        entries=len(edition.entries),
        names=sum(len(entry.names) for entry in edition.entries),
        imported_by=uow.actor.user_id,
        imported_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    _keep(uow, row, edition.entries)
    uow.record(
        "screening_edition.import",
        row,
        *([before] if before else []),
        hashes={"file": sha256},
        list=kind.value,
        published=edition.published_on,
        entries=row.entries,
    )
    uow.defer(RESCREEN, queueing_lock=RESCREEN)
    return row


def _make_room(
    uow: UnitOfWork, kind: ListKind, edition: Edition, sha256: str, *, is_whole: bool
) -> ScreeningEdition | None:
    """Take the edition in force out of it, when the new one may follow; return it."""
    before = uow.session.scalar(
        select(ScreeningEdition)
        .where(ScreeningEdition.list == kind.value, ScreeningEdition.replaced_at.is_(None))
        .with_for_update()
    )
    if before is not None:
        _check_follows(before, edition, sha256, is_whole=is_whole)
        before.replaced_at = uow.now
        uow.session.execute(delete(ScreeningEntry).where(ScreeningEntry.edition_id == before.id))
        uow.session.flush()
    return before


def _check_follows(before: ScreeningEdition, edition: Edition, sha256: str, *, is_whole: bool) -> None:
    if before.sha256 == sha256:
        raise EditionKnown
    if edition.published_on < before.published_on:
        raise EditionOlder(day=before.published_on.isoformat())
    if len(edition.entries) * 100 < before.entries * LEAST_LEFT_PERCENT and not is_whole:
        raise EditionShrunk(before=before.entries, found=len(edition.entries))


def _keep(uow: UnitOfWork, row: ScreeningEdition, entries: tuple[Entry, ...]) -> None:
    for start in range(0, len(entries), _ROWS):
        values = [{"edition_id": row.id, **_columns(entry)} for entry in entries[start : start + _ROWS]]
        uow.session.execute(insert(ScreeningEntry), values)


def _columns(entry: Entry) -> dict[str, Any]:
    texts = [name.text for name in entry.names]
    return {
        "uid": entry.uid,
        "kind": entry.kind.value,
        "names": [{"text": name.text, "kind": name.kind.value} for name in entry.names],
        "births": list(entry.births),
        "countries": list(entry.countries),
        "programme": entry.programme,
        "listed_on": entry.listed_on,
        "digest": hashlib.sha256(repr(tuple(entry)).encode()).hexdigest(),
        "keys": keys_of_entry(texts, Party.PERSON),
        "company_keys": keys_of_entry(texts, Party.COMPANY),
        "needed": min(keys_of_name(text, Party.COMPANY)[1] for text in texts),
    }

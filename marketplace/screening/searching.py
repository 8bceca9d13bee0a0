"""Look a name up in the lists in force: candidates by their sounds from the database, then the comparison."""

from typing import Final, NamedTuple

from sqlalchemy import ARRAY, String, cast, func, literal, select
from sqlalchemy.orm import Session

from marketplace.screening.blocking import keys_of_name
from marketplace.screening.entries import Entry, EntryKind, Name, NameKind
from marketplace.screening.matching import Hit, Subject, compare
from marketplace.screening.models import ScreeningEdition, ScreeningEntry
from marketplace.screening.names import Party

# A name so common that more sound like it is compared with the first of them; no list in use comes near.
MOST_CANDIDATES: Final = 5_000
# The best are shown: a person who compares twenty entries has seen enough to ask for papers.
MOST_HITS: Final = 20


class Found(NamedTuple):
    """A listed party that looks like a subject."""

    list: str
    entry: Entry
    digest: str
    hit: Hit


def search(session: Session, subject: Subject) -> list[Found]:
    """Return the listed parties that look like a subject, the nearest first."""
    candidates: dict[tuple[str, str], ScreeningEntry] = {}
    for name in subject.names:
        candidates |= _candidates(session, name, subject.party)
    found = []
    for (listed, _uid), row in candidates.items():
        entry = entry_of(row)
        hit = compare(subject, entry)
        if hit is not None:
            found.append(Found(listed, entry, row.digest, hit))
    found.sort(key=lambda each: (-each.hit.score, each.list, each.entry.uid))
    return found[:MOST_HITS]


def entry_of(row: ScreeningEntry) -> Entry:
    """Return a stored entry as the readers made it."""
    names = tuple(Name(name["text"], NameKind(name["kind"])) for name in row.names)
    births, countries = tuple(row.births), tuple(row.countries)
    return Entry(row.uid, EntryKind(row.kind), names, births, countries, row.programme, row.listed_on)


def _candidates(session: Session, name: str, party: Party) -> dict[tuple[str, str], ScreeningEntry]:
    keys, needed = keys_of_name(name, party)
    if not keys:
        return {}
    is_person = party is Party.PERSON
    column = ScreeningEntry.keys if is_person else ScreeningEntry.company_keys
    wanted = cast(literal(keys, ARRAY(String)), ARRAY(String))
    both = func.array(
        select(func.unnest(column)).intersect(select(func.unnest(wanted))).scalar_subquery(), type_=ARRAY(String)
    )
    enough = literal(needed) if is_person else func.least(needed, ScreeningEntry.needed)
    kinds = [EntryKind.PERSON] if is_person else [EntryKind.PERSON, EntryKind.ENTITY]
    rows = session.execute(
        select(ScreeningEdition.list, ScreeningEntry)
        .join(ScreeningEdition, ScreeningEdition.id == ScreeningEntry.edition_id)
        .where(ScreeningEdition.replaced_at.is_(None), ScreeningEntry.kind.in_([kind.value for kind in kinds]))
        .where(column.overlap(wanted), func.cardinality(both) >= enough)
        .limit(MOST_CANDIDATES)
    )
    return {(listed, row.uid): row for listed, row in rows}

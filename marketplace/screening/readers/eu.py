"""The European Union's consolidated list of financial sanctions (FSF, XML 1.1). Pure.

export generationDate / sanctionEntity {euReferenceNumber, logicalId, designationDate} / subjectType code or
classificationCode; nameAlias wholeName or firstName, middleName, lastName, strong; regulation programme; citizenship
and address countryIso2Code ("00" is unknown); birthdate birthdate, year.
"""

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from marketplace.core.text import N_
from marketplace.screening.entries import Edition, Entry, EntryKind, ListRefused, Name, NameKind, checked, made
from marketplace.screening.native import is_native
from marketplace.screening.readers.dates import births, iso_day
from marketplace.screening.readers.places import country_code
from marketplace.screening.readers.xml_rows import child, children, entry_of, local, rows

KINDS: Final = {
    "person": EntryKind.PERSON,
    "P": EntryKind.PERSON,
    "enterprise": EntryKind.ENTITY,
    "E": EntryKind.ENTITY,
}
_PARTS: Final = ("firstName", "middleName", "lastName")


def read(raw: bytes, *, today: date) -> Edition:
    """Return the edition; raise ListRefused."""
    published_on: date | None = None
    found: list[Entry] = []
    for row in rows(raw, root="export", kinds=frozenset({"sanctionEntity"})):
        if local(row) == "sanctionEntity":
            found.append(entry_of(row, _entry, number=len(found) + 1))
        else:
            published_on = iso_day(row.get("generationDate", ""))
    return checked(published_on, found, today=today)


def _entry(row: Element) -> Entry:
    uid = row.get("euReferenceNumber") or row.get("logicalId") or ""
    subject = child(row, "subjectType")
    codes = (subject.get("code", ""), subject.get("classificationCode", "")) if subject is not None else ()
    kind = next((KINDS[code] for code in codes if code in KINDS), None)
    if kind is None:
        raise ListRefused(N_("Entry %(uid)s is neither a person, an organisation nor a vessel."), uid=uid[:40])
    dates = children(row, "birthdate")
    places = (*children(row, "citizenship"), *children(row, "address"))
    programmes = dict.fromkeys(each.get("programme", "") for each in children(row, "regulation"))
    return made(
        uid,
        kind,
        _names(row),
        births=[birth for each in dates for birth in births(each.get("birthdate") or each.get("year") or "")],
        countries=[country_code(each.get("countryIso2Code", "")) for each in places],
        programme=", ".join(each for each in programmes if each),
        listed_on=iso_day(row.get("designationDate", "")),
    )


def _names(row: Element) -> list[Name]:
    """Return the names; the first strong one in Latin letters is the one under which it is listed."""
    found: list[Name] = []
    has_primary = False
    for alias in children(row, "nameAlias"):
        whole = alias.get("wholeName") or " ".join(alias.get(part, "") for part in _PARTS)
        strong = alias.get("strong", "true") != "false"
        if is_native(whole):
            kind = NameKind.NATIVE
        elif not strong:
            kind = NameKind.WEAK
        else:
            kind = NameKind.ALIAS if has_primary else NameKind.PRIMARY
        has_primary = has_primary or kind is NameKind.PRIMARY
        found.append(Name(whole, kind))
    return found

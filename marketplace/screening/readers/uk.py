"""The UK sanctions list in XML. Pure.

Designations / DateGenerated, Designation {UniqueID, DateDesignated dd/mm/yyyy, RegimeName, IndividualEntityShip,
Names/Name {Name1 … Name6, NameType, AliasStrength}, NonLatinNames/NonLatinName/NameNonLatinScript, Addresses,
IndividualDetails/Individual {DOBs/DOB, Nationalities/Nationality}}. Unknown parts of a day are "dd" and "mm".
"""

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from marketplace.core.text import N_
from marketplace.screening.entries import Edition, Entry, EntryKind, ListRefused, Name, NameKind, checked, made
from marketplace.screening.readers.dates import births, day_first, iso_day
from marketplace.screening.readers.places import country_code
from marketplace.screening.readers.xml_rows import children, entry_of, local, rows, text, texts

KINDS: Final = {"individual": EntryKind.PERSON, "entity": EntryKind.ENTITY, "ship": EntryKind.VESSEL}
_PARTS: Final = ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6")
_WEAK: Final = ("low quality", "weak")


def read(raw: bytes, *, today: date) -> Edition:
    """Return the edition; raise ListRefused."""
    published_on: date | None = None
    found: list[Entry] = []
    for row in rows(raw, root="Designations", kinds=frozenset({"DateGenerated", "Designation"})):
        if local(row) == "Designation":
            found.append(entry_of(row, _entry, number=len(found) + 1))
        elif local(row) == "DateGenerated":
            published_on = day_first(text(row)[:10]) or iso_day(text(row))
    return checked(published_on, found, today=today)


def name_kind(type_of_name: str, strength: str) -> NameKind:
    """Return how good a name is, from the list's own words, which come in many cases."""
    if type_of_name.lower().startswith("primary name") and "variation" not in type_of_name.lower():
        return NameKind.PRIMARY
    return NameKind.WEAK if any(word in strength.lower() for word in _WEAK) else NameKind.ALIAS


def _entry(row: Element) -> Entry:
    uid = text(row, "UniqueID")
    kind = KINDS.get(text(row, "IndividualEntityShip").lower())
    if kind is None:
        raise ListRefused(N_("Entry %(uid)s is neither a person, an organisation nor a vessel."), uid=uid[:40])
    names = [
        Name(
            " ".join(text(name, part) for part in _PARTS),
            name_kind(text(name, "NameType"), text(name, "AliasStrength")),
        )
        for name in children(row, "Names", "Name")
    ]
    natives = children(row, "NonLatinNames", "NonLatinName")
    people = children(row, "IndividualDetails", "Individual")
    return made(
        uid,
        kind,
        [*names, *(Name(text(each, "NameNonLatinScript"), NameKind.NATIVE) for each in natives)],
        births=[birth for each in people for told in texts(each, "DOBs", "DOB") for birth in births(told)],
        countries=[
            *(country_code(name) for each in people for name in texts(each, "Nationalities", "Nationality")),
            *(country_code(text(each, "AddressCountry")) for each in children(row, "Addresses", "Address")),
        ],
        programme=text(row, "RegimeName"),
        listed_on=day_first(text(row, "DateDesignated")),
    )

"""The consolidated list of the United Nations Security Council. Pure.

CONSOLIDATED_LIST dateGenerated / INDIVIDUAL, ENTITY {DATAID, FIRST_NAME … FOURTH_NAME, UN_LIST_TYPE, LISTED_ON,
NAME_ORIGINAL_SCRIPT, NATIONALITY/VALUE, INDIVIDUAL_ALIAS or ENTITY_ALIAS {QUALITY, ALIAS_NAME},
INDIVIDUAL_DATE_OF_BIRTH {TYPE_OF_DATE, DATE, YEAR, FROM_YEAR, TO_YEAR}}. Empty alias elements occur.
"""

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from marketplace.screening.entries import Edition, Entry, EntryKind, Name, NameKind, checked, made
from marketplace.screening.readers.dates import between, births, iso_day
from marketplace.screening.readers.places import country_code
from marketplace.screening.readers.xml_rows import children, entry_of, local, rows, text, texts

KINDS: Final = {"INDIVIDUAL": EntryKind.PERSON, "ENTITY": EntryKind.ENTITY}
_PARTS: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read(raw: bytes, *, today: date) -> Edition:
    """Return the edition; raise ListRefused."""
    published_on: date | None = None
    found: list[Entry] = []
    for row in rows(raw, root="CONSOLIDATED_LIST", kinds=frozenset(KINDS)):
        if local(row) in KINDS:
            found.append(entry_of(row, _entry, number=len(found) + 1))
        else:
            published_on = iso_day(row.get("dateGenerated", ""))
    return checked(published_on, found, today=today)


def _entry(row: Element) -> Entry:
    kind = local(row)
    whole = " ".join(text(row, part) for part in _PARTS)
    native = Name(text(row, "NAME_ORIGINAL_SCRIPT"), NameKind.NATIVE)
    names = [Name(whole, NameKind.PRIMARY), native]
    for alias in children(row, f"{kind}_ALIAS"):
        weak = text(alias, "QUALITY").lower() == "low"
        names.append(Name(text(alias, "ALIAS_NAME"), NameKind.WEAK if weak else NameKind.ALIAS))
    addresses = children(row, f"{kind}_ADDRESS")
    return made(
        text(row, "DATAID"),
        KINDS[kind],
        names,
        births=[birth for item in children(row, "INDIVIDUAL_DATE_OF_BIRTH") for birth in _births(item)],
        countries=[
            *(country_code(name) for name in texts(row, "NATIONALITY", "VALUE")),
            *(country_code(text(each, "COUNTRY")) for each in addresses),
        ],
        programme=text(row, "UN_LIST_TYPE"),
        listed_on=iso_day(text(row, "LISTED_ON")),
    )


def _births(item: Element) -> list[str]:
    if text(item, "FROM_YEAR"):
        return between(text(item, "FROM_YEAR"), text(item, "TO_YEAR"))
    return births(text(item, "DATE")) or births(text(item, "YEAR"))

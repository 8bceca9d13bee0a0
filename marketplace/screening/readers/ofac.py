"""OFAC's SDN.XML (and the Consolidated list in the same form). Pure.

sdnList / publshInformation {Publish_Date mm/dd/yyyy, Record_Count}, sdnEntry {uid, firstName, lastName, sdnType,
programList, akaList/aka {type, category, firstName, lastName}, addressList, nationalityList, citizenshipList,
dateOfBirthList}. The file's own count of its records tells one that lost some.
"""

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from marketplace.core.text import N_
from marketplace.screening.entries import Edition, Entry, EntryKind, ListRefused, Name, NameKind, checked, made
from marketplace.screening.readers.dates import births, month_first
from marketplace.screening.readers.places import country_code
from marketplace.screening.readers.xml_rows import child, children, entry_of, local, rows, text, texts

KINDS: Final = {
    "individual": EntryKind.PERSON,
    "entity": EntryKind.ENTITY,
    "vessel": EntryKind.VESSEL,
    "aircraft": EntryKind.VESSEL,
}


def read(raw: bytes, *, today: date) -> Edition:
    """Return the edition; raise ListRefused."""
    published_on: date | None = None
    announced = ""
    found: list[Entry] = []
    for row in rows(raw, root="sdnList", kinds=frozenset({"publshInformation", "publishInformation", "sdnEntry"})):
        if local(row) == "sdnEntry":
            found.append(entry_of(row, _entry, number=len(found) + 1))
        elif local(row) != "sdnList":
            published_on = month_first(text(row, "Publish_Date"))
            announced = text(row, "Record_Count")
    if not announced.isdecimal():
        raise ListRefused(N_("The file does not say how many entries it has. It is not OFAC’s list, or it is cut."))
    if int(announced) != len(found):
        message = N_("The file says that it has %(announced)s entries, but it has %(found)s. It is cut.")
        raise ListRefused(message, announced=announced, found=len(found))
    return checked(published_on, found, today=today)


def _entry(row: Element) -> Entry:
    uid = text(row, "uid")
    kind = KINDS.get(text(row, "sdnType").lower())
    if kind is None:
        raise ListRefused(N_("Entry %(uid)s is neither a person, an organisation nor a vessel."), uid=uid[:40])
    names = [Name(_whole(row), NameKind.PRIMARY)]
    for alias in children(row, "akaList", "aka"):
        weak = text(alias, "category").lower() == "weak"
        names.append(Name(_whole(alias), NameKind.WEAK if weak else NameKind.ALIAS))
    items = children(row, "dateOfBirthList", "dateOfBirthItem")
    return made(
        uid,
        kind,
        names,
        births=[birth for item in items for birth in births(text(item, "dateOfBirth"))],
        countries=_countries(row),
        programme=", ".join(texts(row, "programList", "program")),
        listed_on=None,
    )


def _whole(row: Element) -> str:
    return f"{text(row, 'firstName')} {text(row, 'lastName')}"


def _countries(row: Element) -> list[str]:
    holders = (
        *children(row, "nationalityList", "nationality"),
        *children(row, "citizenshipList", "citizenship"),
        *children(row, "addressList", "address"),
    )
    flag = child(row, "vesselInfo", "vesselFlag")
    return [
        country_code(name)
        for name in (*(text(each, "country") for each in holders), (flag.text or "") if flag is not None else "")
    ]

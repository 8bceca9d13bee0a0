"""The part of the ICGLR record that everybody may have: lots, tags, and the mine site as near as its district. Pure.

Left out is what only an authority gets: the identifier of the mine site, which holds its coordinates, and the taxes,
which tell what the goods were declared to be worth. Tags and the journey are public anyway.
"""

from typing import Any, Final

from marketplace.custody.record import LotRecord
from marketplace.passport.icglr import OutsideIcglr, Row, check_covered, document_of

TABLES: Final = ("lots", "tags", "mineSites")
# Named in the file, so that nobody takes it for the whole record.
WITHHELD: Final = ("lots.mineSiteId", "mineSites.icglrId", "taxes")


def is_covered(record: LotRecord) -> bool:
    """Say whether an ICGLR record exists for such a lot."""
    try:
        check_covered(record)
    except OutsideIcglr:
        return False
    return True


def public_document(record: LotRecord) -> dict[str, Any]:
    """Return the public part as one JSON object of texts; raise OutsideIcglr."""
    whole = document_of(record)
    return {"version": whole["version"], **{name: whole[name] for name in TABLES}, "withheld": list(WITHHELD)}


def public_rows(record: LotRecord, *, table: str) -> list[Row]:
    """Return one of `TABLES` for a spreadsheet, every row with the same fields; raise OutsideIcglr, KeyError."""
    rows = {name: public_document(record)[name] for name in TABLES}[table]
    return [{name: value for name, value in row.items() if name != "missing"} for row in rows]

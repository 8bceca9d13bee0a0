"""The ICGLR fields of a lot as files: JSON with exact numbers, and a table that no spreadsheet calculates."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from marketplace.audit.selections import harmless
from marketplace.passport.icglr import Fields

LOT_COLUMNS: Final = (
    "lotNumber", "dateRegistration", "timeRegistration", "creator.identifier", "creator.name", "creator.tin", "mineral",
    "concentration", "mass", "unitOfMeasurement", "packageType", "nrOfPackages", "creatorRole", "originatingOperation",
    "mineSiteId", "inputLot", "tag.identifier", "tag.issuer.name", "tag.issueDate", "tag.issueTime", "dateSealed",
    "dateShipped",
)  # fmt: skip
TAX_COLUMNS: Final = ("taxType", "taxAmount", "currency", "taxPaidDate", "receiptReference")
SITE_COLUMNS: Final = (
    "icglrId", "addressCountry", "certificationStatus", "activityStatus",
    "mineSiteLocation.localGeographicDesignation.subnationalDivisionL1Text",
    "mineSiteLocation.localGeographicDesignation.addressLocalityText",
    "mineSiteLocation.geolocalization.latitude", "mineSiteLocation.geolocalization.longitude",
)  # fmt: skip
HEADINGS: Final = (
    *LOT_COLUMNS,
    *(f"taxPaid.{name}" for name in TAX_COLUMNS),
    *(f"mineSite.{name}" for name in SITE_COLUMNS),
    "specification",
    "version",
)


def as_json(fields: Fields) -> str:
    """Return the fields as JSON; a Decimal stands in it digit by digit, never through a float."""
    return _json(fields) + "\n"


def as_csv(fields: Fields) -> str:
    """Return a table with a byte-order mark: a row for each tax of a lot, one for a lot without any."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADINGS)
    site = [_cell(fields["mineSite"], column) for column in SITE_COLUMNS]
    for lot in fields["lots"]:
        told = [_cell(lot, column) for column in LOT_COLUMNS]
        for tax in lot.get("taxPaid") or ({},):
            paid = [_cell(tax, column) for column in TAX_COLUMNS]
            rows.writerow([*told, *paid, *site, fields["specification"], fields["version"]])
    return "\ufeff" + text.getvalue()


def _json(value: Any) -> str:
    match value:
        case dict():
            return "{" + ",".join(f"{json.dumps(name)}:{_json(each)}" for name, each in value.items()) + "}"
        case list():
            return "[" + ",".join(_json(each) for each in value) + "]"
        case Decimal():
            return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)


def _cell(found: Any, column: str) -> str:
    for name in column.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    match found:
        case None:
            return ""
        case list():
            return harmless(" ".join(_listed(found)))
        case Decimal():
            return f"{found:f}"
    return harmless(found)


def _listed(found: list[Any]) -> Iterator[str]:
    for each in found:
        yield str(each["lotNumber"]) if isinstance(each, Mapping) else str(each)

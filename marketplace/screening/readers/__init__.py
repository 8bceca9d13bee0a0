"""Readers of the official formats: bytes in, an edition out; a file that is not whole is refused. Pure."""

from collections.abc import Callable
from datetime import date
from typing import Final

from marketplace.core.text import N_
from marketplace.screening.entries import LARGEST_BYTES, Edition, ListKind, ListRefused
from marketplace.screening.readers import eu, ofac, ofac_csv, uk, uk_csv, un
from marketplace.screening.readers.archives import is_zip, unpacked
from marketplace.screening.readers.xml_rows import is_xml

Reader = Callable[..., Edition]
_OF_XML: Final[dict[ListKind, Reader]] = {
    ListKind.OFAC: ofac.read,
    ListKind.UN: un.read,
    ListKind.EU: eu.read,
    ListKind.UK: uk.read,
}


def read_list(kind: ListKind, raw: bytes, *, today: date, published_on: date | None = None) -> Edition:
    """Return the edition in a file of `kind`: XML, the UK's CSV, or a ZIP with one of them or OFAC's three CSV files.

    `published_on` is the day of a list that does not tell it itself (OFAC's CSV). Raises ListRefused.
    """
    if not raw:
        raise ListRefused(N_("The file is empty."))
    if len(raw) > LARGEST_BYTES:
        raise ListRefused(N_("The file is too large: at most 100 MB."))
    if is_zip(raw):
        parts = unpacked(raw)
        if kind is ListKind.OFAC and "sdn.csv" in parts:
            return ofac_csv.read(parts, today=today, published_on=published_on)
        if len(parts) != 1:
            raise ListRefused(N_("The ZIP must hold one list, or SDN.CSV, ADD.CSV and ALT.CSV."))
        (raw,) = parts.values()
    return _read_one(kind, raw, today=today)


def _read_one(kind: ListKind, raw: bytes, *, today: date) -> Edition:
    if is_xml(raw):
        return _OF_XML[kind](raw, today=today)
    if kind is ListKind.UK:
        return uk_csv.read(raw, today=today)
    if kind is ListKind.OFAC:
        raise ListRefused(N_("Send OFAC’s SDN.CSV, ADD.CSV and ALT.CSV together, in one ZIP file."))
    raise ListRefused(N_("The file is not XML. Choose the list in its XML format."))

"""Where passports stand on the web."""

from typing import Final
from urllib.parse import quote

from marketplace.audit.verify.status_lists import LIST_BITS
from marketplace.custody.record import CustodyStep, Party, Place

OWN_CONTEXT: Final = "/contexts/passport/v1"
CUSTODY_CONTEXT: Final = "/contexts/custody/v1"


def page_of(base_url: str, *, reference: str) -> str:
    """Return the address of a lot's passport."""
    return f"{base_url}/l/{reference}"


def traceability_of(base_url: str, *, reference: str) -> str:
    """Return the address of what happened to a lot as UNTP tells it; it is the document's identifier."""
    return f"{page_of(base_url, reference=reference)}/traceability"


def version_of(base_url: str, *, reference: str, number: int) -> str:
    """Return the address of one version; it is the credential's identifier."""
    return f"{base_url}/l/{reference}/v/{number}"


def printed(base_url: str, *, reference: str) -> str:
    """Return the address in capitals, which a QR code writes in fewer modules."""
    return page_of(base_url, reference=reference).upper()


def status_list_of(base_url: str, *, index: int) -> str:
    """Return the address of the list with a passport's bit."""
    return f"{base_url}/status-lists/{index // LIST_BITS}"


def goods_of(base_url: str, *, reference: str) -> str:
    """Return the identifier of a lot, or of a part such as TZ-AAAA-AAAA/1, as exports name it."""
    return f"{base_url}/l/{quote(reference, safe='/')}"


def event_of(step: CustodyStep) -> str:
    """Return the identifier of one event: the same in every format, and for every lot that the event names."""
    return f"urn:uuid:{step.id}"


def place_of(base_url: str, place: Place) -> str:
    """Return the identifier of a mine site, or of a country, region or district; never of anything nearer."""
    if place.site_reference:
        return f"{base_url}/sites/{quote(place.site_reference, safe='')}"
    names = [name for name in (place.country, place.region, place.district) if name]
    return f"{base_url}/places/{'/'.join(quote(name, safe='') for name in names)}"


def party_of(base_url: str, party: Party) -> str:
    """Return the identifier of who acted, by role and reference; one without a reference by its country alone."""
    names = [name for name in (party.role, party.reference or party.country) if name]
    return f"{base_url}/parties/{'/'.join(quote(name, safe='') for name in names)}"

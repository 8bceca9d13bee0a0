"""Where passports stand on the web."""

from typing import Final

from marketplace.audit.verify.status_lists import LIST_BITS

OWN_CONTEXT: Final = "/contexts/passport/v1"
CUSTODY_CONTEXT: Final = "/contexts/custody/v1"


def page_of(base_url: str, *, reference: str) -> str:
    """Return the address of a lot's passport."""
    return f"{base_url}/l/{reference}"


def version_of(base_url: str, *, reference: str, number: int) -> str:
    """Return the address of one version; it is the credential's identifier."""
    return f"{base_url}/l/{reference}/v/{number}"


def printed(base_url: str, *, reference: str) -> str:
    """Return the address in capitals, which a QR code writes in fewer modules."""
    return page_of(base_url, reference=reference).upper()


def status_list_of(base_url: str, *, index: int) -> str:
    """Return the address of the list with a passport's bit."""
    return f"{base_url}/status-lists/{index // LIST_BITS}"

"""Where news is sent, sealed: the path of an address often holds the receiver's own secret. Pure."""

from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from marketplace.core.crypto import seal, unseal

ENDING: Final = 4
# A shorter path would be as good as told by its last characters.
LONG_ENOUGH: Final = 16


def sealed_address(address: str, *, subscription_id: UUID, key: bytes) -> bytes:
    """Return an address as it is stored, bound to its subscription."""
    return seal(address.encode(), key=key, purpose=_purpose(subscription_id))


def opened_address(sealed: bytes, *, subscription_id: UUID, key: bytes) -> str:
    """Return the address; raises SealBroken when it was altered or belongs to another subscription."""
    return unseal(sealed, key=key, purpose=_purpose(subscription_id)).decode()


def shortened(address: str) -> str:
    """Return an address as pages show it: the host, and the last four characters of a long path and query."""
    parts = urlsplit(address)
    rest = parts.path.removeprefix("/") + (f"?{parts.query}" if parts.query else "")
    if not rest:
        return f"{parts.scheme}://{parts.netloc}/"
    return f"{parts.scheme}://{parts.netloc}/…{rest[-ENDING:] if len(rest) >= LONG_ENOUGH else ''}"


def _purpose(subscription_id: UUID) -> str:
    return f"audit_subscription.address:{subscription_id.hex}"

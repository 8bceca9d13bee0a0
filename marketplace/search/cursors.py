"""Where a page of results ends, as an opaque signed text: nobody can ask for a place we did not name."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from marketplace.core.errors import DomainError
from marketplace.core.text import N_
from marketplace.search.filters import Sort

LONGEST: Final = 200
_SIGNATURE_BYTES: Final = 16
_PURPOSE: Final = b"search cursor 1:"


class BadCursor(DomainError):
    """The text is not a place in this order that we named."""

    code = "bad_cursor"
    message = N_("That page is no longer there. These are the first lots.")


@dataclass(frozen=True, slots=True)
class Place:
    """Name the last lot of a page: the value it was sorted by and its id."""

    sort: Sort
    value: int | datetime
    lot_id: UUID


def write_cursor(place: Place, *, key: str) -> str:
    """Return a place as text signed with `key`."""
    value = place.value.astimezone(UTC).isoformat() if isinstance(place.value, datetime) else place.value
    body = json.dumps([place.sort.value, value, place.lot_id.hex], separators=(",", ":")).encode()
    return urlsafe_b64encode(_signature(body, key) + body).decode().rstrip("=")


def read_cursor(text: str, *, sort: Sort, key: str) -> Place:
    """Return the place a cursor names in this order; raises BadCursor."""
    if len(text) > LONGEST or not text.isascii():
        raise BadCursor
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise BadCursor from None
    signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(body, key)):
        raise BadCursor
    name, value, lot_id = json.loads(body)
    if name != sort:
        raise BadCursor
    return Place(sort, datetime.fromisoformat(value) if isinstance(value, str) else value, UUID(lot_id))


def _signature(body: bytes, key: str) -> bytes:
    return hmac.new(key.encode(), _PURPOSE + body, hashlib.sha256).digest()[:_SIGNATURE_BYTES]

"""Check Stripe's webhook signature over the raw bytes, bounded in the past and in the future.

Source: https://docs.stripe.com/webhooks#verify-manually.
Their library bounds the past only, and reads the clock itself.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

TOLERANCE_SECONDS: Final = 300
_SCHEME: Final = "v1"


def is_genuine(payload: bytes, header: str, *, secret: str, now: datetime) -> bool:
    """Say whether one v1 signature of the header fits the payload and its time is within 300 s of `now`."""
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    # Two times would let a sender sign one and be judged by the other. Twelve digits last until the year 33658.
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 12):
        return False
    expected = hmac.new(secret.encode(), times[0].encode() + b"." + payload, hashlib.sha256).hexdigest()
    given = [value.strip() for name, _, value in parts if name.strip() == _SCHEME]
    fits = any(hmac.compare_digest(expected.encode(), value.encode()) for value in given)
    return fits and abs(now.timestamp() - int(times[0])) <= TOLERANCE_SECONDS

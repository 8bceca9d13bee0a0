"""The two encodings in every format of the log, read so strictly that each value has one form only.

Sources: RFC 4648 section 4 (base64), C2SP tlog-checkpoint (decimals without leading zeroes).
"""

import base64
import binascii
import re
from typing import Final

from .errors import Malformed

HASH_BYTES: Final = 32
# Sizes and timestamps are signed 64-bit numbers in other implementations.
MAX_NUMBER: Final = 2**63 - 1
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")


def base64_text(raw: bytes) -> str:
    """Encode bytes in standard base64 with padding."""
    return base64.b64encode(raw).decode("ascii")


def base64_bytes(text: str, *, what: str) -> bytes:
    """Decode standard base64; `what` names the value in the error.

    Raises Malformed (`base64`) for foreign characters, missing padding and padding bits that are not zero.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("base64", f"The {what} is not base64.") from error
    if base64_text(raw) != text:
        raise Malformed("base64", f"The {what} is not written in the one canonical form of base64.")
    return raw


def hash_bytes(text: str, *, what: str) -> bytes:
    """Decode a SHA-256 hash from base64; raises Malformed (`base64`, `hash-size`)."""
    raw = base64_bytes(text, what=what)
    if len(raw) != HASH_BYTES:
        raise Malformed("hash-size", f"The {what} has {len(raw)} bytes; a hash has {HASH_BYTES}.")
    return raw


def decimal(text: str, *, what: str) -> int:
    """Read a whole number from 0 to 2**63 - 1 in ASCII digits without leading zeroes; raises Malformed (`number`)."""
    if not _DECIMAL.fullmatch(text) or int(text) > MAX_NUMBER:
        raise Malformed("number", f"The {what} is not a whole number without leading zeroes below 2^63.")
    return int(text)

"""Identifiers: time-ordered keys for rows, short codes for people, secrets for links."""

import secrets
import time
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = CROCKFORD + "*~$=U"
_CONFUSABLE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_id() -> UUID:
    """Make a UUID version 7 (RFC 9562): keys near in time are near in the index."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return UUID(int=value | 0b10 << 62 | secrets.randbits(62))


def new_token() -> str:
    """Make 256 random bits as text for a link or a cookie."""
    return secrets.token_urlsafe(32)


def new_reference(prefix: str) -> str:
    """Make a short code such as TZ-7F3K-92QD: prefix, seven random symbols, a check symbol (Crockford base 32)."""
    while True:
        body = "".join(secrets.choice(CROCKFORD) for _ in range(7))
        check = check_symbol(body)
        if check in CROCKFORD:  # one of the five odd check symbols would be hard to read aloud
            return f"{prefix}-{body[:4]}-{body[4:]}{check}"


def check_symbol(body: str) -> str:
    """Return Crockford's modulo-37 check symbol of `body`."""
    number = 0
    for symbol in body:
        number = number * 32 + CROCKFORD.index(symbol)
    return _CHECK[number % 37]


def normal_reference(text: str) -> str:
    """Return a typed reference in its stored spelling: upper case, O as 0, I and L as 1 behind the prefix."""
    prefix, _, rest = text.strip().upper().partition("-")
    return f"{prefix}-{rest.translate(_CONFUSABLE)}" if rest else prefix

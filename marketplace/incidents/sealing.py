"""Seal and open the words of incidents and reports: they may name people who must not be found. Pure."""

from typing import Final

from marketplace.core.crypto import fingerprint, seal, unseal

_PURPOSE: Final = "incident.words"
_KEPT_FOR: Final = "incident_report.passphrase"
_MESSAGE: Final = "incident_report.message"


def sealed(words: str, *, key: bytes) -> bytes:
    """Seal words under the field key."""
    return seal(words.encode(), key=key, purpose=_PURPOSE)


def opened(words: bytes, *, key: bytes) -> str:
    """Open what `sealed` made; raise SealBroken when it was altered."""
    return unseal(words, key=key, purpose=_PURPOSE).decode()


def secret_digest(secret: str, *, key: bytes) -> str:
    """Return the keyed digest under which a passphrase is kept; spaces, dashes and case do not count."""
    solid = "".join(letter for letter in secret.upper() if letter.isalnum())
    return fingerprint(solid.translate(str.maketrans("OIL", "011")), key=key, purpose=_KEPT_FOR)


def message_digest(number: str, message: str, *, key: bytes) -> str:
    """Return the keyed digest by which a text message that comes twice is known."""
    return fingerprint(f"{number}:{message}", key=key, purpose=_MESSAGE)

"""One-time codes of authenticator apps (RFC 6238): 30 seconds, six digits, one step of patience each way."""

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DIGITS = 6


def new_secret() -> str:
    """Make a secret of 160 random bits in base 32, as people can type it."""
    return pyotp.random_base32()


def address(secret: str, *, person: str, issuer: str) -> str:
    """Return the otpauth address an app reads from a QR picture."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=issuer))


def matching_step(secret: str, typed: str, *, at: datetime) -> int | None:
    """Return the time step whose code was typed: now, the one before or the one after; None when none fits."""
    code = "".join(typed.split())
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    current = int(at.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    fitting = [step for step in (current, current - 1, current + 1) if _equal(generator.generate_otp(step), code)]
    return fitting[0] if fitting else None


def current_code(secret: str, *, at: datetime) -> str:
    """Return the code an app shows at a moment (for the demonstration and tests)."""
    return str(pyotp.TOTP(secret).generate_otp(int(at.timestamp()) // STEP_SECONDS))


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())

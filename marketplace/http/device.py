"""A random number that a browser keeps between sign-ins, to tell whether two accounts are used on one device.

It is given at registration and sign-in only, says nothing about the person, and is read by nothing but the sign-in: its
digest stays with the session, and the price guide leaves out sales between parties that share one.
"""

import re
from typing import Final

from flask import request
from werkzeug.wrappers import Response

from config.settings import Settings
from marketplace.core.crypto import digest
from marketplace.core.ids import new_token

YEARS: Final = 2
# Where a request keeps its number, so that the row and the cookie get the same.
_PLACE: Final = "marketplace.device"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def device_cookie_name(settings: Settings) -> str:
    """Return `__Host-device` over https; plain http (the demonstration on one machine) cannot use the prefix."""
    return "__Host-device" if settings.base_url.startswith("https://") else "device_id"


def device_digest(settings: Settings) -> str:
    """Return the digest of this request's device; a browser without a number gets one, kept if it signs in."""
    return digest(_token(settings))


def set_device_cookie(response: Response, settings: Settings) -> None:
    """Let the browser keep its number for another two years."""
    response.set_cookie(
        device_cookie_name(settings),
        _token(settings),
        max_age=YEARS * 365 * 24 * 3600,
        secure=settings.base_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _token(settings: Settings) -> str:
    if _PLACE not in request.environ:
        kept = request.cookies.get(device_cookie_name(settings), "")
        request.environ[_PLACE] = kept if _TOKEN.fullmatch(kept) else new_token()
    return str(request.environ[_PLACE])

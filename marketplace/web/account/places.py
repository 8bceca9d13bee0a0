"""What the account pages share: where to go next, what went wrong, what is shown once."""

import json
from typing import Any

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.answers import COUNTRIES
from marketplace.accounts.queries import Viewer
from marketplace.core.actor import Actor
from marketplace.core.crypto import SealBroken, seal, unseal
from marketplace.core.errors import InvalidInput
from marketplace.http.access import Rule, SignInNeeded
from marketplace.http.context import current_viewer, settings
from marketplace.http.languages import COOKIE, LANGUAGES, translate_error
from marketplace.http.login import set_cookie
from marketplace.web.filters import country

Page = Response | str | tuple[str, int]
# Past the mail's link, but perhaps not past the second factor: the pages where that one is given or set up.
CONFIRMED = Rule("confirmed", second_factor=False)
# A second factor of the last minutes: before it is changed.
FRESH = Rule("signed_in:fresh", fresh=True)
_YEAR = 365 * 24 * 3600


def own_path(text: str | None) -> str | None:
    """Return a path of this site, or None for anything a browser could read as another site's address."""
    if not text or len(text) > 2000 or not text.startswith("/") or text.startswith("//"):
        return None
    return text if text.isprintable() and "\\" not in text else None


def home_of(actor: Actor) -> str:
    """Return where a person begins."""
    if actor.is_staff:
        return "/staff"
    return "/sell" if actor.memberships else "/lots" if actor.buyer_id else "/account"


def field_errors(error: InvalidInput) -> dict[str, str]:
    """Return each field's problem in the reader's language."""
    return {name: translate_error(problem) for name, problem in error.fields.items()}


def viewer_here() -> Viewer:
    """Return the signed-in person of a page that only signed-in people reach."""
    viewer = current_viewer()
    if viewer is None:
        raise SignInNeeded
    return viewer


def country_choices() -> list[tuple[str, str]]:
    """Return every country, in the order of its name in the reader's language."""
    return sorted(((code, country(code)) for code in COUNTRIES), key=lambda pair: pair[1])


def language_choices() -> list[tuple[str, str]]:
    """Return the languages under their own names."""
    return list(LANGUAGES.items())


def set_language_cookie(response: Response, language: str) -> None:
    """Let this browser keep the language."""
    secure = settings().base_url.startswith("https://")
    response.set_cookie(COOKIE, language, max_age=_YEAR, samesite="Lax", httponly=True, secure=secure, path="/")


def signed_in_response(token: str, *, actor: Actor, to: str) -> Response:
    """Return the redirect that hands the browser its new session."""
    session.clear()  # nothing of the visitor before her stays, nor the mark of her forms
    response = redirect(to, code=303)
    set_cookie(response, token)
    set_language_cookie(response, actor.language)
    return response


def show_once(name: str, value: Any) -> None:
    """Keep a secret for the next page only, sealed into the browser's own cookie for forms."""
    purpose = f"shown-once:{name}:{viewer_here().user_id}"
    session[name] = seal(json.dumps(value).encode(), key=settings().field_key, purpose=purpose).hex()


def shown_once(name: str) -> Any:
    """Return what `show_once` kept and forget it; None the second time."""
    purpose = f"shown-once:{name}:{viewer_here().user_id}"
    try:
        return json.loads(unseal(bytes.fromhex(session.pop(name, "")), key=settings().field_key, purpose=purpose))
    except (SealBroken, ValueError):
        return None


def sign_in_address(after: str | None = None) -> str:
    """Return the address of the sign-in page that leads on to `after`."""
    return url_for("account_sign_in.show", next=after)

"""Which language a page speaks: address, cookie, account, browser, English; translations fetched once a request."""

from decimal import Decimal
from typing import Any

from flask import Flask, g, request
from flask_babel import Babel, get_translations

from marketplace.core.errors import DomainError, FieldError
from marketplace.core.text import Words
from marketplace.http import login

LANGUAGES = {"en": "English", "sw": "Kiswahili", "fr": "Français", "es": "Español"}
COOKIE = "lang"
# Prices a gram of fine gold are exact to ten.
_MOST_DIGITS = 10
babel = Babel()


def init_languages(app: Flask) -> None:
    """Bind Babel and fast gettext callables to the application."""
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "UTC"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "web/translations"
    babel.init_app(app, locale_selector=_choose)
    # Flask-Babel looks the catalogue up at every call (12 µs of 14); once a request is enough.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translate, ngettext=_translate_plural, newstyle=True
    )
    app.jinja_env.globals["pgettext"] = _translate_in_context


def translate(message: str, **params: Any) -> str:
    """Return `message` in the reader's language with its named parts filled in."""
    found: str = _catalogue().ugettext(message)
    return found % params if params else found


def translate_error(error: DomainError | FieldError) -> str:
    """Return the words of a refusal in the reader's language."""
    params = {name: _shown(value) for name, value in error.params.items()}
    return translate(error.message) % params if params else translate(error.message)


def language() -> str:
    """Return the language of the page at hand."""
    return _choose() or "en"


def written_language() -> str:
    """Return the language the texts really are in: English where the chosen one has no catalogue yet."""
    # Flask-Babel answers with a catalogue in any case; only one that was read from a file has a file.
    return language() if getattr(_catalogue(), "files", ()) else "en"


def _choose() -> str | None:
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = g.language = _first_known() or request.accept_languages.best_match(list(LANGUAGES)) or "en"
    return chosen


def _first_known() -> str | None:
    viewer = login.load_viewer()
    # The cookie is set from the account at sign-in, and changed by the links at the top of each page.
    wanted = (request.args.get("lang"), request.cookies.get(COOKIE), viewer.language if viewer else None)
    return next((code for code in wanted if code in LANGUAGES), None)


def _catalogue() -> Any:
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue


def _translate_plural(singular: str, plural: str, n: int) -> str:
    """Return the form for `n`, its named parts not filled in: Jinja does that, and escapes them."""
    found: str = _catalogue().ungettext(singular, plural, n)
    return found


def _translate_in_context(context: str, message: str, **params: Any) -> str:
    found: str = _catalogue().upgettext(context, message)
    return found % params if params else found


def _shown(value: object) -> object:
    """Format money, times and exact numbers for the reader by the page's own filters."""
    from flask import current_app

    filters = current_app.jinja_env.filters
    if isinstance(value, Words):
        return translate(value)
    if isinstance(value, Decimal):
        return filters["number"](value, most=_MOST_DIGITS)
    name = {"Money": "money", "datetime": "datetime", "date": "date"}.get(type(value).__name__)
    return filters[name](value) if name else value

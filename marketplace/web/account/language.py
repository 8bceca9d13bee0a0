"""Choosing the language of the pages."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from marketplace.accounts.services.profile import change_language
from marketplace.core.errors import NotFound
from marketplace.http.access import HALF_SIGNED_IN, PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import LANGUAGES
from marketplace.web.account.places import own_path, set_language_cookie

bp = Blueprint("account_language", __name__, url_prefix="/language")


@bp.get("")
@allow(PUBLIC)
def choose() -> Response:
    """Let this browser keep a language; the account stays as it is."""
    return _chosen(_known(request.args.get("lang")), request.args.get("next"))


@bp.post("")
@allow(HALF_SIGNED_IN)
def keep() -> Response:
    """Change the language of the account, and so of its letters."""
    language = _known(request.form.get("lang"))
    change_language(current_uow(), language=language)
    return _chosen(language, request.form.get("next"))


def _known(code: str | None) -> str:
    if code not in LANGUAGES:
        raise NotFound
    return str(code)


def _chosen(language: str, after: str | None) -> Response:
    response = redirect(own_path(after) or "/", code=303)
    set_language_cookie(response, language)
    return response

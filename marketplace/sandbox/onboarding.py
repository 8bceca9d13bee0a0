"""The hosted page on which the owner of a connected account says where she is paid."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from marketplace.sandbox import accounts
from marketplace.sandbox.pages import protect
from marketplace.sandbox.pages import refused as show_refusal
from marketplace.sandbox.refusals import Refusal
from marketplace.sandbox.store import Store

bp = Blueprint("onboarding", __name__)
bp.register_error_handler(Refusal, show_refusal)

_NUMBER: Final = re.compile(r"[A-Z0-9]{8,34}")


@bp.get("/onboarding/<account_id>/<token>")
def onboarding_page(account_id: str, token: str) -> BaseResponse:
    """Ask for the holder and the number of a bank account."""
    with _store().transaction() as tx:
        accounts.account_of_link(tx, account_id, token)
    return _page(holder="Sandbox Cooperative", number="DE89 3704 0044 0532 0130 00")


@bp.post("/onboarding/<account_id>/<token>")
def complete(account_id: str, token: str) -> BaseResponse:
    """Keep the bank account and go back to the shop."""
    holder = " ".join(request.form.get("holder", "").split())[:100]
    number = re.sub(r"[\s-]", "", request.form.get("number", ""))[:40].upper()
    with _store().transaction() as tx:
        account = accounts.account_of_link(tx, account_id, token)
        if not holder or not _NUMBER.fullmatch(number):
            return _page(holder=holder, number=number, problem="Enter a holder and a number of 8 to 34 characters.")
        back = accounts.complete(tx, account, holder=holder, number=number)
    return redirect(back, code=303)


def _page(*, holder: str, number: str, problem: str | None = None) -> BaseResponse:
    page = render_template("onboarding.html", holder=holder, number=number, problem=problem)
    # Browsers apply form-action to the redirect back to the shop as well, and any shop may send its owners here.
    return protect(make_response(page, 422 if problem else 200), form_action="'self' http: https:")


def _store() -> Store:
    store: Store = current_app.extensions["sandbox.store"]
    return store

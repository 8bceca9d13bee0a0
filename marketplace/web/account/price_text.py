"""The price of the day by text message: ask for it, type the code in, end it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts import queries
from marketplace.accounts.answers import AnswerReader
from marketplace.accounts.services import throttle
from marketplace.core.errors import InvalidInput, Unavailable
from marketplace.core.text import N_
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow, separately, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.notifications.queries import sms_sender_of
from marketplace.pricing.services import price_texts as service
from marketplace.web.account.places import Page, field_errors, viewer_here
from marketplace.web.public.currencies import CHOICES, currency_choices, wanted_currency

bp = Blueprint("account_price_text", __name__, url_prefix="/account/price-text")
HERE = "/account/price-text"


class TextsNotOffered(Unavailable):
    """This marketplace has no gateway for text messages."""

    code = "texts_not_offered"
    message = N_("Text messages are not offered here.")


@bp.get("")
@allow(SIGNED_IN)
def show() -> Page:
    """Show what was asked for, and the form that fits."""
    return _page(values={}, errors={})


@bp.post("")
@allow(SIGNED_IN)
@once
def ask() -> Page:
    """Send a code to the telephone."""
    _require_gateway()
    try:
        phone, currency = _read()
        with separately(viewer_here().actor()) as counting:
            throttle.begin(
                counting,
                (service.CODES_TO_PHONE, phone),
                (service.CODES_OF_PERSON, str(viewer_here().user_id)),
            )
        service.ask(current_uow(), phone=phone, currency=currency)
    except InvalidInput as refused:
        return _page(values=request.form, errors=field_errors(refused)), 422
    return _back(_("We sent a code to your telephone. Type it in here."))


@bp.post("/code")
@allow(SIGNED_IN)
def confirm() -> Page:
    """Begin the texts when the code is right; each try counts, even a refused one."""
    _require_gateway()
    try:
        with separately(viewer_here().actor()) as counting:
            service.count_try(counting)
        service.confirm(current_uow(), code=request.form.get("code", "")[:40])
    except InvalidInput as refused:
        return _page(values=request.form, errors=field_errors(refused)), 422
    return _back(_("Done. You get the gold price by text message each morning."))


@bp.post("/end")
@allow(SIGNED_IN)
def end() -> Page:
    """End the texts."""
    service.end(current_uow())
    return _back(_("Ended. You get no more text messages about the price."))


def _page(*, values: Any, errors: dict[str, str]) -> str:
    uow, viewer = current_uow(), viewer_here()
    subscription = service.subscription_of(uow.session, viewer.user_id)
    known = {
        "phone": subscription.phone if subscription else queries.user_by_id(uow.session, viewer.user_id).phone or "",
        "currency": subscription.currency if subscription else wanted_currency(),
    }
    return render_template(
        "account/price_text.html",
        subscription=subscription,
        is_offered=sms_sender_of(settings()) is not None,
        currencies=currency_choices(),
        values={**known, **(values.to_dict() if values else {})},
        errors=errors,
    )


def _read() -> tuple[str, str]:
    read = AnswerReader(request.form)
    phone, currency = read.phone(), read.choice("currency", CHOICES)
    if phone is None and "phone" not in read.errors:
        read.refuse("phone", service.BAD_PHONE)
    read.finish()
    return phone or "", currency


def _require_gateway() -> None:
    if sms_sender_of(settings()) is None:
        raise TextsNotOffered


def _back(words: str) -> Response:
    flash(words, "good")
    return redirect(HERE, code=303)

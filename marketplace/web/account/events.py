"""News of the log for programs: where it is sent, what became of it, its secret."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.queries import cooperatives_of_member
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.history import queries, services
from marketplace.history.addresses import shortened
from marketplace.history.slices import STAFF, Slice
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.web.account.places import Page, field_errors, show_once, shown_once

bp = Blueprint("account_events", __name__, url_prefix="/account/events")
MOST_DIGITS: Final = 18
STATES: Final = {
    "active": (N_("News is sent"), "good"),
    "paused": (N_("Paused"), "info"),
    "disabled": (N_("Stopped after many failures"), "bad"),
}


@bp.get("")
@allow(SIGNED_IN)
def show() -> str:
    """List the subscriptions; a new secret is shown once."""
    return _page(values={}, errors={})


@bp.post("")
@allow(SIGNED_IN)
@once
def create() -> Page:
    """Subscribe an address."""
    uow = current_uow()
    chosen = dict(_choices()).get(request.form.get("whose", ""))
    try:
        if chosen is None:
            raise InvalidInput({"whose": N_("Choose whose events are sent.")})
        made = services.create(uow, whose=chosen[0], address=request.form.get("address", "").strip())
    except InvalidInput as error:
        return _page(values=request.form, errors=field_errors(error)), 422
    show_once("news_secret", made.secret)
    return redirect(url_for("account_events.show"), code=303)


@bp.get("/<uuid:subscription_id>")
@allow(SIGNED_IN)
def one(subscription_id: UUID) -> str:
    """Show what became of each delivery."""
    return _deliveries(subscription_id, values={}, errors={})


@bp.post("/<uuid:subscription_id>/pause")
@allow(SIGNED_IN)
def pause(subscription_id: UUID) -> Response:
    """Stop for now."""
    services.pause(current_uow(), subscription_id=subscription_id)
    flash(_("No news is sent for now. What happens meanwhile is sent later."), "good")
    return redirect(url_for("account_events.show"), code=303)


@bp.post("/<uuid:subscription_id>/resume")
@allow(SIGNED_IN)
def resume(subscription_id: UUID) -> Response:
    """Go on."""
    services.resume(current_uow(), subscription_id=subscription_id)
    flash(_("News is sent again, from where it stopped."), "good")
    return redirect(url_for("account_events.show"), code=303)


@bp.post("/<uuid:subscription_id>/secret")
@allow(SIGNED_IN)
def rotate(subscription_id: UUID) -> Response:
    """Make a new secret."""
    show_once("news_secret", services.rotate(current_uow(), subscription_id=subscription_id).secret)
    return redirect(url_for("account_events.show"), code=303)


@bp.post("/<uuid:subscription_id>/replay")
@allow(SIGNED_IN)
def replay(subscription_id: UUID) -> Page:
    """Send everything again from an entry on."""
    try:
        services.replay(current_uow(), subscription_id=subscription_id, since=_place(request.form.get("since", "")))
    except InvalidInput as error:
        return _deliveries(subscription_id, values=request.form, errors=field_errors(error)), 422
    flash(_("The entries are sent again within a minute."), "good")
    return redirect(url_for("account_events.one", subscription_id=subscription_id), code=303)


@bp.post("/<uuid:subscription_id>/end")
@allow(SIGNED_IN)
def delete(subscription_id: UUID) -> Response:
    """End it."""
    services.delete(current_uow(), subscription_id=subscription_id)
    flash(_("This address gets no more news."), "good")
    return redirect(url_for("account_events.show"), code=303)


def _choices() -> list[tuple[str, tuple[Slice, str]]]:
    """Return whose events the viewer may subscribe to, by the value in the form."""
    uow = current_uow()
    found = [("staff", (STAFF, _("All events of the marketplace")))]
    found += [
        (str(each.id), (Slice("cooperative", each.id), each.legal_name))
        for each in cooperatives_of_member(uow.session, uow.actor)
    ]
    if uow.actor.buyer_id:
        found.append(("buyer", (Slice("buyer", uow.actor.buyer_id), _("Your purchases"))))
    return [(value, (whose, words)) for value, (whose, words) in found if services.may_subscribe(uow, whose)]


def _page(*, values: Any, errors: dict[str, str]) -> str:
    choices = _choices()
    slices = [whose for _value, (whose, _words) in choices]
    found = queries.subscriptions(current_uow().session, slices) if slices else []
    return render_template(
        "account/events.html",
        found=[
            (
                row,
                progress,
                shortened(services.address_of(row, settings())),
                _(STATES[row.state][0]),
                STATES[row.state][1],
            )
            for row, progress in found
        ],
        choices=[(value, words) for value, (_whose, words) in choices],
        secret=shown_once("news_secret"),
        values=values,
        errors=errors,
    )


def _deliveries(subscription_id: UUID, *, values: Any, errors: dict[str, str]) -> str:
    uow = current_uow()
    row = services.own_unlocked(uow, subscription_id)
    found = queries.deliveries(uow.session, row.id, before=_cursor(request.args.get("before", "")))
    shown = found[: queries.DELIVERIES]
    return render_template(
        "account/event_deliveries.html",
        row=row,
        deliveries=shown,
        next_before=shown[-1].id if len(found) > queries.DELIVERIES else None,
        values=values,
        errors=errors,
    )


def _place(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise InvalidInput({"since": N_("Write the number of an entry in digits.")})
    return int(text)


def _cursor(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else None

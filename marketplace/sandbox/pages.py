"""The hosted payment page, as a buyer meets it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from marketplace.sandbox import bank_transfers, checkout
from marketplace.sandbox.amounts import display
from marketplace.sandbox.cards import CARDS, Card, card_of, spaced
from marketplace.sandbox.refusals import Refusal
from marketplace.sandbox.store import Body, Store, Transaction

bp = Blueprint("pages", __name__)

_UNKNOWN_CARD: Final = "Enter one of the test card numbers listed below."


@bp.get("/pay/<session_id>")
def payment_page(session_id: str) -> BaseResponse:
    """Show what is to be paid."""
    with _store().transaction() as tx:
        session = _session(tx, session_id)
    return _page(session, number=spaced(CARDS[0].number))


@bp.post("/pay/<session_id>")
def pay(session_id: str) -> BaseResponse:
    """Charge the card once, however often the form is sent."""
    number = request.form.get("number", "")[:40]
    with _store().transaction() as tx:
        session = _session(tx, session_id)
        problem = None
        if session["status"] == "open" and session["customer"] is not None:
            bank_transfers.promise(tx, session)
            session = _session(tx, session_id)
        elif session["status"] == "open":
            problem = _charge(tx, session, card_of(number))
    return _page(session, number=number, problem=problem)


def _charge(tx: Transaction, session: Body, card: Card | None) -> str | None:
    """Return why the payment did not succeed, or nothing."""
    if card is None:
        return _UNKNOWN_CARD
    checkout.pay(tx, session, card)
    return card.message


def _session(tx: Transaction, session_id: str) -> Body:
    checkout.expire_due(tx)
    return tx.find("checkout.session", session_id)


def _page(session: Body, *, number: str, problem: str | None = None) -> BaseResponse:
    back = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
    if session["status"] == "complete":
        return redirect(back, code=303) if session["payment_status"] == "paid" else _instructions(session, back=back)
    page = render_template(
        "pay.html",
        session=session,
        amount=display(session["amount_total"], session["currency"]),
        cards=[(spaced(card.number), card.purpose) for card in CARDS],
        number=number,
        problem=problem,
    )
    response = make_response(page, 410 if session["status"] == "expired" else 422 if problem else 200)
    # Browsers apply form-action to the redirect after the form as well, so the shop's own addresses belong here.
    targets = " ".join(sorted({_origin(session["success_url"]), "'self'"}))
    return protect(response, form_action=targets)


def _instructions(session: Body, *, back: str) -> BaseResponse:
    """Say what to send and where: the page is done, the money is not here yet."""
    with _store().transaction() as tx:
        intent = tx.find("payment_intent", session["payment_intent"])
    wanted = (intent["next_action"] or {}).get("display_bank_transfer_instructions", {})
    page = render_template(
        "instructions.html",
        session=session,
        intent=intent,
        amount=display(wanted.get("amount_remaining", 0), session["currency"]),
        reference=wanted.get("reference"),
        back=back,
    )
    return protect(make_response(page), form_action="'self'")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def protect(response: Response, *, form_action: str) -> Response:
    """Let a page load nothing but its own style sheet."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.errorhandler(Refusal)
def refused(refusal: Refusal) -> BaseResponse:
    """Show a page that says no."""
    page = render_template("refused.html", message=refusal.message)
    return protect(make_response(page, refusal.status), form_action="'none'")


def _store() -> Store:
    store: Store = current_app.extensions["sandbox.store"]
    return store

"""The second control page: what banks and people do, such as sending money, disputing it or closing an account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, current_app, make_response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from marketplace.sandbox import accounts, bank_transfers, disputes, refunds, transfers
from marketplace.sandbox.amounts import LARGEST, display
from marketplace.sandbox.control import done, refused, same_site_only
from marketplace.sandbox.pages import protect
from marketplace.sandbox.parameters import Parameters, text, whole
from marketplace.sandbox.refusals import Refusal, wrong_state
from marketplace.sandbox.store import Body, Store, Transaction

bp = Blueprint("happenings", __name__, url_prefix="/control")
bp.before_request(same_site_only)
bp.register_error_handler(Refusal, refused)

MOST_SHOWN: Final = 20


@bp.get("/happenings")
def page() -> BaseResponse:
    """Show what waits for a bank or a person."""
    with _store().transaction() as tx:
        shown = render_template(
            "happenings.html",
            intents=_some(tx, "payment_intent", lambda each: each["status"] == "requires_action"),
            charges=_some(tx, "charge", lambda each: each["paid"] and not each["disputed"]),
            disputes=_some(tx, "dispute", disputes.is_open),
            payouts=_some(tx, "payout", lambda each: each["status"] not in {"failed", "canceled"}),
            refunds=_some(tx, "refund", lambda each: each["status"] == "pending"),
            accounts=_some(tx, "account", lambda each: each["payouts_enabled"]),
            display=display,
        )
    return protect(make_response(shown), form_action="'self'")


@bp.post("/bank_transfers")
def send_money() -> BaseResponse:
    """Let a buyer's bank transfer arrive: exact, short, in excess or late, as the amount and the moment say."""

    def work(tx: Transaction, wanted: Parameters) -> None:
        intent = _intent_of(tx, wanted)
        if intent["customer"] is None:
            raise wrong_state("This payment is not one by bank transfer.", code="wrong_state")
        amount = whole(wanted, "amount", least=1, most=LARGEST)
        currency = str(wanted.get("currency") or intent["currency"])
        bank_transfers.arrive(tx, intent["customer"], currency=currency, amount=amount, first=intent["id"])

    return _do(work)


@bp.post("/bank_transfers/fail")
def fail_transfer() -> BaseResponse:
    """Let an awaited bank transfer fail."""
    return _do(
        lambda tx, wanted: bank_transfers.fail(tx, tx.find("checkout.session", _intent_of(tx, wanted)["_session"]))
    )


@bp.post("/disputes")
def open_dispute() -> BaseResponse:
    """Let a buyer's bank take a payment back."""

    def work(tx: Transaction, wanted: Parameters) -> None:
        paid = tx.find("charge", _charge_id(tx, wanted))
        amount = whole(wanted, "amount", least=1, most=LARGEST) if wanted.get("amount") else None
        reason = str(wanted.get("reason") or "fraudulent")
        disputes.open_dispute(tx, paid, amount=amount, reason=reason, inquiry=wanted.get("inquiry") == "1")

    return _do(work)


@bp.post("/disputes/decide")
def decide_dispute() -> BaseResponse:
    """Let the bank decide a dispute, or the buyer withdraw it."""
    return _do(lambda tx, wanted: disputes.decide(tx, disputes.dispute_named(tx, wanted), text(wanted, "outcome")))


@bp.post("/payouts")
def move_payout() -> BaseResponse:
    """Move a payout on: in_transit, paid or failed."""
    return _do(lambda tx, wanted: transfers.move_payout(tx, _named(tx, "payout", wanted), text(wanted, "outcome")))


@bp.post("/refunds")
def settle_refund() -> BaseResponse:
    """Let a pending refund arrive or fail."""
    return _do(
        lambda tx, wanted: refunds.settle(
            tx, _named(tx, "refund", wanted), arrives=wanted.get("outcome") == "succeeded"
        )
    )


@bp.post("/accounts/restrict")
def restrict_account() -> BaseResponse:
    """Ask the owner of a connected account for more."""
    return _do(lambda tx, wanted: accounts.restrict(tx, _named(tx, "account", wanted)))


def _do(work: Callable[[Transaction, Parameters], Any]) -> BaseResponse:
    given = request.get_json() if request.is_json else request.form.to_dict()
    wanted = {str(name): str(value) for name, value in given.items()}
    with _store().transaction() as tx:
        work(tx, wanted)
    return done("happenings")


def _named(tx: Transaction, kind: str, wanted: Parameters) -> Body:
    return tx.find(kind, text(wanted, kind))


def _intent_of(tx: Transaction, wanted: Parameters) -> Body:
    """Return the payment that a form names, by itself or by its page."""
    if "session" in wanted:
        session = tx.find("checkout.session", wanted["session"])
        return tx.find("payment_intent", session["payment_intent"] or "")
    return _named(tx, "payment_intent", wanted)


def _charge_id(tx: Transaction, wanted: Parameters) -> str:
    return wanted["charge"] if "charge" in wanted else str(_intent_of(tx, wanted)["latest_charge"])


def _some(tx: Transaction, kind: str, waits: Callable[[Body], bool]) -> list[Body]:
    return [each for each in tx.all_of(kind) if waits(each)][:MOST_SHOWN]


def _store() -> Store:
    store: Store = current_app.extensions["sandbox.store"]
    return store

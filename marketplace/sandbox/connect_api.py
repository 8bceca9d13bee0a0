"""The part of Stripe's HTTP API for disputes, connected accounts, transfers and payouts."""

from __future__ import annotations

from flask import Blueprint, Response

from marketplace.sandbox import accounts, disputes, listing, transfers
from marketplace.sandbox.answering import Call, answer
from marketplace.sandbox.api import READ_ONLY
from marketplace.sandbox.parameters import only
from marketplace.sandbox.store import Body, Transaction

bp = Blueprint("connect_api", __name__, url_prefix="/v1")


@bp.post("/disputes/<dispute_id>")
def submit_evidence(dispute_id: str) -> Response:
    """Submit evidence about a dispute."""

    def work(tx: Transaction, call: Call) -> Body:
        dispute = tx.find("dispute", dispute_id)
        return listing.shown(tx, disputes.submit_evidence(tx, dispute, call.parameters, caller=call.caller))

    return answer(work)


@bp.post("/disputes/<dispute_id>/close")
def close_dispute(dispute_id: str) -> Response:
    """Accept a dispute as lost."""

    def work(tx: Transaction, call: Call) -> Body:
        only(call.parameters, READ_ONLY)
        return listing.shown(tx, disputes.close(tx, tx.find("dispute", dispute_id), caller=call.caller))

    return answer(work)


@bp.post("/accounts")
def make_account() -> Response:
    """Keep a recipient's account."""
    return answer(lambda tx, call: listing.shown(tx, accounts.make(tx, call.parameters)))


@bp.post("/account_links")
def make_link() -> Response:
    """Give a link to an account's own page."""
    return answer(lambda tx, call: accounts.link(tx, call.parameters, base_url=call.base_url))


@bp.post("/transfers")
def make_transfer() -> Response:
    """Send money to a connected account."""
    return answer(lambda tx, call: listing.shown(tx, transfers.transfer(tx, call.parameters, caller=call.caller)))


@bp.post("/transfers/<transfer_id>/reversals")
def reverse_transfer(transfer_id: str) -> Response:
    """Take a transfer back."""

    def work(tx: Transaction, call: Call) -> Body:
        sent = tx.find("transfer", transfer_id)
        return listing.shown(tx, transfers.reverse(tx, sent, call.parameters, caller=call.caller))

    return answer(work)


@bp.post("/payouts")
def make_payout() -> Response:
    """Send money to our own bank account."""
    return answer(lambda tx, call: listing.shown(tx, transfers.pay_out(tx, call.parameters, caller=call.caller)))


@bp.post("/payouts/<payout_id>/cancel")
def cancel_payout(payout_id: str) -> Response:
    """Take back a payout that has not left yet."""

    def work(tx: Transaction, call: Call) -> Body:
        only(call.parameters, READ_ONLY)
        return listing.shown(tx, transfers.cancel_payout(tx, tx.find("payout", payout_id), caller=call.caller))

    return answer(work)

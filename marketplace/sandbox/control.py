"""The control page: ask for faults, release held events, move the clock, look at the queue."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from marketplace.sandbox import checkout, events, exchange, faults
from marketplace.sandbox.pages import protect
from marketplace.sandbox.parameters import whole
from marketplace.sandbox.refusals import Refusal
from marketplace.sandbox.store import SETTLES_AFTER, Store, Transaction

bp = Blueprint("control", __name__, url_prefix="/control")

_LONGEST_STEP_SECONDS = 366 * 24 * 60 * 60


@bp.before_request
def same_site_only() -> None:
    """Refuse a form that another site's page sent."""
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        raise Refusal("The control page takes orders from its own pages only.", status=403)


@bp.get("")
def control_page() -> BaseResponse:
    """Show the faults and the queue."""
    with _store().transaction() as tx:
        page = render_template("control.html", faults=faults.FAULTS, **_state(tx))
    return protect(make_response(page), form_action="'self'")


@bp.get("/state")
def state() -> Response:
    """Give the faults, the queue and the clock to a program."""
    with _store().transaction() as tx:
        return jsonify(_state(tx))


@bp.post("/faults")
def change_faults() -> BaseResponse:
    """Set the named faults and leave the others."""
    wanted = request.get_json() if request.is_json else request.form.to_dict()
    if not isinstance(wanted, dict):
        raise Refusal("Send an object with the names of faults.")
    with _store().transaction() as tx:
        faults.change(tx, wanted)
    return done()


@bp.post("/faults/clear")
def clear_faults() -> BaseResponse:
    """Switch every fault off; held events stay held until they are released."""
    with _store().transaction() as tx:
        faults.clear(tx)
    return done()


@bp.post("/release")
def release() -> BaseResponse:
    """Deliver the held events, the newest first."""
    with _store().transaction() as tx:
        events.release_in_reverse(tx)
    return done()


@bp.post("/clock")
def move_clock() -> BaseResponse:
    """Let time pass: sessions expire and money settles; signatures keep the true time."""
    wanted = request.get_json() if request.is_json else request.form.to_dict()
    with _store().transaction() as tx:
        seconds = whole({"advance_seconds": str(wanted.get("advance_seconds", ""))}, "advance_seconds",
                        least=1, most=_LONGEST_STEP_SECONDS)  # fmt: skip
        tx.set("clock_offset", tx.setting("clock_offset") + seconds)
        checkout.expire_due(tx)
    return done()


@bp.post("/settling")
def change_settling() -> BaseResponse:
    """Set how long money that comes in from now on stays pending."""
    wanted = request.get_json() if request.is_json else request.form.to_dict()
    with _store().transaction() as tx:
        seconds = whole({"seconds": str(wanted.get("seconds", ""))}, "seconds", least=0, most=_LONGEST_STEP_SECONDS)
        tx.set(SETTLES_AFTER, seconds)
    return done()


@bp.post("/exchange")
def change_exchange() -> BaseResponse:
    """Let the account count charges in one currency to a balance in another, as Stripe does without such a balance."""
    wanted = request.get_json() if request.is_json else request.form.to_dict()
    with _store().transaction() as tx:
        source, target, rate = (str(wanted.get(name, "")) for name in ("from", "to", "rate"))
        exchange.set_rate(tx, source=source, target=target, rate=rate)
    return done()


@bp.errorhandler(Refusal)
def refused(refusal: Refusal) -> BaseResponse:
    """Say no to a program or to a person."""
    if request.is_json:
        return make_response(jsonify(refusal.body()), refusal.status)
    page = render_template("refused.html", message=refusal.message)
    return protect(make_response(page, refusal.status), form_action="'none'")


def _state(tx: Transaction) -> dict[str, Any]:
    return {"values": faults.read(tx), "deliveries": events.deliveries(tx), "now": tx.now()}


def done(page: str = "") -> BaseResponse:
    """Answer a program with the state, and a person with a page of the control."""
    if request.is_json:
        with _store().transaction() as tx:
            return jsonify(_state(tx))
    return redirect(f"/control/{page}".rstrip("/"), code=303)


def _store() -> Store:
    store: Store = current_app.extensions["sandbox.store"]
    return store

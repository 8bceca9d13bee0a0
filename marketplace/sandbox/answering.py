"""Answer an API call: authenticated, once for each idempotency key, with the faults that were asked for."""

from __future__ import annotations

import hmac
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request

from marketplace.sandbox import checkout, faults, idempotency, listing
from marketplace.sandbox.events import Caller
from marketplace.sandbox.parameters import Parameters, decode
from marketplace.sandbox.refusals import Refusal
from marketplace.sandbox.store import Body, Store, Transaction, new_id


@dataclass(frozen=True, slots=True)
class Call:
    """One API request, read and authenticated."""

    parameters: Parameters
    caller: Caller
    base_url: str
    path: str


Work = Callable[[Transaction, Call], Body]


def answer(work: Work) -> Response:
    """Do the work of a call once, with the faults that were asked for."""
    store: Store = current_app.extensions["sandbox.store"]
    request_id = new_id("req")
    try:
        _authenticate()
        response = _remembered(store, work, request_id) if request.method == "POST" else _run(store, work, request_id)
    except Refusal as refusal:
        response = _json(refusal.status, json.dumps(refusal.body()), request_id)
    if "Sandbox-Cut" in response.headers:
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return response


def _authenticate() -> None:
    given = request.authorization
    key = (given.token or given.username) if given else None
    if not key:
        raise Refusal("You did not provide an API key.", status=401)
    if not hmac.compare_digest(key.encode(), current_app.config["SANDBOX_SECRET_KEY"].encode()):
        raise Refusal(f"Invalid API Key provided: {key[:8]}****", status=401)


def _run(store: Store, work: Work, request_id: str) -> Response:
    """Answer a call that changes nothing."""
    cut = _suffer(store)
    with store.transaction() as tx:
        checkout.expire_due(tx)
    with store.transaction() as tx:
        call = _call(request_id, None)
        body = listing.expanded(tx, work(tx, call), call.parameters)
    return _json(200, json.dumps(body), request_id, cut=cut)


def _remembered(store: Store, work: Work, request_id: str) -> Response:
    """Answer a call that changes something: once for each idempotency key."""
    key = request.headers.get("Idempotency-Key") or request_id
    call = _call(request_id, key)
    _fail(store)
    with store.transaction() as tx:
        fingerprint = idempotency.fingerprint_of(request.path, call.parameters)
        first = idempotency.begin(tx, key=key, fingerprint=fingerprint, request_id=request_id)
    if first is not None:
        return _replay(first, key=key, request_id=request_id)
    cut = _wait_and_take_cut(store)
    status, body = _work_once(store, work, call, key)
    response = _json(status, body, request_id, cut=cut)
    response.headers["Idempotency-Key"] = key
    return response


def _replay(first: idempotency.Answer, *, key: str, request_id: str) -> Response:
    response = _json(first.status, first.body, request_id)
    response.headers["Idempotency-Key"] = key
    response.headers["Idempotent-Replayed"] = "true"
    response.headers["Original-Request"] = first.request_id
    return response


def _work_once(store: Store, work: Work, call: Call, key: str) -> tuple[int, str]:
    """Do the work and remember its answer in the same transaction."""
    try:
        with store.transaction() as tx:
            checkout.expire_due(tx)
        with store.transaction() as tx:
            body = json.dumps(listing.expanded(tx, work(tx, call), call.parameters))
            idempotency.finish(tx, key=key, status=200, body=body)
            return 200, body
    except Refusal as refusal:
        with store.transaction() as tx:
            if refusal.remembered:
                idempotency.finish(tx, key=key, status=refusal.status, body=json.dumps(refusal.body()))
            else:
                idempotency.forget(tx, key=key)
        raise
    except Exception:  # whatever broke, the key must not stay taken; the fault itself goes on
        with store.transaction() as tx:
            idempotency.forget(tx, key=key)
        raise


def _call(request_id: str, key: str | None) -> Call:
    pairs = request.form if request.method == "POST" else request.args
    return Call(
        parameters=decode(pairs.items(multi=True)),
        caller=Caller(request_id=request_id, idempotency_key=key),
        base_url=current_app.config["SANDBOX_PUBLIC_URL"] or request.host_url.rstrip("/"),
        path=request.path,
    )


def _suffer(store: Store) -> bool:
    _fail(store)
    return _wait_and_take_cut(store)


def _fail(store: Store) -> None:
    with store.transaction() as tx:
        failing = faults.take(tx, "fail_next")
    if failing:
        raise Refusal("An error occurred inside the sandbox, as asked.", status=500, kind="api_error")


def _wait_and_take_cut(store: Store) -> bool:
    with store.transaction() as tx:
        pause = tx.setting("slow_ms") / 1000 if faults.take(tx, "slow_next") else 0.0
        cut = faults.take(tx, "cut_next")
    time.sleep(pause)
    return cut


def _json(status: int, body: str, request_id: str, *, cut: bool = False) -> Response:
    headers: dict[str, Any] = {"Request-Id": request_id}
    if "Stripe-Version" in request.headers:
        headers["Stripe-Version"] = request.headers["Stripe-Version"]
    if cut:
        headers["Sandbox-Cut"] = "1"
    return Response(body, status=status, mimetype="application/json", headers=headers)

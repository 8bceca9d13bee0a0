"""Checkout sessions: open one, pay it with a card, let it expire."""

from __future__ import annotations

from typing import Any, Final

from marketplace.sandbox import bank_transfers, disputes, entries, objects
from marketplace.sandbox.amounts import LARGEST, check_last_digit
from marketplace.sandbox.cards import Card
from marketplace.sandbox.events import NOBODY, Caller, tell
from marketplace.sandbox.parameters import Parameters, address, branch, only, text, whole
from marketplace.sandbox.refusals import invalid, missing, wrong_state
from marketplace.sandbox.store import Body, Transaction, new_id

SHORTEST_SECONDS: Final = 30 * 60
LONGEST_SECONDS: Final = 24 * 60 * 60
_KNOWN: Final = frozenset(
    {
        "allowed_payment_method_types", "cancel_url", "client_reference_id", "customer", "customer_email", "expand",
        "expires_at", "line_items", "locale", "metadata", "mode", "payment_intent_data", "payment_method_options",
        "success_url",
    }
)  # fmt: skip
_KNOWN_INTENT: Final = frozenset({"capture_method", "description", "metadata", "transfer_group"})


def open_session(tx: Transaction, parameters: Parameters, *, base_url: str) -> Body:
    """Open a checkout session for one payment."""
    only(parameters, _KNOWN)
    if parameters.get("mode") != "payment":
        raise invalid("mode", "This sandbox opens sessions in mode 'payment' only.")
    methods = parameters.get("allowed_payment_method_types", ["card"])
    if methods not in (["card"], [bank_transfers.METHOD]):
        raise invalid("allowed_payment_method_types", "This sandbox takes cards, or bank transfers, on a page.")
    intent_data = branch(parameters, "payment_intent_data")
    only(intent_data, _KNOWN_INTENT)
    if intent_data.get("capture_method", "automatic") not in {"automatic", "automatic_async"}:
        raise invalid("payment_intent_data[capture_method]", "This sandbox captures at once.")
    amount, currency, name = _lines(parameters)
    session_id = new_id("cs_test")
    session = _session(parameters, session_id=session_id, amount=amount, currency=currency, now=tx.now())
    if methods == [bank_transfers.METHOD]:
        session["customer"] = bank_transfers.check(tx, parameters, currency=currency)
    session["payment_method_types"] = session["allowed_payment_method_types"] = methods
    session["url"] = f"{base_url}/pay/{session_id}"
    session["_name"] = name
    session["_payment_intent_data"] = intent_data
    return tx.add(session)


def _lines(parameters: Parameters) -> tuple[int, str, str]:
    lines = parameters.get("line_items")
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise missing("line_items")
    amount, currency, names = 0, "", []
    for place, line in enumerate(lines):
        prefix = f"line_items[{place}][price_data]"
        price = branch(line, "price_data")
        currency_here = text(price, "currency", prefix=f"{prefix} ").lower()
        if len(currency_here) != 3 or not currency_here.isalpha() or currency not in {"", currency_here}:
            raise invalid("line_items", f"Invalid currency: {currency_here}")
        currency = currency_here
        quantity = whole(line, "quantity", least=1, most=999_999)
        amount += quantity * whole(price, "unit_amount", least=1, most=LARGEST, prefix=f"{prefix} ")
        names.append(text(branch(price, "product_data"), "name", prefix=f"{prefix}[product_data] "))
    check_last_digit(amount, currency, field="unit_amount")
    return amount, currency, ", ".join(names)


def _session(parameters: Parameters, *, session_id: str, amount: int, currency: str, now: int) -> Body:
    return {
        "id": session_id, "object": "checkout.session", "created": now, "livemode": False,
        "amount_subtotal": amount, "amount_total": amount, "currency": currency,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": address(parameters, "cancel_url") if "cancel_url" in parameters else None,
        "client_reference_id": parameters.get("client_reference_id"), "customer": None, "customer_details": None,
        "customer_email": parameters.get("customer_email"), "expires_at": _expiry(parameters, now=now),
        "locale": parameters.get("locale"), "metadata": branch(parameters, "metadata"), "mode": "payment",
        "payment_intent": None, "payment_method_options": branch(parameters, "payment_method_options"),
        "payment_method_types": ["card"], "payment_status": "unpaid", "setup_intent": None, "status": "open",
        "allowed_payment_method_types": ["card"], "custom_fields": [], "custom_text": {}, "shipping_options": [],
        "submit_type": None, "subscription": None, "success_url": address(parameters, "success_url"),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}, "ui_mode": "hosted_page",
    }  # fmt: skip


def _expiry(parameters: Parameters, *, now: int) -> int:
    if "expires_at" not in parameters:
        return now + LONGEST_SECONDS
    return whole(parameters, "expires_at", least=now + SHORTEST_SECONDS, most=now + LONGEST_SECONDS)


def expire(tx: Transaction, session: Body, *, caller: Caller = NOBODY) -> Body:
    """Close an open session so that nobody can pay it any more."""
    if session["status"] != "open":
        raise wrong_state(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"{session['status']}.",
            code="resource_invalid_state",
        )
    session.update(status="expired", url=None)
    if session["payment_intent"] is not None:
        intent = tx.find("payment_intent", session["payment_intent"])
        intent.update(status="canceled", canceled_at=tx.now(), cancellation_reason="expired")
        tell(tx, "payment_intent.canceled", tx.save(intent), caller=caller)
    tell(tx, "checkout.session.expired", tx.save(session), caller=caller)
    return session


def expire_due(tx: Transaction) -> int:
    """Expire the open sessions whose time has come; return how many."""
    due = tx.execute(
        "SELECT id FROM object WHERE kind = 'checkout.session' AND json_extract(body, '$.status') = 'open' "
        "AND json_extract(body, '$.expires_at') <= ? ORDER BY seq",
        (tx.now(),),
    ).fetchall()
    for row in due:
        expire(tx, tx.find("checkout.session", row["id"]))
    return len(due)


def pay(tx: Transaction, session: Body, card: Card) -> Body:
    """Charge a card for an open session and return the charge, which says whether the card took it."""
    intent = _intent_of(tx, session)
    attempt = tx.add(objects.charge(intent, card, now=tx.now()))
    intent["latest_charge"] = attempt["id"]
    if attempt["paid"]:
        _settle(tx, session, intent, attempt)
        if card.is_disputed:
            disputes.open_dispute(tx, attempt)
    else:
        _decline(tx, intent, attempt, card)
    return attempt


def _intent_of(tx: Transaction, session: Body) -> Body:
    if session["payment_intent"] is not None:
        return tx.find("payment_intent", session["payment_intent"])
    intent = tx.add(objects.payment_intent(session, now=tx.now()))
    session["payment_intent"] = intent["id"]
    tx.save(session)
    tell(tx, "payment_intent.created", intent)
    return intent


def _settle(tx: Transaction, session: Body, intent: Body, attempt: Body) -> None:
    attempt["balance_transaction"] = entries.book_charge(tx, attempt)["id"]
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        last_payment_error=None,
        payment_method=attempt["payment_method"],
    )
    session.update(status="complete", payment_status="paid", url=None, customer_details=_payer(session))
    for kind, subject in (
        ("charge.succeeded", attempt),
        ("payment_intent.succeeded", intent),
        ("checkout.session.completed", session),
    ):
        tell(tx, kind, tx.save(subject))


def _payer(session: Body) -> dict[str, Any]:
    return {"address": None, "email": session["customer_email"], "name": None, "phone": None,
            "tax_exempt": "none", "tax_ids": []}  # fmt: skip


def _decline(tx: Transaction, intent: Body, attempt: Body, card: Card) -> None:
    intent["last_payment_error"] = {
        "type": "card_error", "code": card.refusal, "decline_code": card.reason, "message": card.message,
        "charge": attempt["id"],
    }  # fmt: skip
    tell(tx, "charge.failed", attempt)
    tell(tx, "payment_intent.payment_failed", tx.save(intent))

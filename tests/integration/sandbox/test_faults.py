"""Calls that fail, are cut off or meet their own double: what the provider may conclude."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from marketplace.core.money import Money
from marketplace.payments.provider import PaymentProvider, ProviderRefused, ProviderUnavailable
from tests.integration.sandbox.conftest import PRICE, open_checkout
from tests.integration.sandbox.processes import Sandbox, wait_until

PARAMETERS = {
    "mode": "payment",
    "success_url": "https://shop.example/",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "500",
    "line_items[0][price_data][product_data][name]": "Garnet",
}


def test_the_same_key_gives_the_first_answer_again(sandbox: Sandbox) -> None:
    first, second = (sandbox.call("checkout/sessions", PARAMETERS, key="replay") for _ in range(2))
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]
    assert second.content == first.content


def test_the_same_key_with_another_amount_is_refused(sandbox: Sandbox, provider: PaymentProvider) -> None:
    sandbox.call("checkout/sessions", PARAMETERS, key="conflict")
    with pytest.raises(ProviderRefused) as refused:
        open_checkout(provider, amount=Money(1, "USD"), key="conflict")
    assert refused.value.reason == "idempotency_error"


def test_the_same_key_while_the_first_call_runs_is_a_conflict(sandbox: Sandbox) -> None:
    sandbox.order("faults", slow_next=1, slow_ms=1_500)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(sandbox.call, "checkout/sessions", PARAMETERS, key="in-flight")
        wait_until(lambda: sandbox.order("faults")["values"]["slow_next"] == 0, why="the first call is under way")
        second = sandbox.call("checkout/sessions", PARAMETERS, key="in-flight")
        first = running.result(timeout=10)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["error"]["code"] == "idempotency_key_in_use"


def test_refused_parameters_leave_the_key_free(sandbox: Sandbox) -> None:
    wrong = sandbox.call("checkout/sessions", {**PARAMETERS, "colour": "red"}, key="corrected")
    assert wrong.json()["error"]["code"] == "parameter_unknown"
    assert sandbox.call("checkout/sessions", PARAMETERS, key="corrected").status_code == 200


def test_a_short_failure_is_retried_without_a_trace(sandbox: Sandbox, provider: PaymentProvider) -> None:
    sandbox.order("faults", fail_next=1)
    assert open_checkout(provider).url.startswith(sandbox.url)


def test_a_long_failure_leaves_the_outcome_of_a_command_unknown(sandbox: Sandbox, provider: PaymentProvider) -> None:
    sandbox.order("faults", fail_next=3)
    with pytest.raises(ProviderUnavailable) as unavailable:
        open_checkout(provider)
    assert unavailable.value.outcome_unknown


def test_a_failed_reading_has_no_outcome(sandbox: Sandbox, provider: PaymentProvider) -> None:
    sandbox.order("faults", fail_next=3)
    with pytest.raises(ProviderUnavailable) as unavailable:
        provider.find_checkout("cs_test_1")
    assert not unavailable.value.outcome_unknown


def test_a_refund_whose_answer_was_cut_off_happened_once(sandbox: Sandbox, provider: PaymentProvider) -> None:
    checkout = open_checkout(provider)
    sandbox.pay(checkout.session_id)
    payment_id = provider.find_checkout(checkout.session_id).payment_intent_id or ""
    sandbox.order("faults", cut_next=1)
    refund = provider.create_refund(key=payment_id, payment_intent_id=payment_id, amount=PRICE, order_reference="1")
    assert [found.id for found in provider.refunds_of(payment_id)] == [refund.id]


def test_a_slow_call_still_answers(sandbox: Sandbox, provider: PaymentProvider) -> None:
    sandbox.order("faults", slow_next=1, slow_ms=300)
    started = time.monotonic()
    provider.events_since(None, limit=1)
    assert time.monotonic() - started >= 0.3


def test_an_unknown_fault_changes_nothing(sandbox: Sandbox) -> None:
    with pytest.raises(AssertionError, match="There is no fault named fail_nxt"):
        sandbox.order("faults", fail_next=1, fail_nxt=1)
    assert sandbox.order("faults")["values"]["fail_next"] == 0

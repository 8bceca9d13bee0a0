"""Signatures by worked example."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from stripe import WebhookSignature

from marketplace.payments.webhook_signature import is_genuine

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = "whsec_1"
PAYLOAD = b'{"id": "evt_1"}'


def signed(at: datetime = NOW, *, secret: str = SECRET, payload: bytes = PAYLOAD) -> str:
    """Sign as Stripe's own library does."""
    header: str = WebhookSignature.generate_signature_header(payload.decode(), secret, int(at.timestamp()))
    return header


@pytest.mark.parametrize("seconds", [0, 300, -300])
def test_a_signature_within_five_minutes_is_genuine(seconds: int) -> None:
    assert is_genuine(PAYLOAD, signed(NOW + timedelta(seconds=seconds)), secret=SECRET, now=NOW)


@pytest.mark.parametrize("seconds", [301, -301])
def test_a_signature_from_another_time_is_not(seconds: int) -> None:
    assert not is_genuine(PAYLOAD, signed(NOW + timedelta(seconds=seconds)), secret=SECRET, now=NOW)


def test_one_good_signature_among_two_is_enough_while_the_secret_changes() -> None:
    assert is_genuine(PAYLOAD, f"{signed(secret='whsec_old')},{signed().split(',')[1]}", secret=SECRET, now=NOW)


@pytest.mark.parametrize(
    "header",
    ["", "t=", "t=x,v1=y", "v1=y", "t=1", "t=١٢,v1=é", signed(secret="whsec_2"), signed(payload=b"{}"),
     signed().replace("v1", "v0"), f"t=1,{signed()}"],
)  # fmt: skip
def test_anything_else_is_not(header: str) -> None:
    assert not is_genuine(PAYLOAD, header, secret=SECRET, now=NOW)

"""News of the log is a CloudEvents envelope that names nobody, signed in the manner of Standard Webhooks."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from marketplace.history.news import envelope, headers, secret_text
from marketplace.history.retrying import GIVEN_UP_AFTER, LONGEST_WAIT, is_given_up, wait_after

EVENT = UUID("01999999-0000-7000-8000-000000000001")
AT = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)


def test_the_envelope_has_every_attribute_that_cloudevents_asks_for() -> None:
    body = envelope(event_id=EVENT, idx=7, at=AT, action="lot.publish", leaf=b'{"v":1}', base_url="https://m.example")

    assert json.loads(body) == {
        "specversion": "1.0",
        "id": str(EVENT),
        "source": "https://m.example/log",
        "type": "marketplace.audit.lot.publish",
        "time": "2026-09-29T09:00:00Z",
        "sequence": "7",
        "datacontenttype": "application/json",
        "data": {"idx": 7, "leaf": '{"v":1}', "proof": f"https://m.example/log/proofs/{EVENT}"},
    }


def test_the_signature_is_that_of_the_published_example() -> None:
    # github.com/standard-webhooks/standard-webhooks: signed is "id.timestamp.body", the secret is base64 after whsec_.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    found = headers(event_id=EVENT, sent_at=1_614_265_330, body=body, secret=secret)

    expected = hmac.new(secret, f"{EVENT}.1614265330.".encode() + body, hashlib.sha256).digest()
    assert found == {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "webhook-id": str(EVENT),
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1," + base64.b64encode(expected).decode(),
    }
    assert secret_text(secret) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize(
    ("failures", "seconds"),
    # 30 s · 2^(n - 1): 30 · 512 = 15,360 s; the eleventh would be 30,720 s, more than 6 h = 21,600 s.
    [(1, 30), (2, 60), (3, 120), (10, 15_360), (11, 21_600), (12, 21_600), (100_000, 21_600)],
)
def test_waits_double_up_to_six_hours(failures: int, seconds: int) -> None:
    assert wait_after(failures) == timedelta(seconds=seconds)


def test_a_receiver_is_given_up_after_five_days() -> None:
    assert timedelta(days=5) == GIVEN_UP_AFTER
    assert timedelta(hours=6) == LONGEST_WAIT
    last = AT + timedelta(days=5)
    assert not is_given_up(AT, now=last - timedelta(microseconds=1))
    assert is_given_up(AT, now=last)
    assert is_given_up(AT, now=last + timedelta(microseconds=1))


def test_the_envelope_is_these_very_bytes() -> None:
    body = envelope(
        event_id=UUID(int=1), idx=7, at=datetime(2026, 11, 28, 12, 5, tzinfo=UTC), action="lot.publish",
        leaf='{"a":"é"}'.encode(), base_url="https://m.example",
    )  # fmt: skip

    assert body.decode("utf-8") == (
        '{"specversion":"1.0","id":"00000000-0000-0000-0000-000000000001","source":"https://m.example/log",'
        '"type":"marketplace.audit.lot.publish","time":"2026-11-28T12:05:00Z","sequence":"7",'
        '"datacontenttype":"application/json","data":{"idx":7,"leaf":"{\\"a\\":\\"é\\"}",'
        '"proof":"https://m.example/log/proofs/00000000-0000-0000-0000-000000000001"}}'
    )

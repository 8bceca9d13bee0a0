"""Logs: one JSON line an event, without secrets."""

import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from config.logging import REDACTED, bind_request, configure_logging, forget_request, redact
from config.settings import Settings


@pytest.mark.parametrize(
    "key", ["password", "new_password", "Authorization", "csrf_token", "stripe_api_key", "latitude"]
)
def test_a_value_under_a_secret_name_is_never_logged(key: str) -> None:
    assert redact({"order": {key: "hush"}}) == {"order": {key: REDACTED}}


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("wrote to amina.juma@coop.example.tz today", "amina.juma"),
        ("used sk_test_4eC39HqLyjWDarjtT1zdp7dc", "4eC39"),
        ("checked with whsec_abcdefgh12345678", "abcdefgh"),
        ("sent Authorization: Bearer abcdef.ghijkl", "ghijkl"),
        ("opened postgresql://app:hunter22@db/market", "hunter22"),
    ],
)
def test_a_secret_inside_a_text_is_never_logged(text: str, secret: str) -> None:
    assert secret not in str(redact([text]))


def test_what_is_no_secret_stays_readable() -> None:
    assert redact({"order": "PX-1", "minor": 1250, "sent": True, "note": None}) == {
        "order": "PX-1",
        "minor": 1250,
        "sent": True,
        "note": None,
    }


@given(
    st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=20)
)
def test_anything_can_be_redacted_and_written_as_json(value: object) -> None:
    json.dumps(redact(value))


def test_a_line_carries_the_request_and_the_level_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    kept = (root.handlers[:], root.level)
    words = io.StringIO()
    try:
        monkeypatch.setattr("sys.stderr", words)
        configure_logging(Settings.from_environment({"ENVIRONMENT": "test"}))
        bind_request(request_id="r-17")
        logging.getLogger("orders").warning("paid %s", "PX-1", extra={})
    finally:
        forget_request()
        structlog.reset_defaults()
        root.handlers[:], root.level = kept

    line = json.loads(words.getvalue())
    assert (line["event"], line["request_id"], line["level"]) == ("paid PX-1", "r-17", "warning")

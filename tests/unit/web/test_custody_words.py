"""When and by whom a step of a journey was done, in words."""

from datetime import UTC, datetime

from flask import Flask

from marketplace.custody.record import Party
from marketplace.web.custody_words import moment_words, party_words


def test_who_told_only_a_day_is_given_no_hour(app: Flask) -> None:
    with app.test_request_context():
        assert moment_words(datetime(2026, 9, 13, tzinfo=UTC)) == "13 Sept 2026"
        assert moment_words(datetime(2026, 9, 13, 0, 1, tzinfo=UTC)) == "13 Sept 2026, 00:01 UTC"


def test_pact_is_named_once(app: Flask) -> None:
    with app.test_request_context():
        assert party_words(Party(role="pact_staff", name="Pact")) == "Pact staff"
        assert party_words(Party(role="carrier", name="DHL Express")) == "Carrier: DHL Express"

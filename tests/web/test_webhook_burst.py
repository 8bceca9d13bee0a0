"""The payment provider sends from few addresses: its news is not held up by the limit that people have."""

from flask.testing import FlaskClient

COMMON_LIMIT = 1_200


def test_more_events_a_minute_than_a_person_may_ask_are_still_looked_at(client: FlaskClient) -> None:
    found = {client.post("/webhooks/stripe", data=b"{}").status_code for _ in range(COMMON_LIMIT + 10)}
    assert found == {400}, "each is read, and refused for its missing signature"

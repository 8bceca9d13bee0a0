"""Addresses of news that were there before are sealed, and are there again after the way back."""

from uuid import UUID

import psycopg

from marketplace.history.addresses import opened_address
from tests import databases

ADDRESS = "https://hooks.example.org/services/a-secret"
LIVE, ENDED = UUID(int=1), UUID(int=2)
FILL = """
INSERT INTO user_account (id, email, name, language, password_hash, state, created_at)
VALUES ('00000000-0000-0000-0000-000000000009', 'a@example.org', 'Alice', 'en', 'x', 'active', now());
INSERT INTO audit_subscription (id, kind, party_id, made_by, host, address, secret_sealed, state, created_at)
SELECT id, 'staff', NULL, '00000000-0000-0000-0000-000000000009', 'hooks.example.org', '{address}', '', state, now()
FROM (VALUES ('{live}'::uuid, 'active'), ('{ended}'::uuid, 'deleted')) AS row (id, state)
"""


def test_the_data_is_kept_both_ways() -> None:
    with databases.copy("sealed") as url:
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        databases.migrate(url, "downgrade", "0040-1")
        with psycopg.connect(plain) as connection:
            connection.execute(FILL.format(address=ADDRESS, live=LIVE, ended=ENDED))
        databases.migrate(url, "upgrade")
        with psycopg.connect(plain) as connection:
            sealed = dict(connection.execute("SELECT id, address_sealed FROM audit_subscription").fetchall())
        databases.migrate(url, "downgrade", "0040-1")
        with psycopg.connect(plain) as connection:
            back = dict(connection.execute("SELECT id, address FROM audit_subscription").fetchall())
    key = databases.settings(url, data_dir=databases.ROOT).field_key

    assert opened_address(bytes(sealed[LIVE]), subscription_id=LIVE, key=key) == ADDRESS
    assert bytes(sealed[ENDED]) == b""
    assert back == {LIVE: ADDRESS, ENDED: "https://hooks.example.org/"}

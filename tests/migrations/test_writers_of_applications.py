"""Who wrote in applications that were there before is noted as far as their rows say, each once."""

from uuid import UUID

import psycopg

from tests import databases

ALICE, BOB, CAROL = UUID(int=1), UUID(int=2), UUID(int=3)
PEOPLE = """
INSERT INTO user_account (id, email, name, language, password_hash, state, created_at)
SELECT person, person::text || '@example.org', 'Somebody', 'en', 'x', 'active', now()
FROM unnest(%(people)s::uuid[]) AS person
"""
FILL = """
INSERT INTO cooperative_application (id, reference, kind, state, answers, version, is_on_behalf, begun_by, begun_at,
    saved_by, saved_at, handed_in_by, first_note, reasons, answer_note, deciders, barred)
VALUES (gen_random_uuid(), %(reference)s, 'first', 'draft', '{}', 1, false, %(begun)s, now(),
    %(saved)s, now(), %(handed_in)s, '', '[]', '', '{}', '{}')
"""
BEFORE = (
    {"reference": "AP-1", "begun": ALICE, "saved": BOB, "handed_in": CAROL},
    {"reference": "AP-2", "begun": ALICE, "saved": ALICE, "handed_in": None},
)


def test_the_writers_of_before_are_noted() -> None:
    with databases.copy("writers") as url:
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        databases.migrate(url, "downgrade", "0041-1")
        with psycopg.connect(plain) as connection:
            connection.execute(PEOPLE, {"people": [ALICE, BOB, CAROL]})
            for row in BEFORE:
                connection.execute(FILL, row)
        databases.migrate(url, "upgrade")
        with psycopg.connect(plain) as connection:
            found = connection.execute("SELECT reference, writers FROM cooperative_application").fetchall()

    assert {reference: set(writers) for reference, writers in found} == {"AP-1": {ALICE, BOB, CAROL}, "AP-2": {ALICE}}
    assert sorted(len(writers) for _reference, writers in found) == [1, 3]

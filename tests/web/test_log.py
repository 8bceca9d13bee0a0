"""Strangers see how the signed log stands, and read checkpoint, keys and tiles as the formats say."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.audit.models import AuditEvent
from marketplace.audit.tlog.checkpoints import open_checkpoint
from marketplace.audit.tlog.keys import VerifierKey
from marketplace.audit.tlog.merkle import leaf_hash, root_of
from marketplace.audit.tlog.proofs import parse_proof, verify_proof
from marketplace.audit.tlog.tiles import read_tile
from marketplace.audit.tlog.witness import parse_add_checkpoint
from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.unit_of_work import running
from tests.builders.log import ORIGIN, sign, signer_in, write_entries
from tests.people import person, signed_in


@pytest.fixture
def signed(app: Flask, tmp_path: Path) -> Flask:
    """A log of seven entries in one checkpoint, and one entry that is not signed yet."""
    with app.app_context(), running(make_uow) as uow:
        write_entries(uow, 6)
        sign(uow, signer_in(tmp_path))
        write_entries(uow, 1, action="test.wait")
    return app


@pytest.fixture
def auditor(signed: Flask) -> FlaskClient:
    """The browser of an auditor."""
    with signed.app_context(), running(make_uow) as uow:
        return signed_in(signed, uow, person(uow, "vera", StaffRole.AUDITOR))


def seq_of(app: Flask, action: str) -> int:
    with app.app_context(), running(make_uow, read_only=True) as uow:
        found = uow.session.scalar(select(AuditEvent.seq).where(AuditEvent.action == action).limit(1))
        assert found is not None
        return found


def test_the_page_says_how_the_log_stands(signed: Flask, client: FlaskClient) -> None:
    page = client.get("/log")

    assert page.status_code == 200
    assert ORIGIN in page.text
    assert "Witnesses who signed too" in page.text


def test_an_unsigned_log_says_so(client: FlaskClient) -> None:
    assert "Nothing was signed yet" in client.get("/log").text
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/tile/0/000.p/1").status_code == 404


def test_checkpoint_keys_and_tile_fit_together(signed: Flask, client: FlaskClient) -> None:
    keys = [VerifierKey.parse(line) for line in client.get("/.well-known/audit-log-keys.txt").text.splitlines()]
    checkpoint = open_checkpoint(client.get("/log/checkpoint").data, logs=keys, origin=ORIGIN).checkpoint
    tile = client.get(f"/log/tile/0/000.p/{checkpoint.size}")

    assert checkpoint.size == 7
    assert root_of(read_tile(tile.data, width=7)) == checkpoint.root
    assert tile.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    known = client.get("/.well-known/audit-log.json").get_json()["keys"]
    assert [key["vkey"] for key in known] == [keys[0].text]


@pytest.mark.parametrize(
    "place", ["0/000.p/8", "0/000", "1/000.p/1", "entries/000.p/7", "0/0", "x", "0/000.p/007", "9/000"]
)
def test_what_is_not_signed_or_not_public_or_no_tile_is_not_there(
    signed: Flask, client: FlaskClient, place: str
) -> None:
    assert client.get(f"/log/tile/{place}").status_code == 404


def test_health_tells_what_is_signed(signed: Flask, client: FlaskClient) -> None:
    answer = client.get("/health/log")

    assert answer.status_code == 200
    assert (answer.get_json()["entries"], answer.get_json()["signed_size"]) == (7, 7)


def test_a_monitor_scrapes_what_is_signed_and_that_nothing_was_verified_yet(signed: Flask, client: FlaskClient) -> None:
    answer = client.get("/health/metrics")
    lines = answer.text.splitlines()

    assert answer.content_type.startswith("text/plain; version=1.0.0")
    assert {"audit_log_entries 7.0", "audit_log_signed_size 7.0", "audit_log_sound 1.0"} <= set(lines)
    assert {"audit_log_verified_size 0.0", "audit_log_verified_timestamp_seconds 0.0"} <= set(lines)


def test_an_auditor_downloads_an_entry_and_its_proof(signed: Flask, auditor: FlaskClient) -> None:
    seq = seq_of(signed, "test.happen")
    assert "Download proof" in auditor.get(f"/staff/audit/{seq}").text
    entry = auditor.get(f"/staff/audit/{seq}/entry")
    proof = auditor.get(f"/staff/audit/{seq}/proof")

    keys = [VerifierKey.parse(line) for line in auditor.get("/.well-known/audit-log-keys.txt").text.splitlines()]
    verify_proof(parse_proof(proof.data), leaf=leaf_hash(entry.data), logs=keys)
    assert proof.headers["Content-Disposition"].endswith('.tlog-proof"')


def test_an_entry_that_is_not_signed_yet_has_no_proof(signed: Flask, auditor: FlaskClient) -> None:
    seq = seq_of(signed, "test.wait")
    answer = auditor.get(f"/staff/audit/{seq}/proof")

    assert answer.status_code == 409
    assert "The next one comes within a minute" in answer.text
    assert "No checkpoint covers this entry yet" in auditor.get("/staff/audit").text


def test_a_visitor_gets_no_entry(signed: Flask, client: FlaskClient) -> None:
    assert client.get(f"/staff/audit/{seq_of(signed, 'test.happen')}/entry").status_code in (302, 303)


def test_who_knows_an_event_gets_its_proof(signed: Flask, client: FlaskClient) -> None:
    with signed.app_context(), running(make_uow, read_only=True) as uow:
        leaf, event_id = uow.session.execute(
            select(AuditEvent.leaf, AuditEvent.event_id).where(AuditEvent.action == "test.happen").limit(1)
        ).one()
    keys = [VerifierKey.parse(line) for line in client.get("/.well-known/audit-log-keys.txt").text.splitlines()]

    verify_proof(parse_proof(client.get(f"/log/proofs/{event_id}").data), leaf=leaf_hash(leaf), logs=keys)
    assert client.get("/log/proofs/01999999-0000-7000-8000-000000000000").status_code == 404


def test_the_growth_of_the_log_is_proved_to_everybody(signed: Flask, client: FlaskClient) -> None:
    assert parse_add_checkpoint(client.get("/log/consistency?old_size=3").data).old_size == 3
    shrunk, other = client.get("/log/consistency?old_size=99"), client.get("/log/consistency?old_size=3&new_size=5")
    assert (shrunk.status_code, other.status_code) == (404, 404)
    assert "The checkpoint has 7 entries, fewer than the 99 before." in shrunk.text
    assert "No checkpoint of this size was signed." in other.text
    assert client.get("/log/consistency?old_size=many").status_code == 422

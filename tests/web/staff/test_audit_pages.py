"""Staff search the log in sentences, turn filters round, and take what they found with them, which is noted."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.audit.selections import harmless
from marketplace.audit.tlog.leaves import check_disclosure, parse_leaf
from marketplace.audit.tlog.merkle import leaf_hash
from marketplace.audit.tlog.proofs import parse_proof, verify_proof
from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.unit_of_work import UnitOfWork, running
from tests.builders.log import sign, signer_in
from tests.people import actor, person, signed_in

LOG = "/staff/audit"


def tell(uow: UnitOfWork) -> None:
    """Alice changes her profile twice, Mary closes an account; one outcome is not ok."""
    alice, mary, carol = person(uow, "Alice"), person(uow, "Mary", StaffRole.ADMINISTRATOR), person(uow, "Carol")
    hers = uow.acting_as(actor(uow.session, alice))
    hers.context = type(hers.context)(request_id="req-7", address="192.0.2.7")
    hers.record("user.change_profile", alice, outcome="refused")
    hers.record("user.look", alice, note="=cmd|'/C calc'!A0", place="blue door")
    uow.acting_as(actor(uow.session, mary)).record("user.disable", carol)
    uow.commit()


@pytest.fixture
def told(app: Flask) -> Flask:
    """The log with what `tell` tells."""
    with app.app_context(), running(make_uow) as uow:
        tell(uow)
    return app


def browser(app: Flask, name: str, *roles: StaffRole) -> FlaskClient:
    with app.app_context(), running(make_uow) as uow:
        return signed_in(app, uow, person(uow, name, *roles))


@pytest.fixture
def vera(told: Flask) -> FlaskClient:
    """The browser of an auditor."""
    return browser(told, "vera", StaffRole.AUDITOR)


def test_each_entry_is_one_sentence(vera: FlaskClient) -> None:
    page = vera.get(f"{LOG}?text=blue").text
    assert "Alice" in page
    assert "Mary closed the account of Carol." in vera.get(LOG).text


CHANGED = "Alice changed the profile of Alice."
CLOSED = "Mary closed the account of Carol."


@pytest.mark.parametrize(
    ("query", "changed", "closed"),
    [
        ("actor=lic", True, False),
        ("actor=lic&not=actor", False, True),
        ("action=user.disable", False, True),
        ("action=user.disable&not=action", True, False),
        ("action=user.", True, True),
        ("action=lot.", False, False),
        ("target=user", True, True),
        ("target=user&not=target", False, False),
        ("outcome=refused", True, False),
        ("outcome=refused&not=outcome", False, True),
        ("address=192.0.2.7", True, False),
        ("address=192.0.2.7&not=address", False, True),
        ("request=req-7", True, False),
        ("request=req-7&not=request", False, True),
        ("since=2026-09-29&until=2026-09-29", True, True),
        ("since=2026-09-30", False, False),
        ("until=2026-09-28&not=dates", True, True),
        ("actor=lic&outcome=refused&action=user.", True, False),
        ("actor=nobody%25_", False, False),
        ("text=%22blue+door%22", False, False),
        ("text=door&not=text&actor=lic", True, False),
    ],
)
def test_every_filter_finds_and_turned_round_leaves_out(
    vera: FlaskClient,
    query: str,
    changed: bool,
    closed: bool,
) -> None:
    page = vera.get(f"{LOG}?{query}").text
    assert (CHANGED in page, CLOSED in page) == (changed, closed)


def test_the_filters_stay_in_the_links(told: Flask, vera: FlaskClient) -> None:
    with told.app_context(), running(make_uow) as uow:
        alice = person(uow, "Alice Two")
        for _ in range(60):
            uow.record("user.change_profile", alice)
    page = vera.get(f"{LOG}?action=user.change_profile&not=outcome&outcome=refused").text

    assert "action=user.change_profile&amp;outcome=refused&amp;not=outcome&amp;before=" in page
    assert "/staff/audit/export.csv?action=user.change_profile&amp;outcome=refused&amp;not=outcome" in page


def test_a_table_calculates_nothing_and_is_noted(vera: FlaskClient) -> None:
    answer = vera.post(f"{LOG}/export.csv?actor=lic&action=user.")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert [row["action"] for row in rows] == ["user.look", "user.change_profile"]
    assert rows[0]["details"].startswith('{"note": "=cmd')
    assert answer.headers["Content-Disposition"] == "attachment; filename=audit-log.csv"
    page = vera.get(f"{LOG}?action=audit.export").text
    assert "vera exported entries of the audit log." in page
    assert "count: 2" in page
    assert "form: csv" in page


def test_the_table_says_what_a_checkpoint_covers_and_leaves_its_own_note_out(told: Flask, tmp_path: Path) -> None:
    vera = browser(told, "vera", StaffRole.AUDITOR)
    with told.app_context(), running(make_uow) as uow:
        signed = sign(uow, signer_in(tmp_path))
        assert signed is not None
        size = signed.size
        uow.record("user.look", person(uow, "Dora"))

    rows = list(csv.DictReader(io.StringIO(vera.post(f"{LOG}/export.csv").data.decode("utf-8-sig"))))

    assert "audit.export" not in {row["action"] for row in rows}
    assert f"count: {len(rows)}" in vera.get(f"{LOG}?action=audit.export").text
    expected = [str(size) if row["place"] and int(row["place"]) < size else "" for row in rows]
    assert [row["covered_by"] for row in rows] == expected
    assert {"", str(size)} == set(expected)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in ("a=1", "", None, 7, " =1")] == ["a=1", "", "", "7", " =1"]


def test_json_lines_prove_each_entry(told: Flask, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    with told.app_context(), running(make_uow) as uow:
        sign(uow, signer)
    vera = browser(told, "vera", StaffRole.AUDITOR)
    answer = vera.post(f"{LOG}/export.jsonl?actor=lic")
    first, *entries = [json.loads(line) for line in answer.data.splitlines()]

    assert "form: jsonl" in vera.get(f"{LOG}?action=audit.export").text
    assert first["format"] == "audit-selection@v1"
    assert first["filter"] == {"actor": "lic"}
    assert first["entries"] == len(entries) == 2
    keys = [key.verifier for key in signer.keys]
    for entry in entries:
        leaf = entry["leaf"].encode()
        proof = parse_proof(entry["proof"].encode())
        assert proof.checkpoint.decode() == first["checkpoint"]
        verify_proof(proof, leaf=leaf_hash(leaf), logs=keys, origin=signer.origin)
        assert entry["disclosures"]
        for disclosure in entry["disclosures"]:
            check_disclosure(disclosure, leaf=parse_leaf(leaf))


def names_disclosed(answer_data: bytes) -> set[str]:
    import base64

    found = set()
    for line in answer_data.splitlines()[1:]:
        for text in json.loads(line)["disclosures"]:
            found.add(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))[1])
    return found


def test_only_auditors_and_administrators_take_network_addresses_along(told: Flask, vera: FlaskClient) -> None:
    mary = browser(told, "mary two", StaffRole.MODERATOR)

    assert {"address", "request_id"} <= names_disclosed(vera.post(f"{LOG}/export.jsonl?actor=lic").data)
    theirs = names_disclosed(mary.post(f"{LOG}/export.jsonl?actor=lic").data)
    assert "actor_name" in theirs
    assert not {"address", "request_id"} & theirs


def test_a_wrong_date_exports_nothing(vera: FlaskClient) -> None:
    answer = vera.post(f"{LOG}/export.csv?since=yesterday")
    assert answer.status_code == 303
    assert vera.get(answer.headers["Location"]).status_code == 422


def test_every_action_is_explained_to_strangers(client: FlaskClient) -> None:
    page = client.get("/log/actions").text
    assert "audit.export" in page
    assert "Somebody published lot …." in page

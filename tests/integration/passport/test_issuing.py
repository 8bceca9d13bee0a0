"""A passport follows its lot: issued once, again after a change, and no more after a revocation."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import jwt
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.audit.leaf import plain
from marketplace.audit.models import AuditEvent
from marketplace.audit.tlog.keys import VerifierKey
from marketplace.audit.tlog.policy import Policy
from marketplace.audit.verify.passports import Question, State, check_passport
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict
from marketplace.custody.queries import record_of_lot
from marketplace.lots import services as lots
from marketplace.passport import keys, queries, services
from marketplace.passport.published import issuer_document, log_keys
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import published_lot
from tests.builders.passports import Issued, bundle_of, issued_passport
from tests.people import actor, person


def question(uow: UnitOfWork, files: dict[str, bytes]) -> Question:
    trusted = tuple(VerifierKey.parse(each) for each in log_keys(uow.session))
    policy = Policy(logs=trusted, witnesses={}, groups={}, quorum="none", urls={})
    return Question(files, policy, at=uow.clock.wall())


def moderator(uow: UnitOfWork) -> UnitOfWork:
    return uow.acting_as(actor(uow.session, person(uow, "Grace", StaffRole.MODERATOR)))


def test_a_published_lot_waits_for_its_passport_and_gets_it_once(uow: UnitOfWork) -> None:
    lot, _, _ = published_lot(uow)
    assert queries.waiting_lots(uow.session, limit=5) == [lot.id]

    issued = issued_passport(uow, lot)

    assert issued.passport.number == 1
    assert queries.waiting_lots(uow.session, limit=5) == []
    assert services.issue_if_changed(uow, lot_id=lot.id, issuer=issued.issuer) is None


def test_every_check_of_a_fresh_bundle_holds(uow: UnitOfWork) -> None:
    issued = issued_passport(uow)

    checks = check_passport(question(uow, bundle_of(uow, issued)))

    assert [(each.name, each.state, each.message) for each in checks if each.state is not State.HOLDS] == []
    assert [each.name for each in checks] == [
        "form", "contexts", "signature", "token", "dates", "status", "digests", "log",
    ]  # fmt: skip


def test_the_entry_of_the_log_holds_the_digests_and_no_name(uow: UnitOfWork) -> None:
    issued = issued_passport(uow)

    event_id = queries.event_of(uow.session, issued.passport)
    event = uow.session.query(AuditEvent).filter_by(event_id=event_id).one()
    leaf = json.loads(event.leaf)

    assert leaf["act"] == "passport.issue"
    assert leaf["obj"]["credential"] == issued.passport.credential_sha256
    assert sorted(leaf["obj"]) == ["credential", "events", "jwt", "key"]


def test_pyjwt_reads_the_token_with_the_key_of_the_did_document(uow: UnitOfWork) -> None:
    issued = issued_passport(uow)
    key = issued.issuer.key.verifier.public

    header = jwt.get_unverified_header(issued.passport.token)
    payload = jwt.decode(issued.passport.token, jwt.api_jwk.PyJWK.from_dict(okp(key)).key, algorithms=["EdDSA"])

    assert (header["typ"], header["cty"], header["alg"]) == ("vc+jwt", "vc", "EdDSA")
    assert header["kid"] == issued.issuer.method
    assert payload["issuer"]["id"] == header["iss"] == issued.issuer.did
    signed = json.loads(issued.passport.credential)
    del signed["proof"]
    assert payload == signed


def okp(public: bytes) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(public).rstrip(b"=").decode()}


def test_what_never_belongs_into_a_passport_is_not_in_it(uow: UnitOfWork) -> None:
    lot, version, amina = published_lot(uow)
    issued = issued_passport(uow, lot)
    text_of_it = issued.passport.credential + issued.passport.events

    assert amina.name not in text_of_it
    assert str(version.price_minor) not in text_of_it
    record = record_of_lot(uow.session, lot_id=lot.id)
    assert record is not None
    assert plain(record.reference) == lot.reference


def test_a_revoked_passport_fails_its_check_and_gets_no_successor_by_itself(uow: UnitOfWork) -> None:
    issued = issued_passport(uow)
    grace = moderator(uow)
    services.revoke(grace, passport=issued.passport, reason="The stone was exchanged.")

    status = next(each for each in check_passport(question(uow, bundle_of(uow, issued))) if each.name == "status")

    assert (status.state, status.code) == (State.FAILS, "revoked")
    assert services.issue_if_changed(uow, lot_id=issued.lot.id, issuer=issued.issuer) is None
    assert queries.waiting_lots(uow.session, limit=5) == []
    with pytest.raises(Conflict):
        services.revoke(grace, passport=issued.passport, reason="Twice.")


def test_a_new_version_after_a_revocation_is_valid_and_the_old_one_stays_revoked(uow: UnitOfWork) -> None:
    issued = issued_passport(uow)
    grace = moderator(uow)
    services.revoke(grace, passport=issued.passport, reason="A mistake.")

    second = services.issue_again(grace, lot_id=issued.lot.id, issuer=issued.issuer)

    assert second.number == 2
    assert queries.revocation_of(uow.session, second) is None
    assert queries.revocation_of(uow.session, issued.passport) is not None
    assert list(queries.revoked_bits(uow.session, number=0)) == [issued.passport.status_index]
    with pytest.raises(Conflict):
        services.issue_again(grace, lot_id=issued.lot.id, issuer=issued.issuer)


def test_a_revocation_takes_back_every_version_before_and_none_after(uow: UnitOfWork) -> None:
    issued = issued_passport(uow)
    grace = moderator(uow)
    services.revoke(grace, passport=issued.passport, reason="A mistake.")
    second = services.issue_again(grace, lot_id=issued.lot.id, issuer=issued.issuer)
    services.revoke(grace, passport=second, reason="Again.")
    third = services.issue_again(grace, lot_id=issued.lot.id, issuer=issued.issuer)
    other = services.issue_if_changed(uow, lot_id=published_lot(uow, number=9)[0].id, issuer=issued.issuer)
    assert other is not None

    revoked = [queries.revocation_of(uow.session, each) is not None for each in (issued.passport, second, third)]

    assert revoked == [True, True, False]
    assert sorted(queries.revoked_bits(uow.session, number=0)) == [issued.passport.status_index, second.status_index]
    assert queries.revocation_of(uow.session, other) is None


def test_each_status_list_marks_its_own_passports_only(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    lot, issuer = published_lot(uow, number=9)[0], keys.load_issuer(uow.settings)
    with monkeypatch.context() as patched:
        # 131,072 bits a list: the sixth of the second list
        patched.setattr(services, "_next_index", lambda _uow: 131_072 + 5)
        passport = services.issue_if_changed(uow, lot_id=lot.id, issuer=issuer)
    assert passport is not None
    first, second = issued_passport(uow), Issued(lot, passport, issuer)
    services.revoke(moderator(uow), passport=passport, reason="The stone was exchanged.")

    assert queries.revoked_bits(uow.session, number=0) == []
    assert queries.revoked_bits(uow.session, number=1) == [5]
    status = [
        next(each.code for each in check_passport(question(uow, bundle_of(uow, one))) if each.name == "status")
        for one in (first, second)
    ]
    assert status == ["ok", "revoked"]


def test_old_keys_stay_in_the_did_document_and_old_passports_stay_valid(uow: UnitOfWork, tmp_path: Path) -> None:
    uow.settings = replace(uow.settings, passport_key_file=tmp_path / "passport.key")
    issued = issued_passport(uow)
    renewed = keys.rotate_key(uow)

    document = issuer_document(uow.session, did=issued.issuer.did)

    assert [each["id"] for each in document["verificationMethod"]] == [issued.issuer.method, renewed.method]
    assert document["assertionMethod"] == [issued.issuer.method, renewed.method]
    checks = check_passport(question(uow, bundle_of(uow, issued)))
    assert all(each.state is State.HOLDS for each in checks)


def test_a_lot_taken_back_gets_no_passport(uow: UnitOfWork) -> None:
    lot, _, amina = published_lot(uow)
    lots.withdraw(uow.acting_as(actor(uow.session, amina)), lot=lot)

    assert services.issue_if_changed(uow, lot_id=lot.id, issuer=keys.load_issuer(uow.settings)) is None
    assert queries.waiting_lots(uow.session, limit=5) == []


@pytest.mark.parametrize("table", ["passport", "passport_key"])
def test_what_was_issued_is_never_altered(uow: UnitOfWork, table: str) -> None:
    issued_passport(uow)

    with pytest.raises(DBAPIError):
        uow.session.execute(text(f"DELETE FROM {table}"))


def test_a_second_key_file_is_refused(uow: UnitOfWork, tmp_path: Path) -> None:
    own = replace(uow.settings, passport_key_file=tmp_path / "passport.key")
    keys.load_issuer(own)

    with pytest.raises(keys.PassportKeyRefused, match="There is a key already"):
        keys.create_key(own)
    own.passport_key_file.write_text("nonsense\n")
    with pytest.raises(keys.PassportKeyRefused, match="must hold one key"):
        keys.load_issuer(own)
    keys._write(own.passport_key_file, keys._new_key("did:web:other.example"))
    with pytest.raises(keys.PassportKeyRefused, match=r"is of did:web:other\.example"):
        keys.load_issuer(own)

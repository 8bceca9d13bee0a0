"""The page that checks a dropped bundle: old lists, ended passports, older versions, and keys that are not ours."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.audit.tlog.keys import SignerKey
from marketplace.audit.verify.data_integrity import sign_document
from marketplace.audit.verify.did_web import did_document, method_id
from marketplace.audit.verify.documents import canonical_bytes
from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.custody.answers import Happening
from marketplace.custody.rules.chain import Recorder
from marketplace.custody.services.recording import Capacity, record_event
from marketplace.passport import services
from marketplace.passport.published import zipped
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import store_of
from tests.builders.moderation import decided, moderator, waiting_lot
from tests.builders.passports import Issued, bundle_of, issued_passport, zip_of
from tests.people import actor, person
from tests.web.test_passport import send, words


@pytest.fixture
def issued(uow: UnitOfWork) -> Issued:
    found = issued_passport(uow)
    uow.commit()
    return found


class Later(SetClock):
    """The clock of a machine that has gone on by `step`."""

    def __init__(self, start: datetime, *, step: timedelta) -> None:
        super().__init__(start)
        self.step = step

    def wall(self) -> datetime:
        """Return the machine's time then."""
        return datetime.now(UTC) + self.step


@pytest.fixture
def later(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let the machine's time go on."""

    def go_on(step: timedelta) -> None:
        monkeypatch.setitem(app.extensions, "clock", Later(app.extensions["clock"].time, step=step))

    return go_on


def test_a_bundle_whose_list_grew_old_is_told_what_our_books_say_now(
    client: FlaskClient, uow: UnitOfWork, issued: Issued, later: Callable[[timedelta], None]
) -> None:
    kept = zip_of(uow, issued)
    grace = uow.acting_as(actor(uow.session, person(uow, "Grace", StaffRole.MODERATOR)))
    uow.commit()
    later(timedelta(days=8))

    _status, genuine = send(client, kept)
    services.revoke(grace, passport=issued.passport, reason="The stone was exchanged.")
    uow.commit()
    _status, revoked = send(client, kept)

    assert "This bundle is genuine. Every check holds." in genuine
    assert "It was not revoked." in genuine
    assert "This passport was revoked. Do not trust it." in revoked
    assert "It was not revoked." not in revoked


def test_a_passport_behind_its_last_day_is_valid_nowhere(
    client: FlaskClient, issued: Issued, later: Callable[[timedelta], None]
) -> None:
    page = f"/l/{issued.lot.reference}"
    assert "Genuine" in client.get(page).text
    later(services.VALID_FOR + timedelta(days=1))

    shown = words(client.get(page).text)
    _status, said = send(client, client.get(f"{page}/bundle").data)

    assert "Genuine" not in shown
    assert "This passport has expired. It was valid until" in shown
    assert "Something is wrong" not in shown
    assert "Do not trust this bundle." in said
    assert "It is not valid today." in said
    assert "The passport has expired." in said
    assert "It was not revoked." in said, "nothing else is wrong with it"


def test_a_bundle_of_an_older_version_is_genuine_and_told_to_be_old(client: FlaskClient, uow: UnitOfWork) -> None:
    case, lot, amina = waiting_lot(uow)
    decided(uow, case, moderator(uow))
    first = issued_passport(uow, lot)
    kept = zip_of(uow, first)
    told = Happening(kind="stored", happened_at=uow.now, seal_number="S-1")
    as_amina = uow.acting_as(actor(uow.session, amina))
    record_event(as_amina, lot=lot, told=told, capacity=Capacity(Recorder.COOPERATIVE), photos=[], store=store_of(uow))
    second = services.issue_if_changed(uow, lot_id=lot.id, issuer=first.issuer)
    assert second is not None
    assert second.number == 2
    uow.commit()

    _status, said = send(client, kept)

    assert "This bundle is genuine, but a newer version exists." in said
    assert "Every check holds." not in said
    assert "Not the newest version of this passport." in words(client.get(f"/l/{lot.reference}/v/1").text)


def test_a_passport_signed_anew_with_the_key_beside_it_is_not_ours(
    client: FlaskClient, uow: UnitOfWork, issued: Issued
) -> None:
    files, did = bundle_of(uow, issued), issued.issuer.did
    other = SignerKey(did, hashlib.sha256(b"somebody else").digest())
    unsigned = {name: value for name, value in json.loads(files["passport.json"]).items() if name != "proof"}
    method = method_id(did, public=other.verifier.public)
    signed = sign_document(unsigned, seed=other.seed, method=method, created=datetime(2026, 11, 28, tzinfo=UTC))
    files["passport.json"] = canonical_bytes(signed, what="passport")
    files["did.json"] = canonical_bytes(did_document(did, publics=[other.verifier.public]), what="document")

    _status, said = send(client, zipped(files))

    assert "Do not trust this bundle." in said
    assert "The signature does not hold. This is not what Pact signed." in said
    assert "Pact signed this passport" not in said

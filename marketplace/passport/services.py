"""Issue a new version when a lot's record changed, and revoke what must not be trusted any more."""

from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import text

from marketplace.audit.verify.data_integrity import sign_document
from marketplace.audit.verify.documents import canonical_bytes
from marketplace.audit.verify.jose import sign_token
from marketplace.audit.verify.multibase import multikey
from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.custody.queries import record_of_lot
from marketplace.custody.record import LotRecord
from marketplace.lots.models import Lot
from marketplace.passport import queries
from marketplace.passport.canonical import digest_of
from marketplace.passport.credentials import credential_of
from marketplace.passport.epcis import document_of
from marketplace.passport.keys import Issuer, publish_key
from marketplace.passport.models import Passport, PassportRevocation
from marketplace.unit_of_work import UnitOfWork

VALID_FOR: Final = timedelta(days=3653)


def issue_if_changed(uow: UnitOfWork, *, lot_id: UUID, issuer: Issuer) -> Passport | None:
    """Issue the next version of a lot's passport; None when nothing public changed, or when it was revoked."""
    last = queries.latest(uow.session, lot_id=lot_id)
    if last is not None and queries.revocation_of(uow.session, last) is not None:
        return None
    return _issue(uow, lot_id=lot_id, issuer=issuer, last=last)


def issue_again(uow: UnitOfWork, *, lot_id: UUID, issuer: Issuer) -> Passport:
    """Issue a passport for a lot whose last one was revoked; raises Conflict when it was not, or nothing is public."""
    last = queries.latest(uow.session, lot_id=lot_id)
    if last is None or queries.revocation_of(uow.session, last) is None:
        raise Conflict(N_("The last passport of this lot is valid. No new one is needed."))
    found = _issue(uow, lot_id=lot_id, issuer=issuer, last=last)
    if found is None:
        raise Conflict(N_("This lot is not public any more. It gets no passport."))
    return found


def revoke(uow: UnitOfWork, *, passport: Passport, reason: str) -> PassportRevocation:
    """Revoke this version and every older one of its lot; no new one follows by itself. Raises Conflict."""
    assert uow.actor.user_id is not None, "the page is for staff"
    if queries.revocation_of(uow.session, passport) is not None:
        raise Conflict(N_("This passport was revoked already."))
    row = PassportRevocation(
        lot_id=passport.lot_id,
        up_to_number=passport.number,
        reason=reason,
        revoked_by=uow.actor.user_id,
        revoked_at=uow.now,
    )
    uow.session.add(row)
    lot = uow.session.get_one(Lot, passport.lot_id)
    uow.record("passport.revoke", row, passport, lot, hashes={"credential": passport.credential_sha256}, reason=reason)
    return row


def _issue(uow: UnitOfWork, *, lot_id: UUID, issuer: Issuer, last: Passport | None) -> Passport | None:
    # Read before the record: an event that comes between is found as newer than this passport.
    seq = queries.newest_seq(uow.session, lot_id=lot_id)
    lot, record = uow.session.get(Lot, lot_id), record_of_lot(uow.session, lot_id=lot_id)
    if lot is None or lot.published_version_id is None or record is None:
        return None
    digest = digest_of(record)
    is_same = last is not None and (last.record_sha256, last.last_seq) == (digest, seq)
    if is_same and last is not None and queries.revocation_of(uow.session, last) is None:
        return None
    publish_key(uow, issuer=issuer)
    number = (last.number if last else 0) + 1
    passport = _signed(uow, record, issuer=issuer, number=number, digest=digest)
    passport.version_id, passport.last_seq = lot.published_version_id, seq
    _keep(uow, passport, lot=lot, issuer=issuer)
    return passport


def _signed(uow: UnitOfWork, record: LotRecord, *, issuer: Issuer, number: int, digest: str) -> Passport:
    # Other machines read these dates, so they are the machine's own time.
    index, moment = _next_index(uow), uow.clock.wall().replace(microsecond=0)
    unsigned = credential_of(
        record,
        base_url=uow.settings.base_url,
        issuer=issuer.did,
        number=number,
        digest=digest,
        status_index=index,
        valid_from=moment,
        valid_until=moment + VALID_FOR,
    )
    seed, method = issuer.key.seed, issuer.method
    credential = canonical_bytes(sign_document(unsigned, seed=seed, method=method, created=moment), what="passport")
    events = document_of(record, base_url=uow.settings.base_url, created_at=moment)
    return Passport(
        lot_id=record.lot_id,
        number=number,
        record_sha256=digest,
        status_index=index,
        credential=credential.decode("utf-8"),
        token=sign_token(unsigned, seed=seed, method=method, issuer=issuer.did),
        events=canonical_bytes(events, what="events").decode("utf-8"),
        credential_sha256=sha256(credential).hexdigest(),
        issued_at=uow.now,
        valid_until=moment + VALID_FOR,
    )


def _keep(uow: UnitOfWork, passport: Passport, *, lot: Lot, issuer: Issuer) -> None:
    uow.session.add(passport)
    hashes = {
        "credential": passport.credential_sha256,
        "jwt": sha256(passport.token.encode("ascii")).hexdigest(),
        "events": sha256(passport.events.encode("utf-8")).hexdigest(),
        "key": multikey(issuer.public),
    }
    uow.record("passport.issue", passport, lot, hashes=hashes, number=passport.number)


def _next_index(uow: UnitOfWork) -> int:
    found = uow.session.scalar(text("SELECT nextval('passport_status_index')"))
    assert isinstance(found, int), "a sequence gives numbers"
    return found

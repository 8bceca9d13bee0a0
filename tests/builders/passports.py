"""A lot with its passport issued and the log signed, so that its bundle can be made."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from marketplace.lots.models import Lot
from marketplace.passport.keys import Issuer, load_issuer
from marketplace.passport.models import Passport
from marketplace.passport.published import bundle_members, zipped
from marketplace.passport.services import issue_if_changed
from marketplace.unit_of_work import UnitOfWork
from tests.builders.log import sign, signer_in
from tests.builders.lots import published_lot


@dataclass(frozen=True)
class Issued:
    lot: Lot
    passport: Passport
    issuer: Issuer


def issued_passport(uow: UnitOfWork, lot: Lot | None = None) -> Issued:
    """Issue the passport of a lot (a new one by default) and sign the log."""
    lot = lot or published_lot(uow)[0]
    issuer = load_issuer(uow.settings)
    passport = issue_if_changed(uow, lot_id=lot.id, issuer=issuer)
    assert passport is not None
    # a signer that remembers no other test
    sign(uow, signer_in(Path(tempfile.mkdtemp())))
    return Issued(lot, passport, issuer)


def bundle_of(uow: UnitOfWork, issued: Issued) -> dict[str, bytes]:
    """Return the files of the bundle."""
    base = uow.settings.base_url
    members = bundle_members(
        uow.session, passport=issued.passport, issuer=issued.issuer, base_url=base, now=uow.clock.wall()
    )
    return dict(members)


def zip_of(uow: UnitOfWork, issued: Issued) -> bytes:
    """Return the bundle as it is downloaded."""
    return zipped(bundle_of(uow, issued))

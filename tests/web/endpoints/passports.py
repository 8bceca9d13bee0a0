"""The passport of a lot of the world, and what its addresses name."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.lots.models import Lot
from marketplace.passport.keys import load_issuer
from marketplace.passport.models import Passport
from marketplace.passport.services import issue_if_changed
from marketplace.unit_of_work import UnitOfWork


def names_of_passports(uow: UnitOfWork) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Issue the passports of the public lots; return what stands in their addresses."""
    issuer = load_issuer(uow.settings)
    for lot_id in uow.session.scalars(select(Lot.id).where(Lot.published_version_id.is_not(None))).all():
        issue_if_changed(uow, lot_id=lot_id, issuer=issuer)
    uow.session.flush()
    lots = tuple(uow.session.scalars(select(Lot.reference).join(Passport, Passport.lot_id == Lot.id)))
    names = {"reference": lots, "number": ("1",), "name": ("passport.json", "passport.jwt", "events", "bundle")}
    return {"/l": names, "/L": names, "/staff/passports": names, "/status-lists": {"number": ("0",)}}

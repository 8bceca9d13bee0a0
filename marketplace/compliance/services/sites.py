"""Mine sites: entered by one person, verified by another, inspected by Pact."""

from dataclasses import asdict
from datetime import date

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.services.cooperatives import ApplicationFrozen, check_may_write
from marketplace.compliance.services.oversight import SamePerson
from marketplace.compliance.sites import SiteAnswers
from marketplace.compliance.transitions import State
from marketplace.compliance.vocabulary import ACTIVITIES, SITE_STATUSES, codes
from marketplace.core.actor import StaffRole
from marketplace.core.crypto import seal, unseal
from marketplace.core.errors import Conflict, Forbidden, InvalidInput
from marketplace.core.ids import new_reference
from marketplace.core.text import N_
from marketplace.unit_of_work import UnitOfWork

SEAL_PURPOSE = "mine_site.coordinates"
_FROZEN = frozenset({State.SUBMITTED.value, State.REFUSED.value})
# What Pact found, and the declaration that has a form of its own, which only takes a newer one.
SETTLED = ("status", "status_on", "child_labour_attested_on", "child_labour_attested_by")
_SETTLED_IN = frozenset({State.APPROVED.value, State.SUSPENDED.value})


def add_site(uow: UnitOfWork, *, cooperative: Cooperative, site: SiteAnswers) -> MineSite:
    """Add a mine site; it counts once another person has verified it."""
    _check_open(uow, cooperative)
    row = MineSite(
        cooperative_id=cooperative.id,
        reference=new_reference("MS"),
        country=cooperative.country,
        coordinates_sealed=_sealed(uow, site.coordinates),
        created_by=uow.actor.user_id,
        created_at=uow.now,
        **_columns(site),
    )
    uow.session.add(row)
    uow.record("mine_site.add", row, cooperative, name=site.name, on_behalf=uow.actor.is_staff)
    return row


def is_settled(uow: UnitOfWork, cooperative: Cooperative) -> bool:
    """Tell whether a site's status is Pact's to say: a cooperative that sells does not call its own site green."""
    return cooperative.state in _SETTLED_IN and not uow.actor.is_staff


def amend_site(uow: UnitOfWork, *, cooperative: Cooperative, row: MineSite, site: SiteAnswers) -> None:
    """Change what is told of a site; a verified site must be verified again. Empty coordinates keep the old ones.

    Once the cooperative was approved, its own answers leave what is `SETTLED` as it stands.
    """
    _check_open(uow, cooperative)
    kept = SETTLED if is_settled(uow, cooperative) else ()
    told = {name: value for name, value in _columns(site).items() if name not in kept}
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    for name, value in told.items():
        setattr(row, name, value)
    if site.coordinates is not None:
        row.coordinates_sealed = _sealed(uow, site.coordinates)
        changed.append("coordinates")
    row.created_by = uow.actor.user_id  # who told the present answers may not verify them
    row.verified_by = row.verified_at = None
    uow.record("mine_site.amend", row, cooperative, changed=sorted(changed), on_behalf=uow.actor.is_staff)


def verify_site(uow: UnitOfWork, *, site: MineSite, note: str = "") -> None:
    """Confirm the papers and the place of a site; never by the person who entered it."""
    if site.verified_by is not None:
        raise Conflict(N_("This site is verified already."))
    if uow.actor.user_id is None or site.created_by == uow.actor.user_id:
        raise SamePerson
    if site.cooperative_id in uow.actor.memberships:
        raise Forbidden(N_("You are an officer of this cooperative: somebody else must check it."))
    site.verified_by, site.verified_at = uow.actor.user_id, uow.now
    uow.record("mine_site.verify", site, note=note)


def inspect_site(uow: UnitOfWork, *, site: MineSite, status: str, activity: str, seen_on: date, note: str) -> None:
    """Record what an inspection found: status 0 to 3 and whether people work there."""
    errors = {}
    if status not in codes(SITE_STATUSES):
        errors["status"] = N_("Choose one.")
    if activity not in codes(ACTIVITIES):
        errors["activity"] = N_("Choose one.")
    if seen_on > uow.now.date():
        errors["seen_on"] = N_("This day is still to come.")
    if errors:
        raise InvalidInput(errors)
    site.status, site.activity, site.status_on = int(status), activity, seen_on
    uow.record("mine_site.inspect", site, status=int(status), activity=activity, seen_on=seen_on, note=note)


def renew_declaration(uow: UnitOfWork, *, site: MineSite, signed_on: date, signed_by: str) -> None:
    """Note that the declaration against child labour was signed again; the site stays verified."""
    if uow.actor.user_id is None or not (
        uow.actor.may_write_for(site.cooperative_id) or uow.actor.has_role(StaffRole.MODERATOR)
    ):
        raise Forbidden
    if site.child_labour_attested_on is not None and signed_on <= site.child_labour_attested_on:
        raise InvalidInput({"site_on": N_("The declaration we have is of this day, or newer.")})
    site.child_labour_attested_on, site.child_labour_attested_by = signed_on, signed_by
    uow.record("mine_site.attest", site, signed_on=signed_on, on_behalf=uow.actor.is_staff)


def coordinates_of(uow: UnitOfWork, *, site: MineSite) -> str | None:
    """Return the sealed place as "latitude,longitude" to a moderator; recorded, because it is never public."""
    if not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    if site.coordinates_sealed is None:
        return None
    uow.record("mine_site.locate", site)
    return unseal(site.coordinates_sealed, key=uow.settings.field_key, purpose=SEAL_PURPOSE).decode()


def _check_open(uow: UnitOfWork, cooperative: Cooperative) -> None:
    check_may_write(uow.actor, cooperative)
    if cooperative.state in _FROZEN:
        raise ApplicationFrozen


def _sealed(uow: UnitOfWork, coordinates: str | None) -> bytes | None:
    if coordinates is None:
        return None
    return seal(coordinates.encode(), key=uow.settings.field_key, purpose=SEAL_PURPOSE)


def _columns(site: SiteAnswers) -> dict[str, object]:
    told = {name: value for name, value in asdict(site).items() if name != "coordinates"}
    return {**told, "minerals": list(site.minerals)}

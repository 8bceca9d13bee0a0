"""What Pact saw on a visit: recorded once, with photos drawn anew; a visit of a site sets its status."""

from collections.abc import Sequence
from typing import Any, Final

from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.actor import Actor, StaffRole
from marketplace.core.crypto import seal, unseal
from marketplace.core.errors import Forbidden
from marketplace.core.ids import new_reference
from marketplace.core.storage import FileStore
from marketplace.core.text import N_
from marketplace.lots.kept_photos import keep_photos
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.onboarding.checklists import not_well
from marketplace.onboarding.models import FieldVisit
from marketplace.onboarding.visit_answers import MOST_PHOTOS, Seen
from marketplace.unit_of_work import UnitOfWork

_PURPOSE: Final = "field_visit.findings"


def record_visit(
    uow: UnitOfWork,
    *,
    cooperative: Cooperative,
    site: MineSite | None,
    seen: Seen,
    photos: Sequence[bytes],
    store: FileStore,
) -> FieldVisit:
    """Record a visit of a cooperative, or of one of its sites; raise InvalidInput for a photo that cannot be read.

    A site's status and activity become what was seen; lots of a red one are hidden, and come back with the next visit.
    """
    check_visitor(uow.actor, cooperative)
    row = FieldVisit(
        reference=new_reference("FV"),
        cooperative_id=cooperative.id,
        site_id=site.id if site is not None else None,
        visited_on=seen.visited_on,
        visitors=seen.visitors,
        checklist=seen.checklist,
        findings_sealed=seal(seen.findings.encode(), key=uow.settings.field_key, purpose=_PURPOSE),
        photos=_kept(uow, photos, store),
        site_status=seen.site_status,
        next_visit_on=seen.comes_again_on,
        recorded_by=uow.person(),
        recorded_at=uow.now,
    )
    uow.session.add(row)
    uow.record(
        "field_visit.record",
        row,
        *((cooperative,) if site is None else (cooperative, site)),
        visited_on=seen.visited_on,
        not_well=list(not_well(seen.checklist)),
        next_visit=row.next_visit_on,
        hashes={f"photo_{n}": each["sha256"] for n, each in enumerate(row.photos, start=1)},
    )
    if site is not None:
        _note_status(uow, site, seen, note=row.reference)
        bring_in_line(uow, cooperative=cooperative)
    return row


def open_findings(uow: UnitOfWork, *, visit: FieldVisit) -> str:
    """Return what was found, to staff; recorded, because it may name people."""
    if not uow.actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.AUDITOR):
        raise Forbidden
    uow.record("field_visit.read", visit)
    return unseal(visit.findings_sealed, key=uow.settings.field_key, purpose=_PURPOSE).decode()


def check_visitor(actor: Actor, cooperative: Cooperative) -> None:
    """Raise Forbidden unless the actor visits for Pact and is no officer of the cooperative."""
    if not actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER):
        raise Forbidden
    if cooperative.id in actor.memberships:
        raise Forbidden(N_("You are an officer of this cooperative: somebody else must do it."))


def _note_status(uow: UnitOfWork, site: MineSite, seen: Seen, *, note: str) -> None:
    """Let the site's record say what was seen; a newer visit or inspection stands."""
    uow.session.refresh(site, with_for_update=True)
    if site.status_on is None or site.status_on <= seen.visited_on:
        status = str(seen.site_status)
        compliance.inspect_site(
            uow, site=site, status=status, activity=seen.activity, seen_on=seen.visited_on, note=note
        )


def _kept(uow: UnitOfWork, photos: Sequence[bytes], store: FileStore) -> list[dict[str, Any]]:
    """Keep the photos; return digest, width and height of each."""
    kept = keep_photos(uow, photos, store, field="photos", most=MOST_PHOTOS)
    return [{"sha256": photo.sha256, "width": photo.width, "height": photo.height} for photo in kept]

"""A lot is sent to the queue, or taken back."""

from uuid import UUID

from marketplace.compliance.models import Cooperative
from marketplace.custody.services.listing import check_listing
from marketplace.lots import services as lots
from marketplace.lots.asking import SalesLike, no_sales
from marketplace.lots.edit_classes import EditClass, class_of
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.queries import lot_by_id
from marketplace.lots.services import OffersLike, no_offers
from marketplace.lots.transitions import FINAL
from marketplace.moderation.flags import flags_of_lot
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import approved_version, evidence_of_lot, facts_of_lot, open_case_of_lot
from marketplace.moderation.services.cases import close_withdrawn, open_case
from marketplace.unit_of_work import UnitOfWork


def submit_lot(
    uow: UnitOfWork, *, lot: Lot, sales: SalesLike = no_sales, offers: OffersLike = no_offers
) -> ModerationCase:
    """Freeze the lot as a version and open its case; an undecided case of an older version is closed.

    What this does to a lot on sale, its edit class says: a small correction is on sale at once.
    """
    version = lots.submit(uow, lot=lot, sales=sales, offers=offers)
    check_listing(uow, lot=lot, version=version)
    earlier = open_case_of_lot(uow.session, lot.id, lock=True)
    if earlier is not None:
        close_withdrawn(uow, earlier)
    uow.session.flush()
    approved = approved_version(uow.session, lot.id) if lot.published_version_id is not None else None
    edit = class_of(approved.content, version.content) if approved is not None else None
    case = open_case_of_version(uow, lot=lot, version=version, edit=edit)
    if approved is not None and edit is not None:
        lots.start_edit(uow, lot=lot, version=version, approved=approved, edit_class=edit)
    return case


def open_case_of_version(
    uow: UnitOfWork, *, lot: Lot, version: LotVersion, edit: EditClass | None = None
) -> ModerationCase:
    """Put a version that is under decision into the queue, with its flags; `edit` is what it changes of one on sale."""
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    evidence = evidence_of_lot(uow.session, version, settings=uow.settings, on=uow.now.date())
    return open_case(
        uow,
        facts=facts_of_lot(
            uow.session,
            version,
            in_conflict_area=bool(evidence.conflict_source),
            threshold_minor=uow.settings.second_person_threshold_minor,
            now=uow.now,
        ),
        kind="lot",
        lot_id=lot.id,
        version_id=version.id,
        cooperative_id=cooperative.id,
        reference=lot.reference,
        title=version.content["title"],
        country=version.content["country"],
        subject_sha256=version.sha256,
        subject={},
        edit_class=edit.value if edit else "",
        flags=flags_of_lot(version.content, evidence, today=uow.now.date()),
    )


def withdraw_lot(uow: UnitOfWork, *, lot: Lot) -> None:
    """Take a lot back, from the queue or from sale; its undecided case is closed."""
    lots.withdraw(uow, lot=lot)
    _close_open_case(uow, lot)


def drop_edit(uow: UnitOfWork, *, lot: Lot) -> None:
    """Take a change back that waits; its case is closed, and the approved version is on sale as before."""
    lots.drop_edit(uow, lot=lot)
    _close_open_case(uow, lot)


def close_cases_of_lot(uow: UnitOfWork, *, lot_id: UUID) -> None:
    """Close the undecided case of a lot that was sold or taken off meanwhile; do nothing while it may be decided."""
    lot = lot_by_id(uow.session, lot_id, lock=True)
    if lot.state in FINAL:
        _close_open_case(uow, lot)


def _close_open_case(uow: UnitOfWork, lot: Lot) -> None:
    case = open_case_of_lot(uow.session, lot.id, lock=True)
    if case is not None:
        close_withdrawn(uow, case)

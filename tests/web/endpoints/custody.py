"""The names of lots, their events and their tags in addresses."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import sites_of
from marketplace.core.actor import StaffRole
from marketplace.custody.answers import Happening
from marketplace.custody.queries import steps_of
from marketplace.custody.record import KINDS
from marketplace.custody.rules.chain import Recorder
from marketplace.custody.services import tags
from marketplace.custody.services.recording import Capacity, record_event
from marketplace.custody.services.tags import NewRange
from marketplace.lots.queries import lot_by_reference
from marketplace.passport.icglr_public import TABLES
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import GOLD, STONE, photo, published_lot, store_of
from tests.people import actor, person
from tests.web.endpoints.appeals import names_of_appeals
from tests.web.endpoints.documents import names_of_documents
from tests.web.endpoints.incidents import names_of_incidents
from tests.web.endpoints.monitoring import names_of_monitoring
from tests.web.endpoints.onboarding import names_of_onboarding


def names_of_custody(
    uow: UnitOfWork, cooperative: Cooperative, lots: tuple[str, ...]
) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Issue tags to a cooperative, tell where its draft was found; return what stands in addresses."""
    keeper = uow.acting_as(actor(uow.session, person(uow, "Keeper of the tags", StaffRole.VERIFIER)))
    row = tags.issue(keeper, cooperative=cooperative, new=NewRange("Pact", "KT-", 5, 1, 500))
    uow.session.flush()
    return {
        "/cooperative/lots": {"reference": lots, "slot": ("front",), "step": tuple(STONE), "kind": KINDS},
        "/cooperative/tags": {"reference": (cooperative.reference,)},
        "/lots/<reference>/journey/photos": {
            "reference": (lots[0],), "sha256": (_picture(keeper, lots[0]),), "width": ("320",),
        },
        "/lots/<reference>/icglr": {"reference": (_gold(uow, cooperative),), "table": TABLES},
        "/staff/lots": {"reference": lots, "kind": KINDS},
        "/staff/tags": {"range_id": (str(row.id),)},
        **names_of_documents(uow, cooperative),
        **names_of_incidents(uow, cooperative),
        **names_of_onboarding(uow, cooperative),
        **names_of_monitoring(uow, cooperative),
        **names_of_appeals(uow, cooperative),
    }  # fmt: skip


def _gold(uow: UnitOfWork, cooperative: Cooperative) -> str:
    """Put gold on sale, of which there is a record for the region; return its reference."""
    (site, *_) = sites_of(uow.session, cooperative.id)
    secretary = select(CooperativeMember.user_id).where(
        CooperativeMember.cooperative_id == cooperative.id, CooperativeMember.role == "secretary"
    )
    of = (site, uow.session.get_one(User, uow.session.scalars(secretary).one()))
    return published_lot(uow, of=of, steps=GOLD, number=27)[0].reference


def _picture(keeper: UnitOfWork, reference: str) -> str:
    """Tell with a photo where a draft was found; return the photo's digest."""
    lot = lot_by_reference(keeper.session, reference)
    (site, *_) = sites_of(keeper.session, lot.cooperative_id)
    told = Happening(
        kind="produced", happened_at=keeper.now - timedelta(days=2), site=site.reference, weight_after_mg=700, pieces=1,
        tag_number="KT-00007",
    )  # fmt: skip
    capacity = Capacity(Recorder.COOPERATIVE, enters_for=True)
    event = record_event(keeper, lot=lot, told=told, capacity=capacity, photos=[photo(77)], store=store_of(keeper))
    (step,) = steps_of(keeper.session, [event])
    return step.photo_sha256s[0]

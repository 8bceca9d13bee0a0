"""The names of cases and appeals in addresses."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import sites_of
from marketplace.core.ids import new_id
from marketplace.moderation import services
from marketplace.moderation.models import BlindReview
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import draft_lot
from tests.builders.moderation import decided_by_one, moderator
from tests.people import actor


def names_of_appeals(uow: UnitOfWork, cooperative: Cooperative) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Refuse another lot of the cooperative and let it appeal; return what stands in the addresses."""
    writers = select(User).join(CooperativeMember, CooperativeMember.user_id == User.id)
    secretary = uow.session.scalars(
        writers.where(CooperativeMember.cooperative_id == cooperative.id, CooperativeMember.role == "secretary")
    ).first()
    assert secretary is not None
    site = sites_of(uow.session, cooperative.id)[0]
    as_secretary = uow.acting_as(actor(uow.session, secretary))
    lot = draft_lot(uow, seller=(site, secretary), number=77)
    refused = services.submit_lot(as_secretary, lot=lot)
    decided_by_one(uow, refused, moderator(uow, "Mary of appeals"), "refuse", reasons=("NOT_NATURAL",))
    row = services.appeal(as_secretary, case=refused, words="Kanarienvogel was dug by our own members.")
    again = BlindReview(id=new_id(), case_id=refused.id, opened_at=uow.now)
    uow.session.add(again)
    uow.record("blind_review.open", again, refused)
    return {
        "/cooperative/appeals": {"case_id": (str(refused.id),)},
        "/staff/moderation-care": {"deed": ("assign", "note", "expire")},
        "/staff/appeals": {"appeal_id": (str(row.id),)},
        "/staff/blind-reviews": {"review_id": (str(again.id),)},
    }

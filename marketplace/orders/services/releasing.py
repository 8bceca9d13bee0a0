"""The release of a large order: by somebody who decided nothing about it before."""

from sqlalchemy import select

from marketplace.audit.models import AuditSearch, AuditTarget
from marketplace.core.errors import Forbidden
from marketplace.core.text import N_
from marketplace.orders.models import Order
from marketplace.unit_of_work import UnitOfWork


class NotTheSamePerson(Forbidden):
    """Who acted on the order before may not release it."""

    code = "not_the_same_person"
    message = N_("You acted on this order before. Somebody else must release it.")


def check_second_person(uow: UnitOfWork, *, order: Order) -> None:
    """Raise NotTheSamePerson when the audit log names this actor on the order already."""
    acted_before = (
        select(AuditTarget.seq)
        .join(AuditSearch, AuditSearch.seq == AuditTarget.seq)
        .where(
            AuditTarget.type == Order.audit_type,
            AuditTarget.id == str(order.id),
            AuditSearch.actor_id == uow.actor.user_id,
        )
    )
    if uow.session.scalar(acted_before.limit(1)) is not None:
        raise NotTheSamePerson

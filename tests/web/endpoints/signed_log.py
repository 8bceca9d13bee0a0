"""The signed log of the world, and what its addresses name."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.accounts.models import Buyer, User
from marketplace.audit.models import AuditEvent
from marketplace.audit.tlog.tiles import TILE_WIDTH
from marketplace.compliance.models import Cooperative
from marketplace.history import services
from marketplace.history.slices import Slice
from marketplace.unit_of_work import UnitOfWork
from tests.builders.log import sign, signer_in
from tests.people import actor
from tests.web.endpoints.passports import names_of_passports


def names_of_the_log(uow: UnitOfWork) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Issue passports, sign the log as it is, and name an entry and a tile of it."""
    passports = names_of_passports(uow)
    checkpoint = sign(uow, signer_in(uow.settings.data_dir / "log of the world"))
    assert checkpoint is not None
    seq, event_id = uow.session.execute(
        select(AuditEvent.seq, AuditEvent.event_id).where(AuditEvent.idx == checkpoint.size - 1)
    ).one()
    place = "0/000" if checkpoint.size >= TILE_WIDTH else f"0/000.p/{checkpoint.size}"
    buyer = uow.session.scalars(select(Buyer).order_by(Buyer.id)).first()
    assert buyer is not None
    his = uow.acting_as(actor(uow.session, uow.session.get_one(User, buyer.user_id)))
    made = services.create(his, whose=Slice("buyer", buyer.id), address="https://example.org/news")
    uow.commit()
    cooperatives = tuple(str(key) for key in uow.session.scalars(select(Cooperative.id).order_by(Cooperative.id)))
    return {
        **passports,
        "/account/events": {"subscription_id": (str(made.subscription.id),)},
        "/api/v1/audit": {"event_id": (str(event_id),)},
        "/cooperative/history": {"cooperative_id": cooperatives[:1], "event_id": (str(event_id),)},
        "/history": {"event_id": (str(event_id),)},
        "/log": {"place": (place,), "event_id": (str(event_id),)},
        "/staff/audit": {"seq": (str(seq),)},
    }

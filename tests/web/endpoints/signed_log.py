"""The signed log of the world, and what its addresses name."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.audit.models import AuditEvent
from marketplace.audit.tlog.tiles import TILE_WIDTH
from marketplace.unit_of_work import UnitOfWork
from tests.builders.log import sign, signer_in
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
    return {
        **passports,
        "/log": {"place": (place,), "event_id": (str(event_id),)},
        "/staff/audit": {"seq": (str(seq),)},
    }

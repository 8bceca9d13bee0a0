"""What happened to a cooperative's lots, orders and payouts, and who did it."""

from functools import partial
from uuid import UUID

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.queries import cooperatives_of_member
from marketplace.core.errors import NotFound
from marketplace.history.slices import Slice, members_of
from marketplace.http.access import MEMBER, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.web import own_history
from marketplace.web.own_history import Reader

bp = Blueprint("cooperative_history", __name__, url_prefix="/cooperative/history")


@bp.get("")
@allow(MEMBER)
def index() -> str:
    """Let an officer of several cooperatives choose one; of one, show its entries."""
    uow = current_uow()
    found = cooperatives_of_member(uow.session, uow.actor)
    if len(found) == 1:
        return page(found[0].id)
    return render_template("history/choose.html", cooperatives=found)


@bp.get("/<uuid:cooperative_id>")
@allow(MEMBER)
def page(cooperative_id: UUID) -> str:
    """Show the cooperative's own entries."""
    back = (_("Your cooperative"), "/cooperative")
    return own_history.page(_reader(cooperative_id), title=_("What happened, and who did it"), back=back)


@bp.get("/<uuid:cooperative_id>/table.csv")
@allow(MEMBER)
def table(cooperative_id: UUID) -> Response:
    """Give them as a table."""
    return own_history.table(_reader(cooperative_id))


@bp.get("/<uuid:cooperative_id>/<uuid:event_id>/proof")
@allow(MEMBER)
def proof(cooperative_id: UUID, event_id: UUID) -> Response:
    """Give the proof of one."""
    return own_history.proof(_reader(cooperative_id), event_id)


@bp.get("/<uuid:cooperative_id>/<uuid:event_id>/entry")
@allow(MEMBER)
def leaf(cooperative_id: UUID, event_id: UUID) -> Response:
    """Give the entry itself."""
    return own_history.leaf(_reader(cooperative_id), event_id)


def _reader(cooperative_id: UUID) -> Reader:
    uow = current_uow()
    if cooperative_id not in uow.actor.memberships:
        raise NotFound
    own = members_of(uow.session, cooperative_id)
    return Reader(Slice("cooperative", cooperative_id), own, partial(_address, cooperative_id))


def _address(cooperative_id: UUID, name: str, **values: object) -> str:
    return url_for(f"cooperative_history.{name}", cooperative_id=cooperative_id, **values)  # type: ignore[arg-type]

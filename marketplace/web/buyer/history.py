"""What happened to a buyer's purchases, and who did it."""

from functools import partial
from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.history.slices import slice_of_buyer
from marketplace.http.access import BUYER, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.web import own_history
from marketplace.web.own_history import Reader

bp = Blueprint("buyer_history", __name__, url_prefix="/history")


@bp.get("")
@allow(BUYER)
def page() -> str:
    """Show the buyer's own entries."""
    return own_history.page(_reader(), title=_("What happened, and who did it"), back=(_("Your account"), "/account"))


@bp.get("/table.csv")
@allow(BUYER)
def table() -> Response:
    """Give them as a table."""
    return own_history.table(_reader())


@bp.get("/<uuid:event_id>/proof")
@allow(BUYER)
def proof(event_id: UUID) -> Response:
    """Give the proof of one."""
    return own_history.proof(_reader(), event_id)


@bp.get("/<uuid:event_id>/entry")
@allow(BUYER)
def leaf(event_id: UUID) -> Response:
    """Give the entry itself."""
    return own_history.leaf(_reader(), event_id)


def _reader() -> Reader:
    uow = current_uow()
    if uow.actor.buyer_id is None or uow.actor.user_id is None:
        raise NotFound
    whose = slice_of_buyer(uow.session, uow.actor.buyer_id)
    return Reader(whose, frozenset({uow.actor.user_id}), partial(_address))


def _address(name: str, **values: object) -> str:
    return url_for(f"buyer_history.{name}", **values)  # type: ignore[arg-type]

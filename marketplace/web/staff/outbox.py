"""The letters the marketplace wrote, as administrators see them."""

from uuid import UUID

from flask import Blueprint, render_template, request

from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, settings
from marketplace.notifications import queries

bp = Blueprint("staff_outbox", __name__, url_prefix="/staff/outbox")
ADMINISTRATORS = staff(StaffRole.ADMINISTRATOR)


@bp.get("")
@allow(ADMINISTRATORS)
def letters() -> str:
    """Show a page of letters, newest first."""
    found = queries.messages(current_uow().session, before=_cursor())
    shown = found[: queries.PAGE]
    return render_template(
        "staff/outbox/list.html",
        letters=shown,
        next_before=shown[-1].id if len(found) > queries.PAGE else None,
    )


@bp.get("/<uuid:message_id>")
@allow(ADMINISTRATORS)
def letter(message_id: UUID) -> str:
    """Show one letter; its links stay hidden where a mail server sends them."""
    found = queries.shown_message(current_uow().session, message_id, settings())
    return render_template("staff/outbox/letter.html", letter=found)


def _cursor() -> UUID | None:
    try:
        return UUID(request.args.get("before", ""))
    except ValueError:
        return None  # a cut or made-up cursor shows the first page

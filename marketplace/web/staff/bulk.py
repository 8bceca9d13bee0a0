"""Several cases of the queue sent back at once, after a look at what would happen to each."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate_error
from marketplace.moderation.reasons import reasons_for
from marketplace.moderation.services import bulk
from marketplace.moderation.services.bulk import Line, Named
from marketplace.web.account.places import field_errors

bp = Blueprint("staff_bulk", __name__, url_prefix="/staff/moderation-bulk")
MODERATORS = staff(StaffRole.MODERATOR)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(MODERATORS)
def show() -> Page:
    """Show what would happen to each chosen case, with the reasons to choose from."""
    keys = [key for key in map(_key, request.args.getlist("case")) if key is not None]
    try:
        lines = bulk.preview(current_uow(), keys)
    except InvalidInput as error:
        flash(field_errors(error)["case"], "bad")
        return redirect(url_for("staff_moderation.queue"), code=303)
    return _page(lines, values={"reasons": [], "note": ""}, errors={})


@bp.post("")
@allow(MODERATORS)
@once
def send_back() -> Page:
    """Send back every case that may be; show which were, and why others were left."""
    uow = current_uow()
    named = [each for each in map(_named, request.form.getlist("case")) if each is not None]
    reasons, note = request.form.getlist("reasons"), request.form.get("note", "").replace("\r\n", "\n")
    try:
        lines = bulk.send_back(uow, named=named, reasons=reasons, note=note)
    except InvalidInput as error:
        errors = field_errors(error)
        if "case" in errors:
            flash(errors["case"], "bad")
            return redirect(url_for("staff_moderation.queue"), code=303)
        lines = bulk.preview(uow, [each.case_id for each in named])
        return _page(lines, values={"reasons": reasons, "note": note}, errors=errors), 422
    return render_template("staff/moderation/bulk_done.html", lines=_told(lines))


def _page(lines: Sequence[Line], *, values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template(
        "staff/moderation/bulk.html",
        lines=_told(lines),
        may_send=any(line.refusal is None for line in lines),
        reason_choices=reasons_for("lot"),
        values=values,
        errors=errors,
    )


def _told(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [{"case": line.case, "refusal": translate_error(line.refusal) if line.refusal else None} for line in lines]


def _named(text: str) -> Named | None:
    key, _mark, digest = text.partition(":")
    found = _key(key)
    return Named(found, digest) if found is not None else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

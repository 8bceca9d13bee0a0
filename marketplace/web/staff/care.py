"""Several cases given to somebody, noted on, or closed for want of an answer, after a look at what would happen."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.moderation.queries.care import PAGE, reviewers, unanswered
from marketplace.moderation.services import care
from marketplace.moderation.services.bulk import Line
from marketplace.moderation.services.care import ANSWER_DAYS, Deed
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor

bp = Blueprint("staff_care", __name__, url_prefix="/staff/moderation-care")
MODERATORS = staff(StaffRole.MODERATOR)
Page = str | tuple[str, int]
TITLES: Final = {
    Deed.ASSIGN: N_("Give cases to somebody"),
    Deed.NOTE: N_("Write a note on cases"),
    Deed.EXPIRE: N_("Close what nobody answered"),
}
LEADS: Final = {
    Deed.ASSIGN: N_("The person meets these cases first. She can still give them back."),
    Deed.NOTE: N_("Reviewers read the note in each case. The cooperative does not."),
    Deed.EXPIRE: N_("A lot becomes a draft again. A version on sale stays there. The cooperative gets a letter."),
}
DONE: Final = {Deed.ASSIGN: N_("Given"), Deed.NOTE: N_("Noted"), Deed.EXPIRE: N_("Closed")}
BUTTONS: Final = {Deed.ASSIGN: N_("Give them"), Deed.NOTE: N_("Write the note"), Deed.EXPIRE: N_("Close them")}


@bp.get("")
@allow(MODERATORS)
def index() -> str:
    """List lots that were sent back and not answered in time."""
    uow = current_uow()
    until = uow.now - timedelta(days=ANSWER_DAYS)
    rows = unanswered(uow.session, until=until, after=moment_cursor(request.args.get("after", "")))
    last = rows[PAGE - 1].case if len(rows) > PAGE else None
    following = f"{last.closed_at.isoformat()}_{last.id}" if last is not None and last.closed_at is not None else None
    return render_template(
        "staff/moderation/unanswered.html",
        rows=rows[:PAGE],
        days=ANSWER_DAYS,
        following=url_for(".index", after=following) if following else None,
    )


@bp.get("/<deed>")
@allow(MODERATORS)
def show(deed: str) -> Page:
    """Show what would happen to each chosen case."""
    return _page(_deed(deed), _keys(request.args.getlist("case")), values={}, errors={})


@bp.post("/<deed>")
@allow(MODERATORS)
@once
def do(deed: str) -> Page:
    """Do it to every case where it may be done; show which were, and why others were left."""
    chosen, keys = _deed(deed), _keys(request.form.getlist("case"))
    try:
        lines = _done(chosen, keys)
    except InvalidInput as error:
        return _page(chosen, keys, values=dict(request.form), errors=field_errors(error))
    return render_template(
        "staff/moderation/care_done.html", lines=_told(lines), title=_(TITLES[chosen]), done=_(DONE[chosen])
    )


def _done(deed: Deed, keys: Sequence[UUID]) -> list[Line]:
    uow = current_uow()
    if deed is Deed.ASSIGN:
        return care.assign(uow, keys=keys, to=_key(request.form.get("to", "")))
    if deed is Deed.NOTE:
        return care.note(uow, keys=keys, words=request.form.get("words", "").replace("\r\n", "\n"))
    return care.expire(uow, keys=keys)


def _page(deed: Deed, keys: Sequence[UUID], *, values: dict[str, str], errors: dict[str, str]) -> Page:
    uow = current_uow()
    try:
        lines = care.preview(uow, deed=deed, keys=keys)
    except InvalidInput as error:
        lines, errors = [], {**errors, **field_errors(error)} if request.method == "POST" or keys else {}
    body = render_template(
        "staff/moderation/care.html",
        deed=deed.value,
        title=_(TITLES[deed]),
        lead=_(LEADS[deed]),
        button_text=_(BUTTONS[deed]),
        done=_(DONE[deed]),
        lines=_told(lines),
        may_do=any(line.refusal is None for line in lines),
        people=[("", _("Choose one")), *((str(each.id), each.name) for each in reviewers(uow.session))],
        values=values,
        errors=errors,
    )
    return (body, 422) if errors else body


def _told(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [{"case": line.case, "refusal": translate_error(line.refusal) if line.refusal else None} for line in lines]


def _deed(text: str) -> Deed:
    if text not in set(Deed):
        raise NotFound
    return Deed(text)


def _keys(given: Sequence[str]) -> list[UUID]:
    return [key for key in map(_key, given) if key is not None]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""The cooperative's own lots: the list, a new draft, the seven steps of one lot, taking it back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.compliance.queries import cooperative_of_member, cooperatives_of_member
from marketplace.core.actor import Actor
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.lots import services
from marketplace.lots.draft import STEP_STATE_LABELS, StepState, changed_since_return
from marketplace.lots.edit_classes import EditClass
from marketplace.lots.models import Lot
from marketplace.lots.queries import (
    PAGE,
    SHELF_LABELS,
    Sheet,
    Shelf,
    counts_by_shelf,
    lot_of_cooperative,
    lots_of_member,
    read_sheet,
)
from marketplace.lots.transitions import Action, legal_actions
from marketplace.lots.vocabulary import STEPS
from marketplace.moderation import services as moderation
from marketplace.moderation.queries import latest_statement, open_case_of_lot
from marketplace.orders.comparable_sales import sales_like
from marketplace.orders.hold_limits import is_road_too_long
from marketplace.web.cooperative import lots_words as words
from marketplace.web.cursors import moment_cursor
from marketplace.web.edit_words import words_of

bp = Blueprint("cooperative_lots", __name__, url_prefix="/cooperative")


@bp.get("/")
@allow(MEMBER)
def home() -> str:
    """Show the cooperative's lots by where they stand, and the way to a new one."""
    uow = current_uow()
    shelf = Shelf(request.args["shelf"]) if request.args.get("shelf") in set(Shelf) else None
    found = lots_of_member(uow.session, uow.actor, shelf=shelf, after=moment_cursor(request.args.get("after", "")))
    cooperatives = cooperatives_of_member(uow.session, uow.actor)
    return render_template(
        "cooperative/home.html",
        cooperatives=cooperatives,
        writable=[each for each in cooperatives if uow.actor.may_write_for(each.id)],
        lots=[words.line_of(lot) for lot in found[:PAGE]],
        nobody_buys=is_road_too_long(settings().maximum_hold_days),
        stats_shown=_stats(uow.session, uow.actor),
        shelf=_(SHELF_LABELS[shelf]) if shelf else None,
        next_url=_next_url(found[PAGE - 1], shelf) if len(found) > PAGE else None,
    )


@bp.post("/lots")
@allow(WRITER)
@once
def start() -> Response:
    """Start a draft and go to its first step."""
    uow = current_uow()
    cooperative = cooperative_of_member(uow.session, request.form.get("cooperative", ""), uow.actor)
    lot = services.start_draft(uow, cooperative_id=cooperative.id)
    return redirect(url_for("cooperative_steps.show", reference=lot.reference, step="kind"), code=303)


@bp.get("/lots/<reference>")
@allow(MEMBER)
def show(reference: str) -> str:
    """Show the seven steps of a lot and how far each is."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor)
    sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=settings().platform_fee_bps, sales=sales_like)
    statement = latest_statement(uow.session, lot.id)
    asked = {reason.field for reason in statement.reasons} if statement else set()
    actions = legal_actions(lot.state, on_sale=lot.published_version_id is not None)
    return render_template(
        "cooperative/lots/tasks.html",
        lot=lot,
        sheet=sheet,
        title=words.title_of(lot),
        line=words.line_of(lot),
        statement=statement,
        tasks=_tasks(sheet, asked, can_edit=Action.EDIT in actions),
        edit=_standing_edit(lot),
        can_drop=Action.DROP in actions and uow.actor.may_write_for(lot.cooperative_id),
        can_withdraw=Action.WITHDRAW in actions and uow.actor.may_write_for(lot.cooperative_id),
    )


@bp.post("/lots/<reference>/withdrawal")
@allow(WRITER)
@once
def withdraw(reference: str) -> Response:
    """Take a lot back."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor, lock=True)
    moderation.withdraw_lot(uow, lot=lot)
    flash(_("You took the lot back. Buyers do not see it."), "good")
    return redirect(url_for(".home"), code=303)


@bp.post("/lots/<reference>/edit/withdrawal")
@allow(WRITER)
@once
def drop_edit(reference: str) -> Response:
    """Take a change of a lot on sale back; the approved version is on sale as before."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor, lock=True)
    moderation.drop_edit(uow, lot=lot)
    flash(_("You took the change back. The approved version is on sale. Your answers stay in the steps."), "good")
    return redirect(url_for(".show", reference=lot.reference), code=303)


def _standing_edit(lot: Lot) -> dict[str, Any] | None:
    """Return the class of the change that Pact looks at now, with its words."""
    case = open_case_of_lot(current_uow().session, lot.id)
    return words_of(EditClass(case.edit_class)) if case is not None and case.edit_class else None


def _tasks(sheet: Sheet, asked: set[str], *, can_edit: bool) -> list[words.Row]:
    rows = []
    for step, label in STEPS.items():
        state = sheet.state_of(step)
        if step in asked and sheet.lot.state == "changes_requested" and not changed_since_return(sheet.lot.draft, step):
            state = StepState.NEEDS_CHANGE
        rows.append(
            {
                "label": _(label),
                "href": address_of(sheet.lot, step) if can_edit or step == "check" else None,
                "state": _(STEP_STATE_LABELS[state]),
                "tone": words.STATE_TONES[state],
            }
        )
    return rows


def address_of(lot: Lot, step: str, *, back: str | None = None) -> str:
    """Return the address of a step's page."""
    if step == "photos":
        return url_for("cooperative_photos.show", reference=lot.reference, back=back)
    if step == "check":
        return url_for("cooperative_check.show", reference=lot.reference)
    return url_for("cooperative_steps.show", reference=lot.reference, step=step, back=back)


def next_step(lot: Lot, step: str, *, back: bool) -> str:
    """Return the page after a step: the next one, or the page of all answers when the reader came from there."""
    following = words.NAMES[words.NAMES.index(step) + 1]
    return address_of(lot, "check" if back else following)


def _stats(session: Session, actor: Actor) -> list[words.Row]:
    counts = counts_by_shelf(session, actor)
    shown = [shelf for shelf in Shelf if shelf is not Shelf.CLOSED or counts[shelf]]
    return [
        {"number": counts[shelf], "label": _(SHELF_LABELS[shelf]), "href": url_for(".home", shelf=shelf.value)}
        for shelf in shown
    ]


def _next_url(last: Lot, shelf: Shelf | None) -> str:
    after = f"{last.updated_at.isoformat()}_{last.id}"
    return url_for(".home", after=after, shelf=shelf.value if shelf else None)

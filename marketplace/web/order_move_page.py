"""The page of one move of an order: its form, and what happens when it is sent."""

from collections.abc import Mapping
from typing import Any, Final

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.core.errors import InvalidInput, NotFound, TransitionRefused
from marketplace.http.context import current_uow, file_store, settings
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.orders import queries
from marketplace.orders.models import Order
from marketplace.orders.paid_amounts import paid_of
from marketplace.orders.transitions import Action, allowed_actions
from marketplace.web.order_moves import Move, Sent

Moves = Mapping[Action, Move]
MOST_PHOTOS: Final = 6


def slug_of(action: Action) -> str:
    """Return a move's name in addresses."""
    return action.value.replace("_", "-")


def links_of(order: Order, moves: Moves, *, base: str) -> list[dict[str, Any]]:
    """Return what the page offers of `moves` now, in the table's order."""
    uow = current_uow()
    allowed = allowed_actions(order, uow.actor, now=uow.now)
    return [
        {
            "label": _(move.label),
            "kind": move.kind,
            "url": f"{base}/{order.reference}/moves/{slug_of(action)}",
            "is_form": bool(move.fields),
            "intro": _(move.intro) if move.intro else "",
        }
        for action, move in moves.items()
        if action in allowed
    ]


def show_move(order: Order, moves: Moves, name: str, *, base: str) -> str:
    """Return the form; raise TransitionRefused, with what is legal, when the move is not open."""
    action, move = _found(moves, name)
    uow = current_uow()
    allowed = allowed_actions(order, uow.actor, now=uow.now)
    if action not in allowed:
        raise TransitionRefused(order.state, action, legal=[each.value for each in allowed])
    return _page(order, action, move, base=base, values={}, errors={})


def make_move(order: Order, moves: Moves, name: str, *, base: str) -> Response | tuple[str, int]:
    """Make the move and go back to the order; show the form again, values kept, when something is wrong with it."""
    action, move = _found(moves, name)
    sent = Sent(request.form, _photos(), file_store())
    try:
        move.do(current_uow(), order, sent)
    except InvalidInput as error:
        words = {field: translate_error(wrong) for field, wrong in error.fields.items()}
        return _page(order, action, move, base=base, values=request.form, errors=words), 422
    return redirect(f"{base}/{order.reference}", code=303)


def _found(moves: Moves, name: str) -> tuple[Action, Move]:
    for action, move in moves.items():
        if slug_of(action) == name:
            return action, move
    raise NotFound


def _photos() -> list[bytes]:
    most = settings().max_upload_bytes
    files = [file for file in request.files.getlist("photos") if file.filename]
    return [file.read(most + 1) for file in files[:MOST_PHOTOS]]


def _page(order: Order, action: Action, move: Move, *, base: str, values: object, errors: object) -> str:
    exchanged = paid_of(current_uow().session, [order.id])
    return render_template(
        "orders/move.html",
        order=order,
        price=queries.price_of(order),
        paid=exchanged.get(order.id),
        move=move,
        back=f"{base}/{order.reference}",
        action=f"{base}/{order.reference}/moves/{slug_of(action)}",
        draft=f"{slug_of(action)}-{order.reference}",
        choices=[{"value": value, "label": _(label)} for value, label in move.choices.items()],
        values=values,
        errors=errors,
    )

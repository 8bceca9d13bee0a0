"""A buyer asks for an independent check of a lot, and follows the checks she asked for."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.checks import queries, services
from marketplace.checks.answers import LONGEST_QUESTION, read_question
from marketplace.checks.transitions import STATE_WORDS, Action, Who, legal
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.ids import normal_reference
from marketplace.http.access import BUYER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.search.queries import PublishedLot, published_lot
from marketplace.web.account.places import field_errors

bp = Blueprint("buyer_checks", __name__)
LONGEST_REFERENCE = 40
Page = Response | str | tuple[str, int]


@bp.get("/checks")
@allow(BUYER)
def index() -> str:
    """List the checks this buyer asked for."""
    uow = current_uow()
    return render_template(
        "buyer/checks.html",
        rows=[
            (row, Action.WITHDRAW in legal(row.check.state, Who.BUYER))
            for row in queries.checks_of_buyer(uow.session, uow.actor.buyer_id)
        ],
        states=STATE_WORDS,
    )


@bp.get("/lots/<reference>/check")
@allow(BUYER)
def form(reference: str) -> str:
    """Show the form that asks for a check."""
    return _form(_lot(reference), values={}, errors={})


@bp.post("/lots/<reference>/check")
@allow(BUYER)
@once
def create(reference: str) -> Page:
    """Ask for a check of the version that was read."""
    found = _lot(reference)
    try:
        question = read_question(request.form)
    except InvalidInput as error:
        return _form(found, values=request.form, errors=field_errors(error)), 422
    services.ask(
        current_uow(),
        lot_id=found.listing.lot_id,
        version_sha256=request.form.get("version", "")[:64],
        question=question,
    )
    flash(_("You asked for a check. We write to you when it is done."), "good")
    return redirect(url_for(".index"), code=303)


@bp.post("/checks/<reference>/withdrawal")
@allow(BUYER)
@once
def withdraw(reference: str) -> Response:
    """Take the wish back while nobody works on it."""
    uow = current_uow()
    services.withdraw(uow, check=queries.check_of_buyer(uow.session, reference, uow.actor))
    flash(_("You withdrew it."), "info")
    return redirect(url_for(".index"), code=303)


def _form(found: PublishedLot, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "buyer/ask_check.html",
        lot=found.listing,
        version=found.version,
        running=queries.open_check_of(current_uow().session, found.listing.lot_id),
        values=values,
        errors=errors,
        most=LONGEST_QUESTION,
    )


def _lot(reference: str) -> PublishedLot:
    if len(reference) > LONGEST_REFERENCE or "\x00" in reference:
        raise NotFound
    return published_lot(current_uow().session, normal_reference(reference))

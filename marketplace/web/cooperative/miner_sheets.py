"""Sheets of payments to miners: a cooperative hands in who was paid by number, never by name."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_of_member, cooperatives_of_member
from marketplace.core.errors import FieldError, Forbidden, InvalidInput, NotFound
from marketplace.core.money import EXPONENT, Money
from marketplace.core.text import N_
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.monitoring import queries, services
from marketplace.monitoring.sheets import MOST_LINES, read_sheet
from marketplace.web.account.places import field_errors
from marketplace.web.filters import money

bp = Blueprint("cooperative_miner_sheets", __name__, url_prefix="/cooperative/miner-payments")
MINERALS = (("gold", N_("Gold")), ("gem", N_("Stones")))
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(MEMBER)
def index() -> str:
    """List the sheets handed in, with the form for another one."""
    return _page(values={}, errors={})


@bp.post("")
@allow(WRITER)
@once
def create() -> Page:
    """Hand in a sheet."""
    uow = current_uow()
    try:
        sheet = read_sheet(request.form, today=uow.now.date())
        row = services.enter_sheet(uow, cooperative=_cooperative(request.form), sheet=sheet)
    except InvalidInput as error:
        return _page(values=request.form, errors=field_errors(error)), 422
    flash(_("The sheet %(reference)s is handed in.", reference=row.reference), "good")
    return redirect(url_for(".index"), code=303)


@bp.post("/<reference>/withdrawal")
@allow(WRITER)
@once
def withdraw(reference: str) -> Page:
    """Withdraw a sheet that was wrong."""
    uow = current_uow()
    row = queries.sheet_of_member(uow.session, reference, uow.actor)
    if not uow.actor.may_write_for(row.cooperative_id):
        raise Forbidden
    services.withdraw(uow, record=row)
    flash(_("The sheet is withdrawn. Hand in the right one."), "info")
    return redirect(url_for(".index"), code=303)


def _page(*, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    own = cooperatives_of_member(uow.session, uow.actor)
    usual = {"currency": own[0].payout_currency, "cooperative": own[0].reference} if own else {}
    return render_template(
        "cooperative/money/miner_sheets.html",
        rows=[
            (each.record, each.cooperative, money(Money(each.record.total_minor, each.record.currency)))
            for each in queries.sheets_of_member(uow.session, uow.actor)
        ],
        own=[(each.reference, each.legal_name) for each in own if uow.actor.may_write_for(each.id)],
        may_write=[each.id for each in own if uow.actor.may_write_for(each.id)],
        minerals=[(code, _(words)) for code, words in MINERALS],
        currencies=[(code, code) for code in EXPONENT],
        values=values or usual,
        errors=errors,
        most=MOST_LINES,
    )


def _cooperative(form: Mapping[str, str]) -> Cooperative:
    uow = current_uow()
    try:
        return cooperative_of_member(uow.session, form.get("cooperative", "")[:40], uow.actor)
    except NotFound:
        raise InvalidInput({"cooperative": FieldError(N_("Choose one from the list."))}) from None

"""Owners of a quarter or more, told in the application by the cooperative, or by a field officer on its behalf.

Each is screened like every other name. What the screening found is not shown here: it is for staff only.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.answers import COUNTRIES
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_by_id
from marketplace.core.errors import Forbidden, InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.queries import may_write
from marketplace.onboarding.steps import Step
from marketplace.onboarding.transitions import Action, row_for
from marketplace.screening.answers import WHOLE_BPS, read_owner
from marketplace.screening.services import owners
from marketplace.screening.subjects import owners_of
from marketplace.web.account.places import country_choices, field_errors
from marketplace.web.cooperative.application import found

bp = Blueprint("application_owners", __name__, url_prefix="/sell/applications/<reference>/owners")
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(SIGNED_IN)
def show(reference: str) -> str:
    """Show the owners that were told, with a form for another."""
    row, cooperative = _open(reference)
    return _page(row, cooperative, values={}, errors={})


@bp.post("")
@allow(SIGNED_IN)
@once
def add(reference: str) -> Page:
    """Tell somebody who owns 25 % or more."""
    uow = current_uow()
    row, cooperative = _open(reference, lock=True)
    try:
        owner = read_owner(request.form, countries=COUNTRIES, year=uow.now.year)
        owners.enter(uow, cooperative=cooperative, owner=owner)
    except InvalidInput as error:
        return _page(row, cooperative, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("The owner is kept.")), "good")
    return redirect(url_for(".show", reference=reference), code=303)


@bp.post("/<uuid:owner_id>/end")
@allow(SIGNED_IN)
@once
def end(reference: str, owner_id: UUID) -> Page:
    """Tell that somebody owns less now."""
    _row, cooperative = _open(reference, lock=True)
    owners.end(current_uow(), cooperative=cooperative, owner_id=owner_id)
    flash(_(N_("The owner is no longer on the list.")), "good")
    return redirect(url_for(".show", reference=reference), code=303)


def shares_of(cooperative: Cooperative) -> list[tuple[Any, Decimal]]:
    """Return the owners of a cooperative with their shares of one."""
    rows = owners_of(current_uow().session, cooperative.id)
    return [(row, Decimal(row.share_bps) / WHOLE_BPS) for row in rows]


def _open(reference: str, *, lock: bool = False) -> tuple[CooperativeApplication, Cooperative]:
    """Return an application that may be filled in now, with its cooperative."""
    uow = current_uow()
    row = found(reference)
    if not may_write(row, uow.actor):
        raise Forbidden
    if row.cooperative_id is None:
        raise NotFound  # the first step makes the record to which owners belong
    cooperative = cooperative_by_id(uow.session, row.cooperative_id, lock=lock)
    if lock:
        uow.session.refresh(row)
    row_for(row.state, Action.SAVE)
    return row, cooperative


def _page(
    row: CooperativeApplication, cooperative: Cooperative, *, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    return render_template(
        "cooperative/applications/owners.html",
        application=row,
        cooperative=cooperative,
        owners=shares_of(cooperative),
        countries=country_choices(),
        back=url_for("application_steps.show", reference=row.reference, step=Step.PEOPLE.value),
        values=values,
        errors=errors,
    )

"""The names behind one cooperative: its owners, its hits, and a screening now."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.answers import COUNTRIES
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_for_staff
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.screening.answers import WHOLE_BPS, read_owner
from marketplace.screening.entries import LIST_NAMES
from marketplace.screening.queries import hits_of_cooperative
from marketplace.screening.services import owners
from marketplace.screening.services.screening import screen_cooperative
from marketplace.screening.standing import in_force, is_fresh
from marketplace.screening.subjects import KIND_WORDS, names_of_cooperative, owners_of
from marketplace.screening.transitions import STATE_WORDS
from marketplace.web.account.places import country_choices, field_errors

bp = Blueprint("staff_screening_names", __name__, url_prefix="/staff/screening/cooperatives")
READERS = staff(StaffRole.MODERATOR, StaffRole.FINANCE, StaffRole.AUDITOR)
# Finance meets a stale screening when it approves a payout, so it may screen again.
SCREENERS = staff(StaffRole.MODERATOR, StaffRole.FINANCE)
MODERATORS = staff(StaffRole.MODERATOR)
Page = Response | str | tuple[str, int]


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> str:
    """Show every name that is screened, and how the cooperative stands."""
    return _page(_found(reference), values={}, errors={})


@bp.post("/<reference>/now")
@allow(SCREENERS)
@once
def screen(reference: str) -> Page:
    """Compare every name with the lists in force."""
    uow, cooperative = current_uow(), _found(reference, lock=True)
    if not in_force(uow.session):
        raise Conflict(N_("No list is in force. Import the lists first."))
    hit = screen_cooperative(uow, cooperative=cooperative)
    if hit is None:
        flash(_(N_("No name looks like a listed one. The screening holds for 30 days.")), "good")
    else:
        flash(_(N_("A name looks like a listed one. A person must decide.")), "warn")
    return _to(cooperative)


@bp.post("/<reference>/owners")
@allow(MODERATORS)
@once
def add_owner(reference: str) -> Page:
    """Enter somebody who owns 25 % or more."""
    uow, cooperative = current_uow(), _found(reference, lock=True)
    try:
        owner = read_owner(request.form, countries=COUNTRIES, year=uow.now.year)
        owners.enter(uow, cooperative=cooperative, owner=owner)
    except InvalidInput as error:
        return _page(cooperative, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("The owner is kept, and the names are screened.")), "good")
    return _to(cooperative)


@bp.post("/<reference>/owners/<uuid:owner_id>/end")
@allow(MODERATORS)
@once
def end_owner(reference: str, owner_id: UUID) -> Page:
    """Note that somebody owns less now."""
    cooperative = _found(reference, lock=True)
    owners.end(current_uow(), cooperative=cooperative, owner_id=owner_id)
    return _to(cooperative)


def _page(cooperative: Cooperative, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    return render_template(
        "staff/screening/names.html",
        cooperative=cooperative,
        screened=names_of_cooperative(uow.session, cooperative),
        owners=[(row, Decimal(row.share_bps) / WHOLE_BPS) for row in owners_of(uow.session, cooperative.id)],
        hits=hits_of_cooperative(uow.session, cooperative.id),
        has_lists=bool(in_force(uow.session)),
        is_fresh=is_fresh(uow.session, cooperative=cooperative, settings=settings(), now=uow.now),
        kinds={kind.value: words for kind, words in KIND_WORDS.items()},
        lists={kind.value: words for kind, words in LIST_NAMES.items()},
        states={state.value: words for state, words in STATE_WORDS.items()},
        countries=country_choices(),
        may_screen=uow.actor.has_role(StaffRole.MODERATOR) or uow.actor.has_role(StaffRole.FINANCE),
        may_write=uow.actor.has_role(StaffRole.MODERATOR),
        may_decide=uow.actor.has_role(StaffRole.MODERATOR) or uow.actor.has_role(StaffRole.AUDITOR),
        values=values,
        errors=errors,
    )


def _found(reference: str, *, lock: bool = False) -> Cooperative:
    return cooperative_for_staff(current_uow().session, reference, lock=lock)


def _to(cooperative: Cooperative) -> Response:
    return redirect(url_for(".show", reference=cooperative.reference), code=303)

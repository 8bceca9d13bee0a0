"""Rates by hand: one curator enters, another releases or dismisses with a reason, and everybody reads it later."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.audit import queries as audit
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.pricing.queries import board, rate_of_series
from marketplace.pricing.rate_entry import read_entry
from marketplace.pricing.services import dismiss_rate, enter_rate, release_rate
from marketplace.web.series import code_of
from marketplace.web.staff.rate_words import jump_of
from marketplace.web.staff.rates import READERS

bp = Blueprint("staff_rate_entries", __name__, url_prefix="/staff/rates")
CURATORS = staff(StaffRole.CURATOR)
Page = Response | str | tuple[str, int]
Texts = Mapping[str, str]


@bp.get("/<series>/entry")
@allow(CURATORS)
def entry(series: str) -> Page:
    """Ask for a rate."""
    return _entry_page(series, values={"observed_on": current_uow().now.date().isoformat()}, errors={})


@bp.post("/<series>/entry")
@allow(CURATORS)
@once
def enter(series: str) -> Page:
    """Keep a rate, out of force, until another curator decides."""
    uow = current_uow()
    code = board.series_by_code(uow.session, code_of(series)).code
    try:
        typed = read_entry(request.form, today=uow.now.date())
    except InvalidInput as error:
        return _entry_page(series, values=request.form, errors=_messages(error)), 422
    rate = enter_rate(
        uow, series=code, observed_on=typed.observed_on, value=typed.value, source=typed.source, reason=typed.reason
    )
    flash(translate(N_("Kept. It counts after another curator has released it.")), "good")
    return redirect(url_for("staff_rate_entries.held_back", series=series, rate_id=rate.id), code=303)


@bp.get("/<series>/held-back/<uuid:rate_id>")
@allow(READERS)
def held_back(series: str, rate_id: UUID) -> Page:
    """Show a rate that was held back: how far it jumps, who entered it, and what became of it."""
    return _rate_page(series, rate_id, values={}, errors={})


@bp.post("/<series>/held-back/<uuid:rate_id>/release")
@allow(CURATORS)
@once
def release(series: str, rate_id: UUID) -> Page:
    """Put the rate into force."""
    board.rate_facts(current_uow().session, rate_id, series=code_of(series))
    try:
        release_rate(current_uow(), rate_id=rate_id, reason=request.form.get("reason", ""))
    except InvalidInput as error:
        return _rate_page(series, rate_id, values=request.form, errors=_messages(error)), 422
    flash(translate(N_("Released. The rate is in force from now on.")), "good")
    return redirect(url_for("staff_rates.show", series=series), code=303)


@bp.post("/<series>/held-back/<uuid:rate_id>/dismissal")
@allow(CURATORS)
@once
def dismiss(series: str, rate_id: UUID) -> Page:
    """Say that the rate is wrong."""
    board.rate_facts(current_uow().session, rate_id, series=code_of(series))
    try:
        dismiss_rate(current_uow(), rate_id=rate_id, reason=request.form.get("reason", ""))
    except InvalidInput as error:
        return _rate_page(series, rate_id, values=request.form, errors=_messages(error)), 422
    flash(translate(N_("Dismissed. The rate is never used.")), "good")
    return redirect(url_for("staff_rates.show", series=series), code=303)


def _messages(error: InvalidInput) -> dict[str, str]:
    return {name: translate_error(field) for name, field in error.fields.items()}


def _entry_page(series: str, *, values: Texts, errors: Texts) -> str:
    uow = current_uow()
    found = board.series_by_code(uow.session, code_of(series))
    newest = rate_of_series(uow.session, found.code, uow.now.date())
    return render_template(
        "staff/rates/entry.html", series=found, address=series, newest=newest, values=values, errors=errors
    )


def _rate_page(series: str, rate_id: UUID, *, values: Texts, errors: Texts) -> str:
    uow = current_uow()
    found = board.series_by_code(uow.session, code_of(series))
    facts = board.rate_facts(uow.session, rate_id, series=found.code)
    history = audit.history(uow.session, kind="reference_rate", key=str(rate_id), limit=10)
    return render_template(
        "staff/rates/held_back.html",
        series=found,
        address=series,
        facts=facts,
        jump=jump_of(facts, found),
        reasons={event.action: event for event in history},
        names=board.names_of(uow.session, [facts.rate.imported_by]),
        is_own=facts.rate.imported_by == str(uow.actor.user_id),
        values=values,
        errors=errors,
    )

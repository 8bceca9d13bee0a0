"""The charges of countries and what standards promise, as curators keep them: proposed, approved, verified."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.orders.countries import COUNTRIES
from marketplace.pricing import queries, services
from marketplace.pricing.models import Approval, DeductionRule, PriceStandardRow
from marketplace.web.charge_rows import charge_row, standard_row
from marketplace.web.filters import country as country_name
from marketplace.web.staff import charge_forms as forms

bp = Blueprint("staff_charges", __name__, url_prefix="/staff/charges")
READERS = staff(StaffRole.CURATOR, StaffRole.AUDITOR, StaffRole.MODERATOR)
CURATORS = staff(StaffRole.CURATOR)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the countries, with what nobody verified and what waits for approval."""
    session = current_uow().session
    return render_template(
        "staff/charges/index.html",
        countries=queries.countries_with_charges(session),
        proposed=_rows(queries.proposed_charges(session)),
        may_change=_may_change(),
    )


@bp.get("/standards")
@allow(READERS)
def standards() -> str:
    """Show what each standard promises, and who compared it with its text."""
    return _standards_page(errors={}, values={})


@bp.post("/standards/<code>/verification")
@allow(CURATORS)
@once
def verify_standard(code: str) -> Page:
    """Note that a standard was compared with its text."""
    try:
        services.verify_standard(current_uow(), code=code, against=request.form.get(f"against-{code}", ""))
    except services.ChargeRefused as refused:
        return _standards_page(errors={f"against-{code}": translate_error(refused)}, values=request.form), 422
    flash(_(N_("Noted. The pages now say who verified it.")), "good")
    return redirect(url_for("staff_charges.standards"), code=303)


@bp.get("/new")
@allow(CURATORS)
def new() -> str:
    """Ask for a new charge, or for the change of one."""
    asked = request.args.get("of", "")
    former = queries.charge_by_id(current_uow().session, UUID(asked)) if _is_key(asked) else None
    values = forms.typed_of(former) if former else {"country": request.args.get("country", ""), "base_share": "100"}
    return _form(values=values, errors={})


@bp.post("/new")
@allow(CURATORS)
@once
def propose() -> Page:
    """Propose a charge to a second curator."""
    try:
        rule = services.propose_charge(current_uow(), proposal=forms.read_charge(request.form))
    except InvalidInput as refused:
        errors = {name: translate_error(error) for name, error in refused.fields.items()}
        return _form(values=request.form, errors=errors), 422
    except services.ChargeOverlaps as refused:
        return _form(values=request.form, errors={"valid_from": translate_error(refused)}), 422
    except services.CoversOtherForms as refused:
        return _form(values=request.form, errors={"form": translate_error(refused)}), 422
    flash(_(N_("Proposed. Another curator has to approve it.")), "good")
    return redirect(url_for("staff_charges.charge", rule_id=rule.id), code=303)


@bp.get("/rules/<uuid:rule_id>")
@allow(READERS)
def charge(rule_id: UUID) -> str:
    """Show one charge with all that is known of it, and what may be done with it."""
    return _charge_page(queries.charge_by_id(current_uow().session, rule_id), errors={}, values={})


@bp.post("/rules/<uuid:rule_id>/approval")
@allow(CURATORS)
@once
def approve(rule_id: UUID) -> Response:
    """Put a proposed charge into force."""
    seen = request.form.get("ending", "").split()
    services.approve_charge(current_uow(), rule_id=rule_id, ending=frozenset(UUID(key) for key in seen if _is_key(key)))
    flash(_(N_("The charge is in force.")), "good")
    return redirect(url_for("staff_charges.charge", rule_id=rule_id), code=303)


@bp.post("/rules/<uuid:rule_id>/refusal")
@allow(CURATORS)
@once
def decline(rule_id: UUID) -> Page:
    """Decline a proposed charge with a reason."""
    try:
        services.decline_charge(current_uow(), rule_id=rule_id, reason=request.form.get("reason", ""))
    except services.ChargeRefused as refused:
        return _with_error(rule_id, "reason", translate_error(refused))
    flash(_(N_("The proposal is declined.")), "good")
    return redirect(url_for("staff_charges.index"), code=303)


@bp.post("/rules/<uuid:rule_id>/verification")
@allow(CURATORS)
@once
def verify(rule_id: UUID) -> Page:
    """Note that a charge was compared with the law."""
    try:
        services.verify_charge(current_uow(), rule_id=rule_id, against=request.form.get("against", ""))
    except services.ChargeRefused as refused:
        return _with_error(rule_id, "against", translate_error(refused))
    flash(_(N_("Noted. The pages now say who verified it.")), "good")
    return redirect(url_for("staff_charges.charge", rule_id=rule_id), code=303)


@bp.get("/<any({}):country>".format(", ".join(COUNTRIES)))
@allow(READERS)
def of_country(country: str) -> str:
    """Show every charge of a country, counted or not, and why."""
    session = current_uow().session
    rules = queries.country_rules(session, country)
    proposed = queries.proposed_charges(session, country=country)
    if not rules and not proposed:
        raise NotFound
    return render_template(
        "staff/charges/country.html",
        country=country,
        name=country_name(country),
        rules=_rows(rules),
        proposed=_rows(proposed),
        may_change=_may_change(),
    )


def _with_error(rule_id: UUID, field: str, words: str) -> Page:
    rule = queries.charge_by_id(current_uow().session, rule_id)
    return _charge_page(rule, errors={field: words}, values=request.form), 422


def _charge_page(rule: DeductionRule, *, errors: Mapping[str, str], values: Mapping[str, str]) -> str:
    is_own = rule.entered_by == str(current_uow().actor.user_id)
    is_open = rule.approval == Approval.PROPOSED
    ending = queries.ended_by(current_uow().session, rule) if is_open else ()
    return render_template(
        "staff/charges/charge.html",
        rule=rule,
        row=_rows([rule])[0],
        country=country_name(rule.country),
        errors=errors,
        values=values,
        may_change=_may_change(),
        is_own=is_own,
        ending=_rows(ending),
        ending_keys=" ".join(sorted(str(former.id) for former in ending)),
    )


def _form(*, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    def choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(code, _(label)) for code, label in words.items()]

    return render_template(
        "staff/charges/form.html",
        values=values,
        errors=errors,
        countries=sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda pair: pair[1]),
        kinds=choices(forms.KINDS),
        goods_forms=choices(forms.CHARGE_FORMS),
        codes=choices(forms.CODES),
        bases=choices(forms.BASES),
        statuses=choices(forms.STATUSES),
        evidence=choices(forms.EVIDENCE),
    )


def _standards_page(*, errors: Mapping[str, str], values: Mapping[str, str]) -> str:
    found = queries.standards(current_uow().session)
    names = _names(found)
    return render_template(
        "staff/charges/standards.html",
        standards=[standard_row(each, names) for each in found],
        errors=errors,
        values=values,
        may_change=_may_change(),
    )


def _rows(rules: Sequence[DeductionRule]) -> list[dict[str, Any]]:
    names = _names(rules)
    return [charge_row(rule, names) for rule in rules]


def _names(rows: Sequence[DeductionRule] | Sequence[PriceStandardRow]) -> dict[str, str]:
    """Return the names of the people who entered, approved or verified rows, by their keys."""
    keys = [getattr(row, field, None) for row in rows for field in ("entered_by", "approved_by", "verified_by")]
    return names_of(current_uow().session, keys)


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _may_change() -> bool:
    return current_uow().actor.has_role(StaffRole.CURATOR)

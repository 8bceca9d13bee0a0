"""The steps of a lot where answers are typed, and the price guide that follows them."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.money import Money
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots import services
from marketplace.lots.answers.weight import may_be_divided
from marketplace.lots.asking import bases_asked
from marketplace.lots.draft import weighed_in
from marketplace.lots.models import Lot
from marketplace.lots.queries import Sheet, lot_of_cooperative, preview, read_sheet
from marketplace.lots.vocabulary import (
    CLARITIES,
    FINENESS_METHODS,
    GRADES,
    MERCURY,
    SHAPES,
    STANDARDS,
    STEPS,
    TREATMENTS,
)
from marketplace.orders.comparable_sales import sales_like
from marketplace.pricing.guidance import Guidance
from marketplace.pricing.labels import SALES_BASES
from marketplace.pricing.queries import RateMissing, convert_between
from marketplace.web.charge_words import notes_of_split
from marketplace.web.cooperative import lots_words as words
from marketplace.web.cooperative.lots import address_of, next_step
from marketplace.web.water_words import guide_words, step_choices

bp = Blueprint("cooperative_steps", __name__, url_prefix="/cooperative/lots")
_STEP = "<any(kind,weight,quality,origin,price):step>"


@bp.get(f"/<reference>/{_STEP}")
@allow(WRITER)
def show(reference: str, step: str) -> str:
    """Show one step with what was typed so far, and what is wrong with it."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor)
    return _page(uow.session, lot, step)


@bp.post(f"/<reference>/{_STEP}")
@allow(WRITER)
def save(reference: str, step: str) -> Response | tuple[str, int]:
    """Keep what was typed, right or wrong; then go on, stay, or go back to the list of steps."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor, lock=True)
    try:
        services.save_step(uow, lot=lot, step=step, answers=request.form, revision=_revision(), sales=sales_like)
    except InvalidInput:
        return redirect(_after(lot, step, is_right=False), code=303)
    except services.DraftChanged as changed:
        return _page(uow.session, lot, step, changed=changed), 409
    return redirect(_after(lot, step, is_right=True), code=303)


@bp.get("/<reference>/guidance")
@allow(MEMBER)
def guidance(reference: str) -> str:
    """Answer with the price guide for what is typed now, as a piece of a page."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor)
    return render_template(
        "cooperative/lots/guidance.html", part=request.args.get("part"), **_guide(uow.session, lot, request.args)
    )


def _page(session: Session, lot: Lot, step: str, *, changed: services.DraftChanged | None = None) -> str:
    fee, now = settings().platform_fee_bps, current_uow().now
    sheet = read_sheet(session, lot, now=now, platform_fee_bps=fee, sales=sales_like)
    typed = changed.typed if changed else sheet.typed(step)
    here = sheet.missing_at(step)
    errors = {each.field: FieldError(each.message, **each.params) for each in here if each.is_typed}
    return render_template(
        f"cooperative/lots/{_template(step, sheet)}.html",
        lot=lot,
        sheet=sheet,
        step=step,
        number=words.NAMES.index(step) + 1,
        heading=_(STEPS[step]),
        values={**_defaults(sheet, step), **typed},
        errors={name: translate_error(error) for name, error in errors.items()} if typed and not changed else {},
        notes=[translate_error(FieldError(each.message, **each.params)) for each in here if not each.is_typed],
        changes=_changes(changed) if changed else [],
        revision=changed.revision if changed else lot.draft_revision,
        back=request.args.get("back", ""),
        here=address_of(lot, step, back="check" if request.args.get("back") == "check" else None),
        options=_options(sheet, step),
        part="price" if step == "price" else "guide",
        saved=words.saved_at(lot, now),
        **_guide(session, lot, {}),
    )


def _template(step: str, sheet: Sheet) -> str:
    return f"quality_{sheet.kind or 'unknown'}" if step == "quality" else step


def _revision() -> int | None:
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _after(lot: Lot, step: str, *, is_right: bool) -> str:
    if request.form.get("later"):
        return url_for("cooperative_lots.show", reference=lot.reference)
    back = request.form.get("back") == "check"
    if not is_right or request.form.get("again"):
        return address_of(lot, step, back="check" if back else None)
    return next_step(lot, step, back=back)


def _defaults(sheet: Sheet, step: str) -> dict[str, str]:
    """Return what most people would choose, so that nobody is asked what we know."""
    if step == "weight":
        return {"weight_unit": "g" if sheet.kind == "gold" else "ct", "pieces": "1"}
    if step == "origin" and len(sheet.sites) == 1:
        return {"site": sheet.sites[0].reference}
    if step == "price":
        return {"wanted_currency": sheet.cooperative.payout_currency}
    return {}


def _options(sheet: Sheet, step: str) -> dict[str, object]:
    if step == "kind":
        return {"forms": words.form_cards()}
    if step == "weight":
        return {"units": words.units(sheet.kind), "parcels": _parcels(sheet), "may_be_divided": _may_be_divided(sheet)}
    if step == "origin":
        return {"sites": [(site.reference, site.name) for site in sheet.sites]}
    if step == "price":
        return {
            "currencies": [(code, code) for code in dict.fromkeys((sheet.cooperative.payout_currency, "USD"))],
            "export_units": [("g", _("grams")), ("kg", _("kilograms"))],
            "asks": _asks(sheet),
        }
    return {
        "methods": words.choices(FINENESS_METHODS),
        "steps": step_choices(),
        "standards": words.choices(STANDARDS),
        "mercury": words.choices(MERCURY),
        "varieties": words.variety_choices(),
        "treatments": words.choices(TREATMENTS),
        "clarities": words.choices(CLARITIES),
        "shapes": words.choices(SHAPES),
        "grades": words.choices(GRADES),
    }


def _asks(sheet: Sheet) -> frozenset[str]:
    uow = current_uow()
    country = sheet.site.country if sheet.site else sheet.cooperative.country
    return bases_asked(uow.session, sheet.answers, country=country, on=uow.now.date())


def _parcels(sheet: Sheet) -> list[words.Row]:
    """Return the choices of a parcel for stones of more than one piece, nothing for others."""
    pieces = sheet.typed("weight").get("pieces", "").strip()
    return words.parcel_cards() if sheet.kind == "gem" and pieces not in {"", "0", "1"} else []


def _may_be_divided(sheet: Sheet) -> bool:
    """Say whether the form asks for parts: of gold dust, and of stones once they are said to be sorted."""
    form = sheet.answers.kind.form if sheet.answers.kind else None
    return may_be_divided(form=form, parcel=sheet.typed("weight").get("parcel"))


def _changes(changed: services.DraftChanged) -> list[words.Row]:
    names = [name for name in changed.typed if changed.typed[name] != changed.saved.get(name, "")]
    labels = words.field_labels()
    return [
        {"label": labels.get(name, name), "before": changed.saved.get(name, ""), "after": changed.typed[name]}
        for name in names
    ]


def _guide(session: Session, lot: Lot, typed: Mapping[str, str]) -> dict[str, object]:
    """Return what the guidance template shows, for what is saved and what is typed over it."""
    uow = current_uow()
    fee = settings().platform_fee_bps
    answers, asking = preview(session, lot, typed=typed, now=uow.now, platform_fee_bps=fee, sales=sales_like)
    working = asking.guidance.working if asking.guidance else ()
    weight, kind = answers.weight, answers.kind.kind if answers.kind else None
    weighed = weighed_in(lot.draft, typed) if kind == "gold" else None
    return {
        "asking": asking,
        "echo": words.echo_of(weight.weight_mg, kind) if weight else None,
        "weighed": guide_words(weighed),
        "received": words.both_amounts(asking.wanted, asking.split.net) if asking.wanted and asking.split else None,
        "rate": words.rate_of(asking.exchange),
        "charges": notes_of_split(asking.split.lines) if asking.split else [],
        "basis": words.basis_of(asking.guidance),
        "count": asking.guidance.count if asking.guidance and asking.guidance.basis in SALES_BASES else 0,
        "local": _local(session, asking.guidance, answers.price.wanted.currency if answers.price else "USD"),
        "working": [translate_error(FieldError(step.text, **step.params)) for step in working],
        "working_address": url_for("cooperative_guidance.show", reference=lot.reference),
        "parcel_is_asked": "parcel" in answers.errors.get("weight", {}),
    }


def _local(session: Session, guide: Guidance | None, currency: str) -> tuple[Money, Money] | None:
    """Return the guide's ends in the currency typed, or None when they are dollars or there is no rate."""
    if guide is None or guide.low is None or guide.high is None or currency == "USD":
        return None
    on = current_uow().now.date()
    try:
        low = convert_between(session, guide.low, currency, on).money
        return low, convert_between(session, guide.high, currency, on).money
    except RateMissing:
        return None

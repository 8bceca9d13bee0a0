"""The last step: every answer on one page, a declaration, and sending it to Pact."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.checks import PAPERS, LotIncomplete, Missing, require_declaration
from marketplace.lots.edit_classes import EditClass
from marketplace.lots.models import Lot
from marketplace.lots.queries import Sheet, content_now, lot_of_cooperative, read_sheet
from marketplace.lots.transitions import Action, legal_actions
from marketplace.lots.vocabulary import PHOTO_SLOTS, STEPS
from marketplace.moderation.queries import approved_version
from marketplace.moderation.services import submit_lot
from marketplace.orders.comparable_sales import sales_like
from marketplace.orders.offer_queries import has_open_offer
from marketplace.web import edit_words
from marketplace.web.charge_words import notes_of_split
from marketplace.web.cooperative import lots_words as words
from marketplace.web.cooperative.lots import address_of
from marketplace.web.document_view import upload_address
from marketplace.web.public.cards import photo_url

bp = Blueprint("cooperative_check", __name__, url_prefix="/cooperative/lots")


@bp.get("/<reference>/check")
@allow(MEMBER)
def show(reference: str) -> str:
    """Show every answer as buyers will read it, and what is still missing."""
    uow = current_uow()
    return _page(lot_of_cooperative(uow.session, reference, uow.actor), {})


@bp.post("/<reference>/check")
@allow(WRITER)
@once
def send(reference: str) -> Response | tuple[str, int]:
    """Send the lot to Pact."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor, lock=True)
    try:
        require_declaration(request.form)
        case = submit_lot(uow, lot=lot, sales=sales_like, offers=has_open_offer)
    except LotIncomplete as refused:
        return _page(lot, {"": translate_error(refused)}), 422
    except InvalidInput as refused:
        return _page(lot, {name: translate_error(error) for name, error in refused.fields.items()}), 422
    done = edit_words.SENT[EditClass(case.edit_class)] if case.edit_class else edit_words.FIRST_SENT
    flash(_(done), "good")
    return redirect(url_for("cooperative_lots.show", reference=lot.reference), code=303)


def _page(lot: Lot, errors: Mapping[str, str]) -> str:
    uow = current_uow()
    sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=settings().platform_fee_bps, sales=sales_like)
    actions = legal_actions(lot.state, on_sale=lot.published_version_id is not None)
    return render_template(
        "cooperative/lots/check.html",
        lot=lot,
        sheet=sheet,
        title=words.title_of(lot),
        errors=errors,
        values=request.form,
        groups=[(_(STEPS[step]), address_of(lot, step, back="check"), rows) for step, rows in words.summary_of(sheet)],
        photos=[
            {"url": photo_url(photo.sha256, 320), "alt": _(PHOTO_SLOTS[slot]), "width": 320, "height": 320}
            for slot, photo in sheet.photos.items()
        ],
        photos_address=address_of(lot, "photos", back="check"),
        missing=[
            {
                "text": translate_error(FieldError(each.message, **each.params)),
                "href": _where_to_mend(lot, sheet, each),
            }
            for each in sheet.missing
        ],
        duties=[translate_error(FieldError(each.text, **each.params)) for each in sheet.duties],
        received=words.received(sheet),
        rate=words.rate_of(sheet.asking.exchange),
        charges=notes_of_split(sheet.asking.split.lines) if sheet.asking.split else [],
        saved=words.saved_at(lot, uow.now),
        name=uow.actor.name,
        edit=_edit(lot, sheet),
        can_send=Action.SUBMIT in actions and uow.actor.may_write_for(lot.cooperative_id),
    )


def _edit(lot: Lot, sheet: Sheet) -> dict[str, Any] | None:
    """Return what sending would change of a lot on sale, and what that means; None for a first publication."""
    if lot.published_version_id is None or not sheet.is_complete:
        return None
    approved = approved_version(current_uow().session, lot.id)
    return None if approved is None else edit_words.edit_of(approved.content, content_now(sheet))


def _where_to_mend(lot: Lot, sheet: Sheet, missing: Missing) -> str | None:
    """Return where something missing is mended; None when no page of the cooperative does."""
    if missing.step == PAPERS:
        site = sheet.site.reference if sheet.site else None
        cooperative = sheet.cooperative.reference
        return upload_address(missing.field, cooperative=cooperative, site=site, lot=lot.reference)
    return f"{address_of(lot, missing.step, back='check')}#f-{missing.field}" if missing.step else None

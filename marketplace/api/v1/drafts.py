"""Drafts of the caller's own cooperatives: found, changed and written."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marketplace.api.problems import FieldsRefused
from marketplace.api.v1.documents import guidance_document, money_document, split_document
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_of_member, cooperatives_of_member
from marketplace.core.errors import FieldError, Forbidden, InvalidInput, NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.text import N_
from marketplace.http.context import current_uow
from marketplace.http.languages import translate_error
from marketplace.lots.draft import FIELDS
from marketplace.lots.models import Lot, LotPhoto
from marketplace.lots.queries import Sheet, lot_of_cooperative, read_sheet
from marketplace.lots.services import save_step
from marketplace.lots.vocabulary import STEPS, TYPED_STEPS
from marketplace.orders.comparable_sales import sales_like

_BAD_CURSOR: Final = N_("This is no cursor of ours. Start with the first page.")


def own_lot(reference: str, *, lock: bool = False) -> Lot:
    """Return a lot of one of the caller's cooperatives; raises NotFound."""
    if "\x00" in reference:
        raise NotFound
    uow = current_uow()
    return lot_of_cooperative(uow.session, normal_reference(reference), uow.actor, lock=lock)


def wanted_cooperative(reference: str | None) -> Cooperative:
    """Return the cooperative named, or the caller's only one."""
    uow = current_uow()
    if reference is not None:
        return cooperative_of_member(uow.session, reference, uow.actor)
    found = cooperatives_of_member(uow.session, uow.actor)
    if not found:
        raise Forbidden
    if len(found) > 1:
        raise FieldsRefused({"cooperative": N_("You belong to several cooperatives: name one.")}, place="pointer")
    return found[0]


def save_answers(lot: Lot, answers: Mapping[str, Mapping[str, str]]) -> None:
    """Keep the answers of every step sent, or raise InvalidInput with all that is wrong, and then nothing is kept."""
    errors: dict[str, FieldError | str] = {}
    for step in (step for step in TYPED_STEPS if step in answers):
        typed = {**lot.draft.get(step, {}).get("typed", {}), **answers[step]}
        try:
            save_step(current_uow(), lot=lot, step=step, answers=typed, sales=sales_like)
        except InvalidInput as refused:
            errors |= {f"answers.{step}.{name}": error for name, error in refused.fields.items()}
    if errors:
        raise FieldsRefused(errors, place="pointer")


def draft_document(lot: Lot) -> dict[str, Any]:
    """Return a draft with everything known of it, as DraftSchema has it."""
    uow = current_uow()
    sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=uow.settings.platform_fee_bps, sales=sales_like)
    guidance = sheet.asking.guidance
    return {
        "reference": lot.reference,
        "cooperative": sheet.cooperative.reference,
        "state": lot.state,
        "kind": lot.kind,
        "revision": lot.draft_revision,
        "created_at": lot.created_at,
        "updated_at": lot.updated_at,
        "answers": {step: _typed(sheet, step) for step in FIELDS if step in lot.draft},
        "steps": {step: sheet.state_of(step).value for step in STEPS},
        "photos": [photo_document(photo) for photo in sheet.photos.values()],
        "price": _price(sheet),
        "guidance": guidance_document(guidance.snapshot()) if guidance else None,
        "missing": [
            {"step": each.step, "field": each.field, "detail": translate_error(FieldError(each.message, **each.params))}
            for each in sheet.missing
        ],
    }


def photo_document(photo: LotPhoto) -> dict[str, Any]:
    """Return a photo as DraftPhotoSchema has it."""
    return {name: getattr(photo, name) for name in ("slot", "sha256", "width", "height", "uploaded_at")}


def write_place(lot: Lot) -> str:
    """Return where the next page begins."""
    return urlsafe_b64encode(f"{lot.updated_at.isoformat()}|{lot.id.hex}".encode()).decode().rstrip("=")


def read_place(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return where a page begins; it only narrows what the caller may see anyway, so it bears no signature."""
    if not cursor:
        return None
    try:
        at, _, key = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition("|")
        place = datetime.fromisoformat(at), UUID(key)
    except ValueError:
        raise FieldsRefused({"cursor": _BAD_CURSOR}, place="parameter") from None
    if place[0].tzinfo is None:
        raise FieldsRefused({"cursor": _BAD_CURSOR}, place="parameter")
    return place


def _typed(sheet: Sheet, step: str) -> dict[str, str]:
    """Return what was answered, of the fields that belong to the step today; an old draft may hold others."""
    return {name: text for name, text in sheet.typed(step).items() if text and name in FIELDS[step]}


def _price(sheet: Sheet) -> dict[str, Any]:
    asking = sheet.asking
    return {
        "wanted": money_document(asking.wanted),
        "net": money_document(asking.exchange.net if asking.exchange else None),
        "price": money_document(asking.split.price if asking.split else None),
        "rate_of": asking.exchange.observed_on if asking.exchange else None,
        "split": split_document(asking.split) if asking.split else [],
    }

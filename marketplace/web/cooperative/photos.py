"""Photos of a lot: four places, each sent by itself or all together."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.images import advice
from marketplace.core.storage import FileMissing
from marketplace.http.access import WRITER, allow
from marketplace.http.context import current_uow, file_store, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots import services
from marketplace.lots.checks import photos_needed
from marketplace.lots.files import WIDTHS, key_of
from marketplace.lots.models import Lot, LotPhoto
from marketplace.lots.queries import lot_of_cooperative, photos_of
from marketplace.lots.vocabulary import PHOTO_SLOTS
from marketplace.web.cooperative import lots_words as words
from marketplace.web.cooperative.lots import next_step
from marketplace.web.public.cards import photo_url

bp = Blueprint("cooperative_photos", __name__, url_prefix="/cooperative/lots")


@bp.get("/<reference>/photos")
@allow(WRITER)
def show(reference: str) -> str:
    """Show the four places with what is in them."""
    uow = current_uow()
    return _page(lot_of_cooperative(uow.session, reference, uow.actor), {})


@bp.post("/<reference>/photos")
@allow(WRITER)
@once
def save(reference: str) -> Response | tuple[str, int]:
    """Keep every photo sent; those that cannot be used are named, the others stay."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor, lock=True)
    kept, errors = _keep_all(lot)
    if errors and not kept:
        return _page(lot, errors), 422
    for message in errors.values():
        flash(message, "bad")
    return redirect(_after(lot, is_right=not errors), code=303)


@bp.post("/<reference>/photos/<slot>")
@allow(WRITER)
@once
def send(reference: str, slot: str) -> Response | tuple[str, int]:
    """Keep one photo, and any other that came in the same form."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor, lock=True)
    kept, errors = _keep_all(lot, needed=slot)
    if errors and not kept:
        return _page(lot, errors), 422
    for message in errors.values():
        flash(message, "bad")
    return redirect(url_for(".show", reference=reference, _anchor=f"f-{slot}"), code=303)


@bp.post("/<reference>/photos/<slot>/removal")
@allow(WRITER)
@once
def remove(reference: str, slot: str) -> Response:
    """Take one photo out."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor, lock=True)
    services.remove_photo(uow, lot=lot, slot=slot)
    return redirect(url_for(".show", reference=reference), code=303)


def _keep_all(lot: Lot, *, needed: str | None = None) -> tuple[list[str], dict[str, str]]:
    """Return the slots whose photo was kept, and why others were not; `needed` must have come."""
    uow = current_uow()
    kept: list[str] = []
    errors: dict[str, str] = {}
    for slot, content in _sent(needed).items():
        try:
            services.add_photo(uow, lot=lot, slot=slot, content=content, store=file_store())
            kept.append(slot)
        except InvalidInput as refused:
            errors |= {name: translate_error(error) for name, error in refused.fields.items()}
    return kept, errors


def _sent(needed: str | None) -> Mapping[str, bytes]:
    """Return the bytes of every photo chosen; the one asked for is there even when it came empty."""
    most = settings().max_upload_bytes
    found = {
        slot: file.read(most + 1)
        for slot in dict.fromkeys([*PHOTO_SLOTS, needed])  # each is read once
        if slot and (file := request.files.get(slot)) and (file.filename or slot == needed)
    }
    return found if needed is None else {needed: b"", **found}


def _after(lot: Lot, *, is_right: bool) -> str:
    if request.form.get("later"):
        return url_for("cooperative_lots.show", reference=lot.reference)
    if not is_right:
        return url_for(".show", reference=lot.reference)
    return next_step(lot, "photos", back=request.form.get("back") == "check")


def _page(lot: Lot, errors: Mapping[str, str]) -> str:
    present = photos_of(current_uow().session, lot.id)
    return render_template(
        "cooperative/lots/photos.html",
        lot=lot,
        number=words.NAMES.index("photos") + 1,
        errors=errors,
        slots=[_slot(slot, label, present.get(slot)) for slot, label in PHOTO_SLOTS.items()],
        needed=photos_needed(lot.kind),
        present=len(present),
        back=request.values.get("back", ""),
    )


def _slot(slot: str, label: str, photo: LotPhoto | None) -> words.Row:
    current = {"url": photo_url(photo.sha256, WIDTHS[0]), "alt": _(label)} if photo else None
    return {"name": slot, "label": _(label), "current": current, "advice": _advice(photo)}


def _advice(photo: LotPhoto | None) -> list[str]:
    if photo is None:
        return []
    try:
        found = advice(file_store().get(key_of(photo.sha256, WIDTHS[0])))
    except FileMissing:
        return []
    return [translate_error(FieldError(each)) for each in found]

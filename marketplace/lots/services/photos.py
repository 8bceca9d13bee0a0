"""Photos of a draft: drawn anew, stored by their digest, replaced one place at a time."""

from marketplace.core.errors import FieldError, InvalidInput, NotFound
from marketplace.core.ids import new_id
from marketplace.core.images import ImageLimits, ImageRefused, Photo, read_photo
from marketplace.core.photo_hints import hints_of
from marketplace.core.storage import FileStore
from marketplace.core.text import N_
from marketplace.lots.files import key_of
from marketplace.lots.models import PHOTO_SLOTS, Lot, LotPhoto
from marketplace.lots.queries import lot_by_id, photos_of
from marketplace.lots.services.movement import advance, refuse_if_claimed
from marketplace.lots.transitions import Action
from marketplace.unit_of_work import UnitOfWork


def add_photo(uow: UnitOfWork, *, lot: Lot, slot: str, content: bytes, store: FileStore) -> LotPhoto:
    """Put a photo into a slot, in place of an earlier one; raises InvalidInput naming the slot."""
    if slot not in PHOTO_SLOTS or uow.actor.user_id is None:
        raise NotFound
    lot = _editable(uow, lot)
    photo = _read(uow, content, slot)
    present = photos_of(uow.session, lot.id)
    if slot in present and present[slot].sha256 == photo.sha256:
        return present[slot]
    if any(other.sha256 == photo.sha256 for other in present.values()):
        raise InvalidInput({slot: N_("This photo is already in another place. Take one from this side.")})
    for width, file in photo.sizes.items():
        store.put(key_of(photo.sha256, width), file)
    row = LotPhoto(
        id=new_id(),
        lot_id=lot.id,
        slot=slot,
        sha256=photo.sha256,
        width=photo.width,
        height=photo.height,
        widths=sorted(photo.sizes),
        likeness=photo.likeness,
        uploaded_by=uow.actor.user_id,
        uploaded_at=uow.now,
        hints=hints_of(photo.told, sent_at=uow.now),
    )
    if slot in present:
        _remove(uow, lot, present[slot])
    uow.session.add(row)
    lot.updated_at = uow.now
    uow.record("lot_photo.add", row, lot, slot=slot, hashes={"photo": photo.sha256})
    return row


def remove_photo(uow: UnitOfWork, *, lot: Lot, slot: str) -> None:
    """Take a photo out of a draft; versions already sent keep it. Raises NotFound for an empty slot."""
    lot = _editable(uow, lot)
    photo = photos_of(uow.session, lot.id).get(slot)
    if photo is None:
        raise NotFound
    _remove(uow, lot, photo)
    lot.updated_at = uow.now


def _editable(uow: UnitOfWork, lot: Lot) -> Lot:
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.EDIT)
    refuse_if_claimed(uow, lot)
    return lot


def _remove(uow: UnitOfWork, lot: Lot, photo: LotPhoto) -> None:
    photo.removed_at = uow.now
    uow.record("lot_photo.remove", photo, lot, slot=photo.slot)


def _read(uow: UnitOfWork, content: bytes, slot: str) -> Photo:
    limits = ImageLimits(most_bytes=uow.settings.max_upload_bytes, most_pixels=uow.settings.max_image_pixels)
    try:
        return read_photo(content, limits)
    except ImageRefused as refused:
        raise InvalidInput({slot: FieldError(refused.message, **refused.params)}) from refused

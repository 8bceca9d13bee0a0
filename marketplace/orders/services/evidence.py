"""What the parties say and show about an order. Photos are drawn anew; nothing is changed or taken away."""

from collections.abc import Sequence
from typing import Final

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.images import ImageLimits, ImageRefused, Photo, read_photo
from marketplace.core.storage import FileStore
from marketplace.core.text import N_
from marketplace.orders.models import Order, OrderEvidence
from marketplace.orders.queries import evidence_of
from marketplace.orders.services.advance import advance
from marketplace.orders.transitions import Action, Party, parties_of
from marketplace.unit_of_work import UnitOfWork

MOST: Final = 40


def key_of_evidence(sha256: str) -> str:
    """Return the store's key of a photo shown as evidence."""
    return f"evidence/{sha256}.webp"


def add_evidence(
    uow: UnitOfWork, *, order: Order, text: str, photos: Sequence[bytes], store: FileStore
) -> list[OrderEvidence]:
    """Add to an open dispute; raise InvalidInput naming the photo, or when there are too many already."""
    read = read_photos(uow, photos)
    advance(uow, order=order, action=Action.ADD_EVIDENCE, note=text)
    return keep_evidence(uow, order=order, text=text, photos=read, store=store)


def read_photos(uow: UnitOfWork, photos: Sequence[bytes]) -> list[Photo]:
    """Return the photos drawn anew; raise InvalidInput with what is wrong with one."""
    limits = ImageLimits(most_bytes=uow.settings.max_upload_bytes, most_pixels=uow.settings.max_image_pixels)
    try:
        return [read_photo(content, limits) for content in photos]
    except ImageRefused as refused:
        raise InvalidInput({"photo": FieldError(refused.message, **refused.params)}) from refused


def keep_evidence(
    uow: UnitOfWork, *, order: Order, text: str, photos: Sequence[Photo], store: FileStore
) -> list[OrderEvidence]:
    """Keep a text and its photos, one row each; the text stands with the first."""
    party = next(iter(parties_of(order, uow.actor)), Party.MODERATOR)
    if len(evidence_of(uow.session, order.id)) + max(len(photos), 1) > MOST:
        raise InvalidInput(
            {"photo": FieldError(N_("There is too much here already. Staff will ask for what is missing."))}
        )
    rows = [_row(uow, order, party, text=text if not place else "", photo=photo, store=store)
            for place, photo in enumerate(photos or (None,))]  # fmt: skip
    for row in rows:
        hashes = {"photo": row.photo_sha256} if row.photo_sha256 else {}
        uow.session.add(row)
        uow.record("order_evidence.add", row, order, party=party, hashes=hashes)
    return rows


def _row(
    uow: UnitOfWork, order: Order, party: Party, *, text: str, photo: Photo | None, store: FileStore
) -> OrderEvidence:
    assert uow.actor.user_id is not None, "evidence is given by people"
    row = OrderEvidence(order_id=order.id, party=party.value, text=text, given_by=uow.actor.user_id, given_at=uow.now)
    if photo is not None:
        store.put(key_of_evidence(photo.sha256), photo.sizes[max(photo.sizes)])
        row.photo_sha256, row.photo_width = photo.sha256, photo.width
    return row

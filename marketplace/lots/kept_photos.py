"""Keep the photos of a record: drawn anew, which drops where they were taken, and stored by their digest."""

from collections.abc import Sequence

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.images import ImageLimits, ImageRefused, Photo, read_photo
from marketplace.core.storage import FileStore
from marketplace.core.text import N_
from marketplace.lots.files import key_of
from marketplace.unit_of_work import UnitOfWork


def keep_photos(uow: UnitOfWork, photos: Sequence[bytes], store: FileStore, *, field: str, most: int) -> list[Photo]:
    """Store the photos and return them; raise InvalidInput naming the field for one that is none, or too many."""
    limits = ImageLimits(most_bytes=uow.settings.max_upload_bytes, most_pixels=uow.settings.max_image_pixels)
    if len(photos) > most:
        raise InvalidInput({field: FieldError(N_("Send at most %(most)s photos."), most=most)})
    kept = []
    for content in photos:
        try:
            photo = read_photo(content, limits)
        except ImageRefused as refused:
            raise InvalidInput({field: FieldError(refused.message, **refused.params)}) from refused
        for width, file in photo.sizes.items():
            store.put(key_of(photo.sha256, width), file)
        kept.append(photo)
    return kept

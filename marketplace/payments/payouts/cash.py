"""The signed paper of a cash payout: its photo, who took the money and who saw it. Kept once, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.core.errors import Conflict, FieldError, InvalidInput
from marketplace.core.images import ImageLimits, ImageRefused, Photo, read_photo
from marketplace.core.storage import FileStore
from marketplace.core.text import N_
from marketplace.payments.models import Payout
from marketplace.payments.payouts.transitions import PartState
from marketplace.payments.rail_models import CashReceipt, PayoutPart
from marketplace.payments.rails import Rail
from marketplace.unit_of_work import UnitOfWork

_LEAST_NAME, _LONGEST_NAME = 3, 100


@dataclass(frozen=True, slots=True)
class Signed:
    """The names on the paper."""

    receiver: str
    witness_one: str
    witness_two: str


def read_signed(typed: Mapping[str, str]) -> Signed:
    """Return the names; raise InvalidInput for a missing one, or when one person stands for two."""
    names = {name: " ".join(typed.get(name, "").split()) for name in ("receiver", "witness_one", "witness_two")}
    errors: dict[str, FieldError | str] = {
        name: N_("Enter the name as it stands on the paper.")
        for name, value in names.items()
        if not _LEAST_NAME <= len(value) <= _LONGEST_NAME or "\x00" in value
    }
    folded = [value.casefold() for value in names.values()]
    if not errors and len(set(folded)) < len(folded):
        errors["witness_two"] = N_("The receiver and the two witnesses are three people.")
    if errors:
        raise InvalidInput(errors)
    return Signed(**names)


def key_of_receipt(sha256: str) -> str:
    """Return the store's key of the photo of a signed receipt."""
    return f"receipts/{sha256}.webp"


def keep_receipt(
    uow: UnitOfWork, *, payout: Payout, part: PayoutPart, signed: Signed, photo: bytes, store: FileStore
) -> CashReceipt:
    """Keep the photo of the signed paper of a part that was handed over; raise Conflict when there is one already."""
    if payout.rail != Rail.CASH or part.state != PartState.SENT or uow.session.get(CashReceipt, part.id) is not None:
        raise Conflict
    drawn = _read(uow, photo)
    assert uow.actor.user_id is not None, "finance staff uploads it"
    store.put(key_of_receipt(drawn.sha256), drawn.sizes[max(drawn.sizes)])
    receipt = CashReceipt(
        part_id=part.id,
        receiver=signed.receiver,
        witness_one=signed.witness_one,
        witness_two=signed.witness_two,
        kind="webp",
        sha256=drawn.sha256,
        uploaded_by=uow.actor.user_id,
        uploaded_at=uow.now,
    )
    uow.session.add(receipt)
    uow.record("cash_receipt.keep", receipt, payout, hashes={"receipt": drawn.sha256})
    return receipt


def _read(uow: UnitOfWork, photo: bytes) -> Photo:
    limits = ImageLimits(most_bytes=uow.settings.max_upload_bytes, most_pixels=uow.settings.max_image_pixels)
    try:
        return read_photo(photo, limits)
    except ImageRefused as refused:
        raise InvalidInput({"photo": FieldError(refused.message, **refused.params)}) from refused

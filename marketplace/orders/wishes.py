"""What a buyer may wish beside the goods: an independent check on the way, and gold priced by its assay. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_
from marketplace.orders.answers import Typed


@dataclass(frozen=True, slots=True)
class Wishes:
    """`is_checked`: a verifier opens the parcel on its way. `by_assay`: the verifier's assay sets the final price."""

    is_checked: bool = False
    by_assay: bool = False


NONE: Final = Wishes()


def read_wishes(typed: Typed) -> Wishes:
    """Return the ticked wishes; an assay is made at the check."""
    by_assay = typed.get("assay") == "yes"
    return Wishes(is_checked=by_assay or typed.get("check") == "yes", by_assay=by_assay)


def check_wishes(wishes: Wishes, content: Mapping[str, Any], *, is_part: bool, exchanges: bool) -> None:
    """Raise InvalidInput when an assay cannot set the price of these goods."""
    if not wishes.by_assay:
        return
    if content["kind"] != "gold" or content.get("fineness_permille") is None:
        raise InvalidInput({"assay": FieldError(N_("Only gold whose fineness is listed can be priced by assay."))})
    if is_part:
        raise InvalidInput({"assay": FieldError(N_("A part of a lot is not priced by assay. Take the whole lot."))})
    if exchanges:
        wrong = N_("With a price by assay you pay in the currency of the price. Choose it, or untick the assay.")
        raise InvalidInput({"assay": FieldError(wrong)})

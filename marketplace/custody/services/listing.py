"""What a journey says about a lot that is sent for review: its tag and its weight must fit."""

from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.custody.chains import chain_of
from marketplace.custody.rules.chain import Stand, standing
from marketplace.custody.services.tags import check_tag
from marketplace.lots.models import Lot, LotVersion
from marketplace.unit_of_work import UnitOfWork

_BY_PEOPLE = frozenset({"combined", "split", "processed", "purchased"})


class JourneyDiffers(Conflict):
    """The listing and the journey of the lot tell different things."""

    code = "journey_differs"
    message = N_("The weight is not the one in the journey of this lot. Correct the weight, or the journey.")


def check_listing(uow: UnitOfWork, *, lot: Lot, version: LotVersion) -> None:
    """Raise TagRefused for a tag that may not be on this bag, JourneyDiffers for goods gone or of another weight.

    A weight is compared only where somebody recorded how the goods were mixed, divided or worked on: a lot that is
    simply listed anew with a better weight corrects its own first entry.
    """
    check_tag(uow, number=version.content["tag_number"], lot=lot)
    path = chain_of(uow.session, lot)
    here = standing(path)
    if here.stand is Stand.CONSUMED:
        raise JourneyDiffers(N_("Nothing is left of this lot: it went into another one. List that one."))
    is_told = any(link.kind in _BY_PEOPLE for link in path)
    if is_told and here.weight_mg != version.content["weight_mg"]:
        raise JourneyDiffers

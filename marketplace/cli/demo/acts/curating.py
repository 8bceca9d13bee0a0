"""A price curator proposes a new edition of the price book; another has still to look at it."""

from decimal import Decimal
from typing import Final

from marketplace.cli.demo.stage import Stage
from marketplace.pricing.models import PriceBand
from marketplace.pricing.queries import bands_of, published_edition
from marketplace.pricing.services import BandProposal
from marketplace.pricing.services import propose_edition as propose

CURATOR: Final = "rosa"
RAISED: Final = {"tanzanite": Decimal("1.05"), "tsavorite": Decimal("1.03")}
NOTE: Final = (
    "Tanzanite 5 % and tsavorite 3 % higher, after the September fairs. Everything else as in the edition in force. "
    "Still from memory: to be checked against three sales each."
)


def propose_edition(stage: Stage) -> None:
    """Propose the bands in force with two varieties raised."""
    with stage.acting(CURATOR) as uow:
        edition = published_edition(uow.session, uow.now)
        if edition is None:
            raise LookupError("no price book is in force")
        bands = [_raised(band) for band in bands_of(uow.session, edition.id)]
        propose(uow, bands=bands, note=NOTE)


def _raised(band: PriceBand) -> BandProposal:
    factor = RAISED.get(band.variety, Decimal(1))
    return BandProposal(
        variety=band.variety,
        form=band.form,
        grade=band.grade,
        weight_from_ct=band.weight_from_ct,
        weight_to_ct=band.weight_to_ct,
        low_minor_per_ct=int(band.low_minor_per_ct * factor),
        high_minor_per_ct=int(band.high_minor_per_ct * factor),
        treatment=band.treatment,
        origin=band.origin,
        evidence=band.evidence,
        source=band.source,
        dated=band.dated,
    )

"""Import the shipped first edition of the price book."""

from decimal import Decimal

from marketplace.pricing import shipped
from marketplace.pricing.book.proposal import BandProposal
from marketplace.pricing.models import EditionState, PriceBookEdition
from marketplace.pricing.queries import newest_edition_number
from marketplace.pricing.services.price_book import add_bands
from marketplace.unit_of_work import UnitOfWork

_SHIPPED = "shipped data"
_FILE = "rules/price_book.csv"


def import_price_book(uow: UnitOfWork) -> PriceBookEdition | None:
    """Publish the shipped edition where there is none yet; every row of it says unverified."""
    if newest_edition_number(uow.session):
        return None
    edition = PriceBookEdition(
        number=1,
        state=EditionState.PUBLISHED.value,
        proposed_by=_SHIPPED,
        approved_by=f"import by {uow.actor.user_id or uow.actor.name}",
        proposed_at=uow.now,
        published_at=uow.now,
        note="Demonstration data shipped with the software. Unverified: replace it with an edition of your own.",
    )
    uow.session.add(edition)
    add_bands(uow, edition, [_band(row) for row in shipped.rows_of(_FILE)])
    uow.record("price_book_edition.import", edition, sha256=shipped.digest_of(_FILE))
    return edition


def _band(row: dict[str, str]) -> BandProposal:
    return BandProposal(
        variety=row["variety"],
        form=row["form"],
        grade=row["grade"],
        weight_from_ct=Decimal(row["weight_from_ct"]),
        weight_to_ct=Decimal(row["weight_to_ct"]),
        low_minor_per_ct=shipped.minor_of(row, "low_usd_ct"),
        high_minor_per_ct=shipped.minor_of(row, "high_usd_ct"),
        treatment=row["treatment"] or None,
        origin=row["origin"] or None,
        evidence=row["evidence"],
        source=row["source"],
        dated=shipped.date_or_none(row["dated"]),
    )

"""Prices over time are read from good rates and published editions only, and never from the future."""

from datetime import timedelta
from decimal import Decimal

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.ids import new_id
from marketplace.pricing import services
from marketplace.pricing.queries import published_edition
from marketplace.pricing.queries.history import band_history, pair_history
from marketplace.unit_of_work import UnitOfWork
from tests.builders.rates import NEWEST, observe, series

DAY = timedelta(days=1)


def in_force(uow: UnitOfWork) -> int | None:
    """Return the number of the edition in force, as the approver's page names it."""
    edition = published_edition(uow.session, uow.now)
    return edition.number if edition else None


def test_only_good_rates_of_the_pair_within_the_days_are_read(uow: UnitOfWork) -> None:
    series(uow)
    series(uow, "XAU/USD:LBMA", pair="XAU/USD", priority=10)
    series(uow, "XAG/USD")
    observe(uow, "4000", "4010", "4020", until=NEWEST)
    observe(uow, "4011", until=NEWEST - DAY)  # takes the place of 4,010
    observe(uow, "9000", until=NEWEST + DAY)  # held back
    observe(uow, "4030", until=NEWEST + 2 * DAY)
    observe(uow, "4025", code="XAU/USD:LBMA")
    observe(uow, "50", code="XAG/USD")

    found = pair_history(uow.session, "XAU/USD", since=NEWEST - DAY, until=NEWEST + DAY)

    assert sorted((each.on, each.series, each.priority, int(each.value)) for each in found) == [
        (NEWEST - DAY, "XAU/USD", 0, 4011),
        (NEWEST, "XAU/USD", 0, 4020),
        (NEWEST, "XAU/USD:LBMA", 10, 4025),
    ]
    assert {(each.max_age_working_days, each.licence) for each in found} == {(3, "CC0-1.0")}


def publish(uow: UnitOfWork, low: int, *, form: str = "cut", days: int = 0, approve: bool = True) -> None:
    """Propose an edition of one band and let somebody else approve it so many days from now."""
    rosa, daniel = (
        uow.acting_as(Actor(kind=ActorKind.PERSON, user_id=new_id(), name=name)) for name in ("rosa", "daniel")
    )
    rosa.now = daniel.now = uow.now + days * DAY
    band = services.BandProposal(
        variety="ruby", form=form, grade="fine", weight_from_ct=Decimal(1), weight_to_ct=Decimal(2),
        low_minor_per_ct=low, high_minor_per_ct=low * 2, evidence="unverified", source="memory",
    )  # fmt: skip
    edition = services.propose_edition(rosa, bands=[band], note="New")
    if approve:
        services.approve_edition(daniel, edition_id=edition.id, against=in_force(daniel))


def test_the_published_editions_come_oldest_first_with_their_bands(uow: UnitOfWork) -> None:
    publish(uow, 100, days=-20)
    publish(uow, 200, days=-10)
    publish(uow, 300, form="rough", days=-5)
    publish(uow, 400, days=-1, approve=False)
    publish(uow, 500, days=1)

    found = band_history(uow.session, "ruby", "cut", now=uow.now)

    assert [(each.number, each.since, [band.low_minor_per_ct for band in each.bands]) for each in found] == [
        (1, NEWEST - 20 * DAY, [100]),
        (2, NEWEST - 10 * DAY, [200]),
        (3, NEWEST - 5 * DAY, []),
    ]
    assert band_history(uow.session, "ruby", "cut", now=uow.now - 30 * DAY) == []

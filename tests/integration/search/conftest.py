"""A market of many lots that look alike: same prices, same moments, same shares, so that ties are everywhere."""

from datetime import timedelta
from itertools import product

import pytest

from marketplace.lots.models import LotListing
from marketplace.unit_of_work import UnitOfWork
from tests.builders.listings import bare_cooperative, gold, listed, stone

PLACES = {"TZ": "Simanjiro, Manyara", "KE": "Mwatate, Taita-Taveta", "CO": "Condoto, Chocó"}


@pytest.fixture
def market(uow: UnitOfWork) -> list[LotListing]:
    """Seventy-two lots: three countries, four forms, two prices, three states."""
    cooperative = bare_cooperative(uow)
    forms = (("gem", "rough"), ("gem", "cut"), ("gold", "dore"), ("gold", "dust"))
    states = ("available", "reserved", "sold")
    found = []
    for number, (country, form, price, state) in enumerate(product(PLACES, forms, (90_000, 124_000), states)):
        base = gold if form[0] == "gold" else stone
        answers = base(
            form=form[1], country=country, place=PLACES[country], price_minor=price, net_minor=price * 3 // 4,
            women_led=number % 3 == 0, weight_mg=684 if number % 2 else 1_000,
        )  # fmt: skip
        if form[0] == "gem":
            answers |= {"variety": ("tanzanite", "ruby", "emerald")[number % 3], "treatment": "NH"[number % 2]}
        at = uow.now - timedelta(days=number % 4)
        found.append(listed(uow, cooperative, answers, availability=state, published_at=at))
    return found

"""Published lots for everybody: found, paged, checked, and silent about single people."""

from typing import Any

from flask import Flask

from marketplace.pricing.services import import_reference_data
from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program
from tests.builders.listings import bare_cooperative, gold, listed, stone
from tests.builders.lots import STONE, published_lot


def walk(program: Program, query: str) -> list[dict[str, Any]]:
    """Return every lot, page after page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(20):
        page = program.get(f"/lots?{query}{cursor}").get_json()
        found += page["lots"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
    raise AssertionError("the pages never end")


def test_pages_show_every_lot_once_in_every_order(uow: UnitOfWork, anybody: Program) -> None:
    cooperative = bare_cooperative(uow)
    references = {listed(uow, cooperative, stone(price_minor=100_000 + n % 3)).reference for n in range(7)}
    uow.commit()

    for sort in ("newest", "price_up", "price_down", "share"):
        found = walk(anybody, f"limit=2&sort={sort}")
        assert {lot["reference"] for lot in found} == references
        assert len(found) == 7
    prices = [lot["price"]["amount_minor"] for lot in walk(anybody, "limit=3&sort=price_up")]
    assert prices == sorted(prices)


def test_a_cursor_belongs_to_its_order(uow: UnitOfWork, anybody: Program) -> None:
    cooperative = bare_cooperative(uow)
    for _ in range(3):
        listed(uow, cooperative, stone())
    uow.commit()
    cursor = anybody.get("/lots?limit=1").get_json()["next_cursor"]

    assert anybody.get(f"/lots?limit=1&sort=price_up&cursor={cursor}").status_code == 422


def test_filters_narrow(uow: UnitOfWork, anybody: Program) -> None:
    cooperative = bare_cooperative(uow)
    blue = listed(uow, cooperative, stone()).reference
    yellow = listed(uow, cooperative, gold()).reference
    sold = listed(uow, cooperative, stone(), availability="sold").reference
    uow.commit()

    def found(query: str) -> set[str]:
        return {lot["reference"] for lot in anybody.get(f"/lots?{query}").get_json()["lots"]}

    assert found("") == {blue, yellow}
    assert found("sold=yes") == {blue, yellow, sold}
    assert found("kind=gold") == {yellow}
    assert found("kind=gold&kind=gem") == {blue, yellow}
    assert found("variety=tanzanite") == {blue}
    assert found("weight_from=3.4&weight_to=3.5") == {blue}
    assert found("price_from=20000") == {yellow}
    assert found("q=tanzanit") == {blue}
    assert found("country=KE") == set()


def test_the_split_sums_to_the_price(uow: UnitOfWork, anybody: Program) -> None:
    import_reference_data(uow)
    lot, version, _amina = published_lot(uow)
    uow.commit()
    found = anybody.get(f"/lots/{lot.reference}").get_json()

    assert sum(line["amount"]["amount_minor"] for line in found["split"]) == found["price"]["amount_minor"]
    assert found["version_sha256"] == version.sha256


def test_a_lot_read_again_is_not_sent_again(uow: UnitOfWork, anybody: Program) -> None:
    lot = listed(uow, bare_cooperative(uow), stone())
    uow.commit()
    first = anybody.get(f"/lots/{lot.reference}")
    again = anybody.get(f"/lots/{lot.reference}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    lot.availability = "reserved"
    uow.commit()
    changed = anybody.get(f"/lots/{lot.reference}", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.get_json()["availability"] == "reserved"


def test_a_lot_withheld_is_not_there(uow: UnitOfWork, anybody: Program) -> None:
    lot = listed(uow, bare_cooperative(uow), stone(), availability="withheld")
    uow.commit()

    assert anybody.get(f"/lots/{lot.reference}").status_code == 404
    assert anybody.get("/lots?sold=yes").get_json()["lots"] == []


def test_a_reference_is_read_as_people_type_it(uow: UnitOfWork, anybody: Program) -> None:
    lot = listed(uow, bare_cooperative(uow), stone())
    uow.commit()

    assert anybody.get(f"/lots/{lot.reference.lower()}").get_json()["reference"] == lot.reference


def test_nothing_tells_of_people_or_of_the_exact_place(app: Flask, uow: UnitOfWork, anybody: Program) -> None:
    import_reference_data(uow)
    origin = {**STONE["origin"], "group": "canary group of Neema Mushi"}
    lot, _version, amina = published_lot(uow, steps={**STONE, "origin": origin})
    uow.commit()
    text = anybody.get("/lots").get_data(as_text=True) + anybody.get(f"/lots/{lot.reference}").get_data(as_text=True)

    for canary in ("canary", "Neema", amina.name, amina.email, "-3.5667", "36.9833", "+255", "PML 0012345"):
        assert canary not in text

"""Orders: each side reads its own, with what it may do now; nobody else sees that they exist."""

from collections.abc import Callable

from marketplace.core.actor import StaffRole
from marketplace.pricing.services import import_reference_data
from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program
from tests.builders.lots import seller
from tests.builders.orders import funded_order
from tests.people import buyer, person

MakeProgram = Callable[..., Program]


def test_each_side_sees_its_own_sentence_and_actions(uow: UnitOfWork, program: MakeProgram) -> None:
    import_reference_data(uow)
    sale = funded_order(uow)
    path = f"/orders/{sale.order.reference}"
    his, hers = program(sale.bob).get(path).get_json(), program(sale.amina).get(path).get_json()

    assert (his["side"], hers["side"]) == ("buyer", "cooperative")
    assert his["money"]["code"] == hers["money"]["code"] == "funded"
    assert "comes back to you" in his["money"]["text"]
    assert "You will be paid" in hers["money"]["text"]
    assert his["allowed_actions"] == ["cancel", "report_problem"]
    assert hers["allowed_actions"] == ["confirm", "decline"]
    assert [step["action"] for step in his["steps"]] == ["capture"]
    assert sum(line["amount"]["amount_minor"] for line in his["split"]) == his["price"]["amount_minor"]


def test_an_order_of_others_is_not_there(uow: UnitOfWork, program: MakeProgram) -> None:
    import_reference_data(uow)
    sale = funded_order(uow)
    carol, _row = buyer(uow, "carol")
    others = [carol, seller(uow, "KE")[1], person(uow, "mary", *StaffRole), person(uow, "dora")]

    for user in others:
        theirs = program(user)
        assert theirs.get(f"/orders/{sale.order.reference}").status_code == 404
        assert theirs.get("/orders").get_json()["orders"] == []
        assert theirs.get(f"/orders?cursor={sale.order.reference}").status_code == 422


def test_no_address_and_no_name_is_told(uow: UnitOfWork, program: MakeProgram) -> None:
    import_reference_data(uow)
    sale = funded_order(uow)
    hers = program(sale.amina)
    text = hers.get("/orders").get_data(as_text=True) + hers.get(f"/orders/{sale.order.reference}").get_data(
        as_text=True
    )

    for canary in ("Hafenstrasse", "20457", "+49", "Bob Jewels", "bob@", "bob"):
        assert canary not in text

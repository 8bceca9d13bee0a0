"""The pages of offers, holds and parts, as buyer, cooperative and staff see them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.clock import SetClock
from marketplace.orders import services
from marketplace.orders.models import LotClaim, Order
from marketplace.orders.negotiation_models import Negotiation
from marketplace.unit_of_work import UnitOfWork
from tests.builders.offers import DUST, market
from tests.builders.orders import DELIVERY_FORM
from tests.people import member, person
from tests.web.test_orders import browser, text_of

KEY = {"idempotency_key": "a-key-of-this-form"}


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"another-key-{number}"}


def test_a_buyer_offers_the_cooperative_counters_and_the_buyer_orders(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow)
    m.as_buyer("bob", level=2)
    bob, amina, path = m.buyers["bob"], m.amina, f"/lots/{m.lot.reference}"
    sha256 = m.version.sha256
    his = browser(app, uow, bob)
    assert "Make an offer" in text_of(his, path)
    assert "The price is US$976.50." in text_of(his, f"{path}/offer")

    made = his.post(f"{path}/offer", data={**KEY, "version": sha256, "amount": "840"})
    assert made.status_code == 303
    talk = made.location
    assert "US$840.00 waits for the answer of the other side." in text_of(his, talk)
    hers = browser(app, uow, amina)
    assert "offered US$840.00" in text_of(hers, f"/cooperative{talk}")
    page = text_of(hers, f"/cooperative{talk}")
    # 840.00 at 5 % on top: 40.00 fee, 800.00 for the cooperative
    assert "US$800.00" in page
    assert "bob Jewels" in page
    assert hers.post(f"/cooperative{talk}/counter", data={**KEY, "amount": "900,00"}).status_code == 303
    assert "You asked US$900.00" in text_of(hers, f"/cooperative{talk}")
    his = browser(app, uow, bob)
    assert "Accept US$900.00" in text_of(his, talk)

    accepted = his.post(f"{talk}/acceptance", data=KEY)

    assert accepted.location == f"{path}/buy"
    page = text_of(his, f"{path}/buy")
    assert "This is the price you agreed on with the cooperative." in page
    assert "Order and pay US$900.00" in page
    form = {**DELIVERY_FORM, **KEY, "version": sha256, "shown": "90000"}
    ordered = his.post(f"{path}/buy", data=form)
    assert ordered.status_code == 303
    assert uow.session.scalars(select(Order.price_minor)).one() == 90_000
    assert "Open the order" in text_of(his, talk)
    assert "ordered" in text_of(his, "/offers")


def test_a_wrong_amount_is_told_and_kept(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow)
    m.as_buyer("bob")
    path, sha256, bob = f"/lots/{m.lot.reference}/offer", m.version.sha256, m.buyers["bob"]
    his = browser(app, uow, bob)
    for typed, said in (("", "Enter"), ("977", "An offer is never above it."), ("9x", "9x"), ("0", "above zero")):
        answer = his.post(path, data={**KEY, "version": sha256, "amount": typed})
        assert answer.status_code == 422, typed
        assert said in answer.text
        assert f'value="{typed}"' in answer.text
    assert uow.session.scalar(select(Negotiation)) is None


def test_an_illegal_step_is_a_conflict_that_says_what_is_legal(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(840).reference
    bob = m.buyers["bob"]
    his = browser(app, uow, bob)
    answer = his.post(f"/offers/{talk}/acceptance", data=KEY, headers={"Accept": "application/json"})

    assert answer.status_code == 409
    assert answer.get_json()["allowed_actions"] == ["withdraw"]
    assert his.post(f"/offers/{talk}/withdrawal", data=KEY).status_code == 303
    assert "US$840.00 was taken back." in text_of(his, f"/offers/{talk}")
    assert "Make another offer" in text_of(his, f"/offers/{talk}")


def test_nobody_else_sees_a_negotiation_and_staff_read_it_without_the_floor(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow)
    services.set_floor(m.as_cooperative(), lot=m.lot, amount=m.talk(m.offer(840)).amount)
    low = m.offer(839, name="carol").reference
    talk = m.offer(841, name="dave").reference
    vera = member(uow, "vera", m.lot.cooperative_id, role=MemberRole.VIEWER)
    mary = person(uow, "mary", StaffRole.MODERATOR)
    carol, bob, amina = m.buyers["carol"], m.buyers["bob"], m.amina
    for who, path in ((bob, f"/offers/{talk}"), (bob, f"/staff/offers/{talk}"), (mary, f"/offers/{talk}")):
        assert browser(app, uow, who).get(path).status_code in {403, 404}
    staff = browser(app, uow, mary)
    assert "dave Jewels" in text_of(staff, f"/staff/offers/{talk}")
    assert talk in text_of(staff, "/staff/offers")
    for client, path in ((staff, f"/staff/offers/{low}"), (browser(app, uow, carol), f"/offers/{low}")):
        text = text_of(client, path)
        assert "least amount" not in text
        assert "840" not in text
    hers = browser(app, uow, amina)
    assert "below your least amount" in text_of(hers, f"/cooperative/offers/{low}")
    reader = browser(app, uow, vera)
    assert "Accept" not in text_of(reader, f"/cooperative/offers/{talk}")
    assert reader.post(f"/cooperative/offers/{talk}/acceptance", data=KEY).status_code in {403, 404}


def test_the_cooperative_sets_and_clears_its_least_amount(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow)
    path, amina = f"/cooperative/lots/{m.lot.reference}/floor", m.amina
    hers = browser(app, uow, amina)
    assert hers.post(path, data={**KEY, "floor": "977"}).status_code == 422
    assert hers.post(path, data={**key(1), "floor": "850,50"}).status_code == 303
    assert 'value="850.50"' in text_of(hers, path)
    assert hers.post(path, data={**key(2), "floor": ""}).status_code == 303
    assert "There is no least amount now." in text_of(hers, f"/cooperative/lots/{m.lot.reference}")


def test_a_lot_is_kept_shown_as_reserved_let_go_and_refused_again(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow)
    m.as_buyer("bob", level=1)
    bob, path = m.buyers["bob"], f"/lots/{m.lot.reference}"
    his = browser(app, uow, bob)
    assert "Keep it for me" in text_of(his, f"{path}/hold")
    assert his.post(f"{path}/hold", data=KEY).location == "/offers"
    page = text_of(his, "/offers")
    assert "Kept until 1 Oct 2026, 09:00 UTC." in page
    assert "A buyer has this lot now." in text_of(his, path)
    assert "Your offers and holds" in text_of(his, path)
    claim = uow.session.scalars(select(LotClaim)).one()

    assert his.post(f"/offers/kept/{claim.id}/end", data=KEY).status_code == 303
    assert "Buy this lot" in text_of(his, path)
    assert "You held this lot lately." in text_of(his, f"{path}/hold")
    assert his.post(f"{path}/hold", data=key(1)).status_code == 409


def test_who_may_not_hold_or_offer_is_told_before_typing(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow)
    m.as_buyer("bob", level=0)
    bob, amina, path = m.buyers["bob"], m.amina, f"/lots/{m.lot.reference}"
    for who, said in ((bob, "Pact must know your company"), (amina, "open a buyer’s account")):
        client = browser(app, uow, who)
        for page in ("offer", "hold"):
            text = text_of(client, f"{path}/{page}").replace("'", "’").replace("&#39;", "’")
            assert said in text
            assert 'name="amount"' not in text


def test_a_part_is_chosen_priced_and_ordered(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    m.as_buyer("bob")
    bob, path, sha256 = m.buyers["bob"], f"/lots/{m.lot.reference}", m.version.sha256
    his = browser(app, uow, bob)
    assert "of 100.00 g, 100.00 g are free now" in text_of(his, path)
    assert "The least part is 10.00 g." in text_of(his, f"{path}/buy")
    assert "The least part is 10 g. Choose more." in text_of(his, f"{path}/buy?part=5")
    assert "number" in text_of(his, f"{path}/buy?part=abc")
    page = text_of(his, f"{path}/buy?part=12,5")
    # 12.5 g of 100 g for 11,550.00
    assert "Order and pay US$1,443.75" in page
    assert "Gold dust, 12.50 g" in page
    form = {**DELIVERY_FORM, **KEY, "version": sha256, "part": "12,5", "shown": "144375"}
    assert his.post(f"{path}/buy", data={**form, "part": "5"}).status_code == 422
    assert his.post(f"{path}/buy", data={**form, **key(1), "shown": "144374"}).status_code == 409

    ordered = his.post(f"{path}/buy", data={**form, **key(2)})

    assert ordered.status_code == 303
    assert "Gold dust, 12.50 g" in text_of(his, ordered.location)
    assert "of 100.00 g, 87.50 g are free now" in text_of(his, path)


def test_the_page_of_a_lot_in_parts_is_new_for_visitors_when_a_part_is_taken(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    reference = m.lot.reference
    uow.commit()
    tag = app.test_client().get(f"/lots/{reference}").headers["ETag"]
    m.buy(part_mg=20_000)
    uow.commit()
    assert app.test_client().get(f"/lots/{reference}", headers={"If-None-Match": tag}).status_code == 200


def test_an_offer_for_a_part_and_a_hold_of_one(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    m.as_buyer("bob")
    bob, path, sha256 = m.buyers["bob"], f"/lots/{m.lot.reference}", m.version.sha256
    his = browser(app, uow, bob)
    wrong = his.post(f"{path}/offer", data={**KEY, "version": sha256, "amount": "", "part": "x"})
    assert wrong.status_code == 422
    assert wrong.text.count('class="problem"') == 2
    low = his.post(f"{path}/offer", data={**KEY, "version": sha256, "amount": "1000", "part": "5"})
    assert low.status_code == 422
    assert "The least part is 10 g." in low.text
    made = his.post(f"{path}/offer", data={**KEY, "version": sha256, "amount": "1.100,00", "part": "10"})
    assert made.status_code == 303, made.text
    assert "Gold dust, 10.00 g" in text_of(his, made.location)
    assert his.post(f"{path}/hold", data={**KEY, "part": "5"}).status_code == 422
    assert his.post(f"{path}/hold", data={**KEY, "part": "10"}).status_code == 303
    assert "Gold dust, 10.00 g" in text_of(his, "/offers")


@pytest.mark.parametrize("days", [0, 3])
def test_an_agreement_counts_for_two_days(app: Flask, uow: UnitOfWork, clock: SetClock, days: int) -> None:
    m = market(uow)
    services.accept_offer(m.as_cooperative(), negotiation=m.offer(800))
    bob, path = m.buyers["bob"], f"/lots/{m.lot.reference}/buy"
    clock.advance(timedelta(days=days))
    uow.now = clock.now()
    his = browser(app, uow, bob)
    price = "US$976.50" if days else "US$800.00"
    assert f"Order and pay {price}" in text_of(his, path)


def test_a_secretary_lists_dust_in_parts(app: Flask, uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    amina, path = m.amina, f"/cooperative/lots/{m.lot.reference}/weight"
    hers = browser(app, uow, amina)
    page = text_of(hers, path)
    assert "Buyers may take a part of it." in page
    assert "Least part that you sell" in page
    typed = {"weight": "100", "weight_unit": "g", "pieces": "1", "divisible": "yes", "least_part": "60"}
    hers.post(path, data=typed)
    assert "at most half of the lot" in text_of(hers, path)
    hers.post(path, data={**typed, "least_part": "0,5"})
    assert "At most 100 parts are possible." in text_of(hers, path)
    hers.post(path, data={**typed, "divisible": "", "least_part": ""})
    assert "At most" not in text_of(hers, path)

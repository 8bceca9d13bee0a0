"""Offers by program: each side sees its own negotiations, and an illegal move names the legal ones."""

from collections.abc import Callable

from sqlalchemy import func, select

from marketplace.core.actor import StaffRole
from marketplace.core.ids import new_id
from marketplace.orders import services
from marketplace.orders.negotiation_models import Offer
from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program
from tests.builders.lots import seller
from tests.builders.offers import DUST, market, usd
from tests.people import buyer, person

MakeProgram = Callable[..., Program]


def test_each_side_sees_what_it_may_do(uow: UnitOfWork, program: MakeProgram) -> None:
    m = market(uow)
    services.set_floor(m.as_cooperative(), lot=m.lot, amount=usd(850))
    path = f"/offers/{m.offer(840).reference}"
    his, hers = program(m.buyers["bob"]).get(path).get_json(), program(m.amina).get(path).get_json()

    assert (his["side"], hers["side"]) == ("buyer", "cooperative")
    assert (his["allowed_actions"], hers["allowed_actions"]) == (["withdraw"], ["accept", "counter", "decline"])
    assert (his["amount"]["amount_minor"], his["list_price"]["amount_minor"]) == (84_000, 97_650)
    assert "floor" not in str(his)
    assert "85000" not in str(his) + str(hers)


def test_an_illegal_move_is_a_conflict_with_the_legal_ones(uow: UnitOfWork, program: MakeProgram) -> None:
    m = market(uow)
    path = f"/offers/{m.offer(840).reference}"
    his, hers = program(m.buyers["bob"]), program(m.amina)
    for name in ("acceptance", "refusal"):
        answer = his.make(f"{path}/{name}", {})
        assert answer.status_code == 409
        assert answer.get_json()["allowed_actions"] == ["withdraw"]
    assert his.make(f"{path}/counter", {"amount_minor": 90_000}).status_code == 409
    refused = hers.make(f"{path}/withdrawal", {})
    assert refused.get_json()["code"] == "transition_refused"
    assert refused.get_json()["allowed_actions"] == ["accept", "counter", "decline"]


def test_a_wrong_body_is_pointed_at(uow: UnitOfWork, program: MakeProgram) -> None:
    m = market(uow)
    m.as_buyer("bob")
    his = program(m.buyers["bob"])
    right = {"lot": m.lot.reference, "version_sha256": m.version.sha256, "amount_minor": 84_000}
    for change, pointer in (
        ({"amount_minor": 97_651}, "#/amount_minor"),
        ({"amount_minor": 0}, "#/amount_minor"),
        ({"amount_minor": 84_000.5}, "#/amount_minor"),
        ({"part_mg": 0}, "#/part_mg"),
        ({"note": "x"}, "#/note"),
    ):
        answer = his.make("/offers", {**right, **change})
        assert answer.status_code == 422, change
        assert answer.get_json()["errors"][0]["pointer"] == pointer
    assert his.make("/offers", {**right, "part_mg": 5}).status_code == 409
    assert his.make("/offers", {**right, "version_sha256": "0" * 64}).status_code == 409
    assert his.make("/offers", {**right, "lot": "ZZ-0000-0000"}).status_code == 404


def test_an_offer_sent_twice_is_made_once(uow: UnitOfWork, program: MakeProgram) -> None:
    m = market(uow, steps=DUST)
    m.as_buyer("bob")
    his = program(m.buyers["bob"])
    body = {"lot": m.lot.reference, "version_sha256": m.version.sha256, "amount_minor": 100_000, "part_mg": 10_000}
    headers = {"Idempotency-Key": str(new_id())}
    first = his.send("POST", "/offers", json=body, headers=headers)
    second = his.send("POST", "/offers", json=body, headers=headers)

    assert first.status_code == second.status_code == 201
    assert first.get_json() == second.get_json()
    assert first.get_json()["offers"][0]["part_mg"] == 10_000
    assert uow.session.scalar(select(func.count()).select_from(Offer)) == 1
    assert his.send("POST", "/offers", json=body).status_code == 400
    other = his.send("POST", "/offers", json={**body, "amount_minor": 1}, headers=headers)
    assert other.get_json()["code"] == "idempotency_conflict"


def test_a_negotiation_of_others_is_not_there(uow: UnitOfWork, program: MakeProgram) -> None:
    m = market(uow)
    reference = m.offer(840).reference
    carol, _row = buyer(uow, "carol")
    for user in (carol, seller(uow, "KE")[1], person(uow, "mary", *StaffRole), person(uow, "dora")):
        theirs = program(user)
        assert theirs.get(f"/offers/{reference}").status_code == 404
        assert theirs.get("/offers").get_json()["offers"] == []
        assert theirs.get(f"/offers?cursor={reference}").status_code == 422
        assert theirs.make(f"/offers/{reference}/acceptance", {}).status_code in {403, 404}
    reader = program(m.buyers["bob"], "read")
    assert reader.make(f"/offers/{reference}/withdrawal", {}).status_code == 403


def test_a_lot_in_parts_says_what_is_free(uow: UnitOfWork, program: MakeProgram, anybody: Program) -> None:
    m = market(uow, steps=DUST)
    m.buy(part_mg=30_000)
    uow.commit()

    lot = anybody.get(f"/lots/{m.lot.reference}").get_json()

    assert lot["parts"] == {"whole_mg": 100_000, "least_part_mg": 10_000, "free_mg": 70_000}


def test_a_draft_is_sold_in_parts_by_program(uow: UnitOfWork, program: MakeProgram) -> None:
    _site, amina = seller(uow)
    hers = program(amina)
    made = hers.make("/drafts", {})
    answers = {
        "kind": {"form": "dust"},
        "weight": {"weight": "100", "weight_unit": "g", "pieces": "1", "divisible": "yes", "least_part": "10"},
    }
    path = f"/drafts/{made.get_json()['reference']}"
    changed = hers.send("PATCH", path, json={"answers": answers}, headers={"If-Match": made.headers["ETag"]})

    assert changed.status_code == 200
    assert changed.get_json()["answers"]["weight"]["least_part"] == "10"
    assert changed.get_json()["steps"]["weight"] == "done"

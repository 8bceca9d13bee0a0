"""Drafts: only for the cooperative's own people, never over somebody else's change, and made once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.ids import new_id
from marketplace.documents.models import Document
from marketplace.documents.services.reviewing import refuse
from marketplace.lots.models import Lot
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.moderation.models import ModerationCase
from marketplace.pricing.services import import_reference_data
from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program
from tests.builders.documents import reader
from tests.builders.lots import draft_lot, photo, seller
from tests.people import buyer, member, person

MakeProgram = Callable[..., Program]
CHANGE = {"answers": {"kind": {"form": "cut"}}}


@pytest.fixture
def prices(uow: UnitOfWork) -> UnitOfWork:
    import_reference_data(uow)
    return uow


def every_way(program: Program, path: str) -> dict[str, int]:
    """Try everything one can do with a draft, the changes last; return the statuses."""
    version = {"If-Match": '"5"'}
    tries: dict[str, Callable[[], Any]] = {
        "read": lambda: program.get(path),
        "change": lambda: program.send("PATCH", path, json=CHANGE, headers=version),
        "photo": lambda: program.send("PUT", f"{path}/photos/front", data=photo(77), content_type="image/jpeg"),
        "unphoto": lambda: program.send("DELETE", f"{path}/photos/side"),
        "submit": lambda: program.make(f"{path}/submission", {"declared": True}, **{"If-Match": '"6"'}),
    }
    return {name: attempt().status_code for name, attempt in tries.items()}


def test_who_may_do_what_with_a_draft(prices: UnitOfWork, program: MakeProgram) -> None:
    site, amina = seller(prices)
    lot = draft_lot(prices, seller=(site, amina))
    path = f"/drafts/{lot.reference}"
    _site, zuri = seller(prices, "KE")
    bob, _row = buyer(prices, "bob")
    people = {
        "another cooperative's secretary": zuri,
        "a buyer": bob,
        "staff in every role": person(prices, "mary", *StaffRole),
        "nobody's officer": person(prices, "dora"),
        "a viewer of the cooperative": member(prices, "vera", site.cooperative_id, role=MemberRole.VIEWER),
        "a signatory": member(prices, "sarah", site.cooperative_id, role=MemberRole.SIGNATORY),
    }
    nothing = dict.fromkeys(("read", "change", "photo", "unphoto", "submit"), 404)

    found = {name: every_way(program(user), path) for name, user in people.items()}

    viewing, signing = found.pop("a viewer of the cooperative"), found.pop("a signatory")
    assert found == dict.fromkeys(found, nothing)
    # She reads; a change is refused by its right, a submission because the draft she names never came to be.
    assert viewing == {"read": 200, "change": 403, "photo": 403, "unphoto": 403, "submit": 412}
    # Her change to a cut stone holds; with a photo taken out three remain, which is enough to send it.
    assert signing == {"read": 200, "change": 200, "photo": 200, "unphoto": 204, "submit": 201}


def test_a_draft_is_written_step_by_step_and_sent(prices: UnitOfWork, program: MakeProgram) -> None:
    site, amina = seller(prices)
    hers = program(amina)
    made = hers.make("/drafts", {})
    path, version = f"/drafts/{made.get_json()['reference']}", made.headers["ETag"]
    assert made.headers["Location"] == f"/api/v1{path}"
    answers = {
        "kind": {"form": "dore"},
        "weight": {"weight": "250", "weight_unit": "g"},
        "quality": {"fineness": "920", "fineness_method": "fire_assay", "report_number": "GL-2291",
                    "mercury": "mercury_free", "no_worst_practice": "yes"},
        "origin": {"site": site.reference, "mined_from": "2026-08-01", "mined_to": "2026-08-20", "miners": "6",
                   "miners_women": "4", "tag_number": "TZ-104999"},
        "price": {"wanted": "27,500", "wanted_currency": "USD", "reason": "The buyer fetches it."},
    }  # fmt: skip
    for step, given in answers.items():
        changed = hers.send("PATCH", path, json={"answers": {step: given}}, headers={"If-Match": version})
        assert changed.status_code == 200, changed.get_json()
        version = changed.headers["ETag"]
    refused = hers.make(f"{path}/submission", {"declared": True}, **{"If-Match": version})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "lot_incomplete")
    assert refused.get_json()["errors"][0]["pointer"] == "#/answers/photos"
    for number, slot in enumerate(("front", "side")):
        hers.send("PUT", f"{path}/photos/{slot}", data=photo(number), content_type="image/jpeg")

    assert hers.get(path).get_json()["missing"] == []
    assert hers.make(f"{path}/submission", {"declared": True}, **{"If-Match": version}).status_code == 201
    assert hers.get(path).get_json()["state"] == "submitted"
    assert [row["reference"] for row in hers.get("/drafts?shelf=checked").get_json()["drafts"]] == [path[8:]]
    assert prices.session.scalar(select(func.count()).select_from(ModerationCase)) is not None


def test_a_change_names_the_version_it_was_made_from(uow: UnitOfWork, program: MakeProgram) -> None:
    _site, amina = seller(uow)
    hers = program(amina)
    made = hers.make("/drafts", {})
    path, first = f"/drafts/{made.get_json()['reference']}", {"If-Match": made.headers["ETag"]}

    assert hers.send("PATCH", path, json=CHANGE).status_code == 428
    assert hers.send("PATCH", path, json=CHANGE, headers=first).status_code == 200
    late = hers.send("PATCH", path, json={"answers": {"kind": {"form": "bar"}}}, headers=first)
    assert (late.status_code, late.get_json()["code"]) == (412, "precondition_failed")
    assert hers.get(path).get_json()["answers"]["kind"] == {"form": "cut"}


def test_a_refused_change_keeps_nothing_and_names_every_field(uow: UnitOfWork, program: MakeProgram) -> None:
    _site, amina = seller(uow)
    hers = program(amina)
    made = hers.make("/drafts", {})
    path, version = f"/drafts/{made.get_json()['reference']}", {"If-Match": made.headers["ETag"]}
    wrong = {"kind": {"form": "rough"}, "weight": {"weight": "-3", "weight_unit": "ct", "pieces": "0"}}

    answer = hers.send("PATCH", path, json={"answers": wrong}, headers=version)

    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.get_json()["errors"]} == {
        "#/answers/weight/weight",
        "#/answers/weight/pieces",
    }
    assert hers.get(path).get_json() == made.get_json()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/answers"),
        ({"answers": {}, "state": "published"}, "#/state"),
        ({"answers": {"kind": {"form": "cut", "kind": "gold"}}}, "#/answers/kind/kind"),
        ({"answers": {"check": {}}}, "#/answers/check"),
        ({"answers": {"weight": {"pieces": 3}}}, "#/answers/weight/pieces"),
        ({"answers": {"weight": {"weight": None}}}, "#/answers/weight/weight"),
        ({"answers": {"price": {"price_minor": "1"}}}, "#/answers/price/price_minor"),
        ({"answers": {"origin": {"group": "a" * 2001}}}, "#/answers/origin/group"),
        ({"answers": []}, "#/answers"),
    ],
)
def test_nothing_else_can_be_assigned(
    uow: UnitOfWork, program: MakeProgram, body: dict[str, Any], pointer: str
) -> None:
    answer = program(person(uow, "alice")).send("PATCH", "/drafts/TZ-0000-0000", json=body)

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.get_json()["errors"]] == [pointer]


def test_a_draft_sent_twice_is_made_once(uow: UnitOfWork, program: MakeProgram) -> None:
    _site, amina = seller(uow)
    hers, key = program(amina), {"Idempotency-Key": str(new_id())}
    first, second = (hers.send("POST", "/drafts", json={}, headers=key) for _ in range(2))
    other = hers.send("POST", "/drafts", json={"cooperative": "TZ-0000-0000"}, headers=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert second.headers["Location"] == first.headers["Location"]
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency_conflict")
    assert uow.session.scalar(select(func.count()).select_from(Lot)) == 1


@pytest.mark.parametrize("key", [None, "short", "a" * 101, "with space in it", "ключ-ключ-ключ"])
def test_what_makes_something_needs_a_key(uow: UnitOfWork, program: MakeProgram, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = program(person(uow, "alice")).send("POST", "/drafts", json={}, headers=headers)

    assert (answer.status_code, answer.get_json()["code"]) == (400, "idempotency_key_missing")


def test_the_keys_of_two_people_do_not_meet(uow: UnitOfWork, program: MakeProgram) -> None:
    key = {"Idempotency-Key": str(new_id())}
    _site, amina = seller(uow)
    _site, zuri = seller(uow, "KE")
    made = [program(user).send("POST", "/drafts", json={}, headers=key).get_json() for user in (amina, zuri)]

    assert made[0]["cooperative"] != made[1]["cooperative"]


def test_a_cooperative_of_others_is_not_there(uow: UnitOfWork, program: MakeProgram) -> None:
    _site, amina = seller(uow)
    theirs = program(seller(uow, "KE")[1]).get("/me").get_json()["cooperatives"][0]["reference"]

    assert program(amina).make("/drafts", {"cooperative": theirs}).status_code == 404
    assert program(person(uow, "dora")).make("/drafts", {}).status_code == 403


def test_only_pictures_are_taken(uow: UnitOfWork, program: MakeProgram) -> None:
    _site, amina = seller(uow)
    hers = program(amina)
    path = f"/drafts/{hers.make('/drafts', {}).get_json()['reference']}/photos"

    def put(content: bytes, kind: str, slot: str = "front") -> int:
        return hers.send("PUT", f"{path}/{slot}", data=content, content_type=kind).status_code

    assert put(b"<svg/>", "image/svg+xml") == 415
    assert put(b"<svg/>", "image/jpeg") == 422
    assert put(b"", "image/png") == 422
    assert put(photo(1), "image/jpeg", "back") == 404
    assert put(photo(1), "image/jpeg") == 200
    assert put(photo(1), "image/jpeg", "side") == 422


def test_only_the_declaration_sends(uow: UnitOfWork, program: MakeProgram) -> None:
    hers = program(person(uow, "alice"))
    for body in ({}, {"declared": False}, {"declared": "yes"}, {"declared": 1}, {"declared": True, "price": 1}):
        assert hers.make("/drafts/TZ-0000-0000/submission", body).status_code == 422


def test_a_missing_paper_is_named_by_its_kind(prices: UnitOfWork, program: MakeProgram) -> None:
    site, amina = seller(prices)
    lot = draft_lot(prices, seller=(site, amina))
    right = prices.session.scalars(select(Document).where(Document.kind == "mining_right")).one()
    reason = {"reason": "The stamp of the ministry is missing on it."}
    refuse(reader(prices, site.cooperative_id), document=right, form=reason, in_line=bring_in_line)
    hers, path = program(amina), f"/drafts/{lot.reference}"

    draft = hers.get(path)

    assert draft.get_json()["missing"] == [
        {
            "step": "papers",
            "field": "mining_right",
            "detail": "Pact refused this paper. Read why and upload it again: Mining right or licence.",
        }
    ]
    refused = hers.make(f"{path}/submission", {"declared": True}, **{"If-Match": draft.headers["ETag"]})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "lot_incomplete")

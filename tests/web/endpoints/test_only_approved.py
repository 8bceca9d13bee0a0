"""No route puts a version on sale that nobody approved: lots in every state, every change, every way to fill a form."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

import pytest
from sqlalchemy import Connection, select, text

from marketplace.accounts.models import User
from marketplace.compliance.models import MineSite
from marketplace.http.context import make_uow
from marketplace.moderation.checklists import GEM, GOLD
from tests.builders.lots import STONE, photo
from tests.web.endpoints.every_state import HEAVIER, STATES, WHY, WORDS, Named, Stage, lots_in_every_state
from tests.web.endpoints.walk import (
    CHANGING,
    Address,
    choices_of,
    filled,
    routes,
    send,
    taken_back,
    undone,
    who_may,
)
from tests.web.endpoints.world import Walker, World

# Written from the design, not from the code: what buyers may see is a version that as many people as its case wants
# approved by its hash, none of whom sent it; or a correction of nothing but small things that a person will look at.
UNAPPROVED: Final = """
WITH shown AS (
    SELECT id AS lot_id, published_version_id AS version_id FROM lot WHERE published_version_id IS NOT NULL
    UNION SELECT lot_id, version_id FROM lot_listing WHERE availability <> 'withheld'
), agreed AS (
    SELECT v.lot_id, v.id AS version_id, v.content FROM moderation_case c JOIN lot_version v ON v.id = c.version_id
    WHERE c.state = 'approved' AND c.lot_id = v.lot_id AND c.subject_sha256 = v.sha256 AND (
        SELECT count(DISTINCT d.reviewer_id) FROM decision d JOIN lot ON lot.id = v.lot_id
        WHERE d.case_id = c.id AND d.verdict = 'approve' AND d.subject_sha256 = v.sha256
        AND d.reviewer_id NOT IN (v.submitted_by, lot.created_by)
    ) >= CASE WHEN c.second_reasons = '{}' THEN 1 ELSE 2 END
)
SELECT lot.reference || ' version ' || v.number FROM shown JOIN lot ON lot.id = shown.lot_id
JOIN lot_version v ON v.id = shown.version_id
WHERE v.lot_id <> lot.id OR NOT EXISTS (SELECT FROM agreed WHERE agreed.version_id = v.id) AND NOT (
    EXISTS (
        SELECT FROM moderation_case c WHERE c.version_id = v.id AND c.edit_class = 'cosmetic'
        AND c.state IN ('queued','claimed','needs_second','escalated')
    ) AND EXISTS (
        SELECT FROM agreed WHERE agreed.lot_id = lot.id
        AND agreed.content - CAST(:small AS text[]) = v.content - CAST(:small AS text[])
    )
)
"""
SMALL: Final = ["weight_unit", "group", "reason_for_price", "colour", "dimensions", "photos"]
# Where a lot, or what belongs to its review, stands in the address or in the form.
OF_A_LOT: Final = (
    "/api/v1/drafts/<", "/cooperative/lots/<", "/cooperative/appeals/", "/lots/<", "/staff/appeals/",
    "/staff/blind-reviews/", "/staff/lots/<", "/staff/moderation", "/staff/passports/<",
)  # fmt: skip
REVIEW: Final = ("/staff/appeals/", "/staff/blind-reviews/", "/staff/moderation-bulk")
# A verdict on a case, its reasons, and the answer to an appeal.
Answer = tuple[str, tuple[str, ...], str]
ANSWERS: Final[tuple[Answer, ...]] = (
    ("approve", (), "overturn"),
    ("changes", WHY, "uphold"),
    ("refuse", WHY, "overturn"),
)


@pytest.fixture(scope="module")
def stage(world: World) -> Iterator[tuple[Named, ...]]:
    """Return lots in every state beside the seeded ones, for as long as this module runs."""
    with undone(world):
        with world.app.app_context():
            uow = make_uow()
            site = _found(uow, MineSite, MineSite.reference, world.values["/sell/cooperatives"]["site_reference"][0])
            amina = _found(uow, User, User.id, world.values["/sell/cooperatives"]["user_id"][0])
            reviewer = _found(uow, User, User.name, "Staff moderator")
            names = lots_in_every_state(Stage(uow, site, amina, reviewer))
            uow.commit()
            uow.session.close()
        yield names


def _found(uow: Any, model: Any, column: Any, value: str) -> Any:
    return uow.session.scalars(select(model).where(column == value)).one()


def test_at_the_start_only_what_was_approved_is_shown(world: World, stage: tuple[Named, ...]) -> None:
    with taken_back(world) as connection:
        assert unapproved(connection) == []
        states = set(connection.scalars(text("SELECT state FROM lot")))
    assert {named.state for named in stage} == set(STATES)
    assert states == {"draft", "submitted", "changes_requested", "published", "refused", "withdrawn", "sold"}


@pytest.mark.parametrize("state", STATES)
def test_no_change_of_a_lot_shows_what_nobody_approved(world: World, stage: tuple[Named, ...], state: str) -> None:
    named = next(each for each in stage if each.state == state)
    found, done = [], 0
    for address in addresses(world, named):
        for form in forms(address, named):
            with taken_back(world) as connection:
                status = sent(world, address, form)
                done += status < 400
                found += [f"{address} {form.get('verdict')}: {each}" for each in unapproved(connection)]
                found += [f"{address}: {status}"] if status >= 500 else []
    assert found == []
    assert done > 5, "some of the forms are right"


@pytest.mark.parametrize(
    ("state", "is_on_sale"),
    [("approved by another, waits for the reviewer", 1), ("approved by the reviewer, waits for another", 0)],
)
def test_the_form_of_these_tests_approves_what_it_may(
    world: World, stage: tuple[Named, ...], state: str, is_on_sale: int
) -> None:
    named = next(each for each in stage if each.state == state)
    on_sale = text("SELECT count(*) FROM lot WHERE reference = :lot AND published_version_id IS NOT NULL")
    decision = next(each for each in addresses(world, named) if each.path.endswith("/decision"))
    with taken_back(world) as connection:
        sent(world, decision, _form(named, ANSWERS[0], named.hashes[0], names_version=False))
        assert connection.scalar(on_sale, {"lot": named.reference}) == is_on_sale


def test_no_other_change_shows_what_nobody_approved(world: World, stage: tuple[Named, ...]) -> None:
    found = []
    waiting = next(each for each in stage if each.state == "paused, change half approved")
    for method, route in routes(world, *CHANGING):
        if route.rule.startswith(OF_A_LOT):
            continue
        names = {name: choices_of(world, route.rule, name)[0] for name in route.arguments}
        address = Address(method, filled(route, names), route)
        with taken_back(world) as connection:
            for form in forms(address, waiting):
                sent(world, address, form)
            found += [f"{address}: {each}" for each in unapproved(connection)]
    assert found == []


def test_strangers_read_of_a_lot_what_was_approved_or_nothing(world: World, stage: tuple[Named, ...]) -> None:
    """The changes that wait weigh 3.52 ct; what was approved weighs 3.42 ct."""
    seen = {}
    for named, walker in product(stage, ("visitor", "carol", "daudi")):
        for path in (f"/lots/{named.reference}", f"/api/v1/lots/{named.reference}", f"/passport/{named.reference}"):
            with taken_back(world):
                address = Address("GET", path, next(route for _, route in routes(world, "GET")))
                answer = send(world, world.walkers[walker], address)
            seen[named.state, path.split("/")[-2], walker] = answer.status_code
            assert "3.52" not in answer.text, (named.state, path)
    on_sale = {state for (state, page, _), status in seen.items() if page == "lots" and status == 200}
    assert on_sale >= {"on sale", "on sale, change waits", "on sale, small correction"}
    assert not on_sale & {"draft", "queued", "claimed", "sent back", "refused", "escalated", "withdrawn"}


def unapproved(connection: Connection) -> list[str]:
    """Return what is shown and must not be."""
    return list(connection.scalars(text(UNAPPROVED), {"small": SMALL}))


def addresses(world: World, named: Named) -> Iterator[Address]:
    """Return every changing address that a lot, its cases, appeals and second looks have."""
    own = {"case_id": named.cases, "appeal_id": named.appeals, "review_id": named.reviews}
    for method, route in routes(world, *CHANGING):
        if route.rule.startswith(OF_A_LOT):
            names = sorted(route.arguments)
            places = [
                (named.reference,) if name == "reference"
                else own[name] if name in own
                else ("kind", "weight", "quality", "origin", "price") if name == "step"
                else choices_of(world, route.rule, name)
                for name in names
            ]  # fmt: skip
            for chosen in product(*places):
                yield Address(method, filled(route, dict(zip(names, chosen, strict=True))), route)


def forms(address: Address, named: Named) -> Iterator[Mapping[str, Any]]:
    """Return an empty form, and one with every right answer: in the review for every verdict on every version."""
    yield {}
    hashes = named.hashes or ("0" * 64,)
    decides, names_version = address.path.endswith("/decision"), "/moderation-bulk" in address.path
    answers = ANSWERS if decides or address.path.startswith(REVIEW) else ANSWERS[:1]
    for answer, sha256 in product(answers, hashes if decides or names_version else hashes[:1]):
        yield _form(named, answer, sha256, names_version=names_version)


def _form(named: Named, answer: Answer, sha256: str, *, names_version: bool) -> dict[str, Any]:
    verdict, reasons, outcome = answer
    return {
        **{name: text for step in STONE.values() for name, text in step.items()},
        **HEAVIER,
        **{f"check_{item.code}": "yes" for item in (*GEM.items, *GOLD.items)},
        **dict.fromkeys(("escalation", "words", "answer"), WORDS),
        "verdict": verdict, "reasons": list(reasons), "outcome": outcome, "note": "",
        "subject_sha256": sha256, "version_sha256": sha256, "declared": "yes",
        "case": [f"{case}:{sha256}" if names_version else case for case in named.cases],
    }  # fmt: skip


def sent(world: World, address: Address, form: Mapping[str, Any]) -> int:
    """Send a form as who gets furthest with it; return the status."""
    walker: Walker = who_may(world, address)
    headers = {"Idempotency-Key": "key-of-a-change", "If-Match": "*"}
    if address.path.startswith("/api/"):
        body = {"data": photo(3), "content_type": "image/jpeg"} if "/photos/" in address.path else {"json": _body(form)}
        return send(world, walker, address, headers=headers, **body).status_code
    return send(world, walker, address, data={**form, "idempotency_key": "key-of-a-change"}).status_code


def _body(form: Mapping[str, Any]) -> dict[str, Any]:
    return {"answers": {"weight": dict(HEAVIER)}, "declared": True} if form else {}

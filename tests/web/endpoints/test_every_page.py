"""Every page, opened by everybody: no fault, the declared rule, nobody else's things, nothing changed."""

import pytest

from tests.web.endpoints.conftest import Walk
from tests.web.endpoints.walk import broken_promise, garbage, real, rule_of, send, unknown, who_may
from tests.web.endpoints.world import STRANGERS, World

# Things of one cooperative or one buyer: to anybody else they are not there.
PRIVATE = (
    "/cooperative/lots/<", "/cooperative/orders/<", "/cooperative/money/destination/<", "/cooperative/money/stripe/<",
    "/cooperative/miner-payments/<", "/checks/<", "/sell/cooperatives/<", "/sell/applications/<", "/orders/<",
    "/api/v1/drafts/<", "/api/v1/orders/<",
)  # fmt: skip
# Whoever has the secret of a letter's link may read to whom it went.
# What our pages and the API ask for behind the question mark.
QUERY = (
    "after", "before", "only", "part", "payment", "back", "waiting", "page", "q", "kind", "form", "variety", "country",
    "sort", "price_min", "price_max", "currency", "flag", "state", "shelf", "next", "lang", "as_of", "limit", "order",
    "account", "weight", "weight_unit", "wanted", "range", "grade", "treatment", "from", "to", "cursor", "since",
    "until", "by", "floor", "cooperative", "step", "mineral",
)  # fmt: skip
# Kept sealed: no page shows them, not even to those who wrote them.
SEALED = {"telephone of the cooperative", "place of the mine"}
LINKS = ("/account/invitation/", "/account/reset/", "/account/confirm/")


def test_every_page_keeps_its_rule_for_everybody(world: World, walk: Walk) -> None:
    broken = [
        broken_promise(world, seen.walker, seen.address, status=seen.status, location=seen.location)
        for seen in walk.seen
    ]
    assert [text for text in broken if text] == []


def test_every_page_opens_for_somebody(walk: Walk) -> None:
    # The first asks for a language, the second for two sizes of the log, the others for rates.
    elsewhere = {"/language", "/api/v1/audit/consistency", "/api/v1/rates/<series>", "/api/v1/rates/<series>/history"}
    opened = elsewhere | {seen.address.route.rule for seen in walk.seen if seen.status < 400}
    assert {seen.address.route.rule for seen in walk.seen} - opened == set()


def test_strangers_find_nothing_of_the_first_cooperative_and_its_buyer(walk: Walk) -> None:
    found = [
        f"{seen.address} as {seen.walker.name}: {seen.status}"
        for seen in walk.seen
        if seen.walker.name in STRANGERS and seen.address.route.rule.startswith(PRIVATE)
        if seen.status < 400 and not seen.location.startswith("/account/sign-in")
    ]
    assert found == []


def test_no_page_of_a_stranger_holds_a_mark_of_the_first_cooperative(world: World, walk: Walk) -> None:
    leaks = {
        f"{seen.address.route.rule} tells {seen.walker.name} the {what}"
        for seen in walk.seen
        if seen.walker.name in STRANGERS and not seen.address.path.startswith(LINKS)
        for what, secret in world.secrets.items()
        if secret in _without_its_own_address(seen.page, seen.address.path)
    }
    assert leaks == set()


def test_each_mark_is_read_by_those_whom_it_concerns(world: World, walk: Walk) -> None:
    pages = [
        _without_its_own_address(seen.page, seen.address.path)
        for seen in walk.seen
        if seen.status == 200 and seen.walker.name not in STRANGERS
    ]
    unread = {what for what, secret in world.secrets.items() if not any(secret in page for page in pages)}
    assert unread == SEALED


def test_opening_every_page_changes_no_row(walk: Walk) -> None:
    changed = {name for name in walk.after if walk.after[name] != walk.before[name]}

    # Who reads papers or documents or takes the daily report is noted in the log, and nothing else is.
    assert changed <= {"audit_event", "audit_disclosure", "audit_search", "audit_target"}
    assert walk.noted == {"daily_report.export", "document.read", "incident.read", "incident_report.read", "paper.read"}


def test_what_is_unknown_is_not_there(world: World) -> None:
    odd = []
    for address in unknown(world, "GET"):
        status = send(world, who_may(world, address), address).status_code
        if status not in _UNKNOWN_MAY.get(address.route.rule, {404}):
            odd.append(f"{address}: {status}")
    assert odd == []


# A used-up link says so on a page of its own.
_UNKNOWN_MAY = {
    "/account/confirm/<token>": {410},
    "/account/email/<token>": {200, 404, 410},
    "/account/invitation/<token>": {200, 404, 410},
    "/account/reset/<token>": {200, 404, 410},
}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_nonsense_in_an_address_is_refused_not_a_fault(world: World, method: str) -> None:
    odd = []
    for address in garbage(world, method):
        answer = send(world, who_may(world, address), address)
        if answer.status_code >= 500 or b"<script>alert(7)" in answer.data:
            odd.append(f"{address}: {answer.status_code}")
    assert odd == []


def test_nonsense_behind_the_question_mark_is_no_fault(world: World) -> None:
    odd, known = [], set()
    for address in real(world, "GET"):
        if address.route.rule not in known:
            known.add(address.route.rule)
            for value in ("a%00", "%3Cscript%3Ealert(7)%3C/script%3E", "9" * 40):
                query = "&".join(f"{name}={value}" for name in QUERY)
                answer = send(world, who_may(world, address), address, query_string=query)
                if answer.status_code >= 500 or b"<script>alert(7)" in answer.data:
                    odd.append(f"{address}?…{value}: {answer.status_code}")
    assert odd == []


def test_every_address_has_a_rule_that_is_known_here(world: World) -> None:
    assert all(rule_of(world, address).name for address in real(world, "GET"))


def _without_its_own_address(page: str, path: str) -> str:
    """Leave out what the reader wrote into the address herself."""
    for part in path.split("/"):
        if len(part) > 8:
            page = page.replace(part, "")
    return page

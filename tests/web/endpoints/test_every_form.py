"""Every form and every other change, sent by everybody, empty, hostile and twice."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.exceptions import HTTPException

from marketplace.http.database import db
from tests.web.endpoints.conftest import Walk
from tests.web.endpoints.walk import (
    CHANGING,
    Address,
    Forms,
    broken_promise,
    fingerprint,
    real,
    routes,
    send,
    undone,
    unknown,
    who_may,
)
from tests.web.endpoints.world import World

SCRIPT = "<script>alert(7)</script>"
HOSTILE: tuple[str | list[str], ...] = (
    "", "NaN", "1e309", "x" * 10_000, "a\x00b", "\U0001f48e\u202e\ud7ff", SCRIPT, ["1", "2"], "-1", "\u0661\u0662",
    "=cmd()", "kg", "9" * 400, "0000-00-00",
)  # fmt: skip
# The first ones fill whole forms; all of them stand alone among good values.
WHOLE = 8
KEY = {"idempotency_key": "key-of-a-hostile-form"}
BODIES: tuple[Mapping[str, Any], ...] = (
    {"json": {}}, {"json": []}, {"json": None}, {"data": b"\xff\xfe{", "content_type": "application/json"},
    {"json": {"kind": SCRIPT, "weight": {"value": "NaN"}, "answers": "\x00", "email": 1e300}},
    {"data": b"GIF89a\x00", "content_type": "image/jpeg"},
)  # fmt: skip


@pytest.fixture(scope="module")
def fields(world: World, walk: Walk) -> dict[tuple[str, str], dict[str, str]]:
    """The fields of every form on every page that was opened, by endpoint and by address."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for seen in walk.seen:
        if seen.status >= 400 or "<form" not in seen.page:
            continue
        for action, values in Forms(seen.page).found:
            path = (action or seen.address.path).split("?")[0]
            endpoint = _endpoint(world.app, path)
            if endpoint:
                found.setdefault((endpoint, path), {}).update(values)
                found.setdefault((endpoint, ""), {}).update(values)
    return found


def _endpoint(app: Flask, path: str) -> str:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method="POST")
    except HTTPException:
        return ""
    return str(endpoint)


OWN = ("/cooperative/", "/orders/", "/sell/cooperatives/<", "/sell/applications/<", "/api/v1/drafts/")


def _firsts(world: World) -> Iterator[Address]:
    """Return each changing route once, on the first thing of its kind."""
    known = set()
    for address in real(world, *CHANGING):
        if (address.method, address.route.rule) not in known:
            known.add((address.method, address.route.rule))
            yield address


def test_every_change_keeps_its_rule_for_everybody(world: World) -> None:
    broken = []
    for address in _firsts(world):
        with undone(world):
            for walker in world.walkers.values():
                answer = send(world, walker, address, data={})
                location = answer.headers.get("Location", "")
                broken.append(broken_promise(world, walker, address, status=answer.status_code, location=location))
    assert [text for text in broken if text] == []


def test_a_change_of_what_is_unknown_is_refused(world: World) -> None:
    odd = []
    for address in unknown(world, *CHANGING):
        with undone(world):
            answer = send(world, who_may(world, address), address, data=KEY)
        if not 400 <= answer.status_code < 500:
            odd.append(f"{address}: {answer.status_code}")
    assert odd == []


def test_strangers_change_nothing_of_the_first_cooperative(world: World, fields: dict[Any, dict[str, str]]) -> None:
    before, odd = fingerprint(world), []
    for address in real(world, *CHANGING):
        if not address.route.rule.startswith(OWN):
            continue
        if not address.route.arguments:
            continue
        for name in ("carol", "daudi"):
            form = {**fields.get((address.route.endpoint, ""), {}), **KEY}
            answer = send(world, world.walkers[name], address, data=form, headers={"If-Match": "*"})
            if answer.status_code < 400:
                odd.append(f"{address} as {name}: {answer.status_code}")
    assert odd == []
    assert fingerprint(world) == before


@pytest.mark.parametrize("place", range(WHOLE))
def test_a_form_full_of_one_hostile_value_is_no_fault(
    world: World, fields: dict[tuple[str, str], dict[str, str]], place: int
) -> None:
    odd = []
    everything = {name for form in fields.values() for name in form}
    with undone(world):
        for address in _firsts(world):
            # A form that no page shows today gets every name that any form has.
            names = fields.get((address.route.endpoint, "")) or everything
            odd.append(_sent(world, address, {**dict.fromkeys(names, HOSTILE[place]), **KEY}))
    assert [text for text in odd if text] == []


def test_one_hostile_value_among_good_ones_is_no_fault(
    world: World, fields: dict[tuple[str, str], dict[str, str]]
) -> None:
    odd = []
    for number, address in enumerate(_firsts(world)):
        good = fields.get((address.route.endpoint, address.path)) or fields.get((address.route.endpoint, ""), {})
        with undone(world):
            for place, name in enumerate(sorted(set(good) - {"idempotency_key", "csrf_token"})):
                # Each field takes two values; together the fields of the site take all of them many times.
                for step in range(2):
                    hostile = HOSTILE[(number + place * 2 + step) % len(HOSTILE)]
                    key = {"idempotency_key": f"key-of-{name}-{step}"}
                    odd.append(_sent(world, address, {**good, **key, name: hostile}))
    assert [text for text in odd if text] == []


def test_a_body_of_another_kind_is_no_fault(world: World) -> None:
    odd = []
    for address in _firsts(world):
        with undone(world):
            for body in BODIES if address.path.startswith(("/api/", "/webhooks/")) else BODIES[::3]:
                headers = {"Idempotency-Key": "key-of-a-body", "If-Match": "*"}
                answer = send(world, who_may(world, address), address, headers=headers, **body)
                if answer.status_code >= 500:
                    odd.append(f"{address} {body}: {answer.status_code}")
    assert odd == []


def test_a_form_sent_twice_is_answered_twice_and_done_once(
    world: World, fields: dict[tuple[str, str], dict[str, str]]
) -> None:
    odd, replayed = [], 0
    for address in _firsts(world):
        form = fields.get((address.route.endpoint, address.path))
        if form is None or "idempotency_key" not in form or not _is_once(world, address):
            continue
        with undone(world):
            who, sent = who_may(world, address), {**form, **KEY}
            first = send(world, who, address, data=sent)
            counted = _deeds if first.status_code == 422 else _entries
            between = counted(world)
            second = send(world, who, address, data=sent)
            replayed += first.status_code == 303
            same = (first.status_code, first.headers.get("Location")) == (
                second.status_code, second.headers.get("Location")
            )  # fmt: skip
            if not same or counted(world) != between:
                odd.append(f"{address}: {first.status_code}, then {second.status_code}")
    assert odd == []
    assert replayed > 5, "some forms are right as the page shows them"


def test_most_forms_were_found_on_pages(world: World, fields: dict[tuple[str, str], dict[str, str]]) -> None:
    posted = {route.endpoint for _, route in routes(world, "POST") if not route.rule.startswith(("/api", "/webhooks"))}
    unseen = posted - {endpoint for endpoint, _ in fields}
    assert len(unseen) < len(posted) / 3, sorted(unseen)


def _entries(world: World) -> str:
    return fingerprint(world)["audit_event"]


def _deeds(world: World) -> int:
    """Count the entries of the log. A refused form shows sealed words once more, and each reading of them is noted."""
    counted = "SELECT count(*) FROM audit_event WHERE action NOT IN ('incident.read', 'incident_report.read')"
    with world.app.app_context():
        return int(db.session.scalar(text(counted)) or 0)


def _is_once(world: World, address: Address) -> bool:
    view: Any = world.app.view_functions[address.route.endpoint]
    while view is not None:
        if view.__code__.co_filename.endswith("idempotency.py"):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def _sent(world: World, address: Address, form: Mapping[str, Any]) -> str:
    """Send a form; say what is wrong with the answer, or nothing."""
    answer = send(world, who_may(world, address), address, data=form)
    if answer.status_code >= 500:
        short = {name: str(value)[:20] for name, value in form.items()}
        return f"{address}: {answer.status_code} {short}"
    is_page = answer.mimetype == "text/html"
    return f"{address}: echoes a script" if is_page and SCRIPT in answer.text else ""

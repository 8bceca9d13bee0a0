"""Every refusal is a problem (RFC 9457), whatever was sent."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program
from tests.people import person


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    found: dict[str, Any] = answer.get_json()
    assert found["status"] == status
    assert {"type", "title", "code", "detail"} <= set(found)
    assert " " not in found["code"]
    return found


def test_an_unknown_address_is_a_problem(anybody: Program) -> None:
    for path in ("/nothing", "/lots/x/y", "/lots/XX-0000-0000", "/lots/%00", "/%F0%9F%92%8E", "/lots/" + "a" * 3000):
        problem(anybody.get(path), 404)


def test_another_method_is_told_which_ones_there_are(anybody: Program) -> None:
    for method in ("GET", "DELETE", "PATCH", "PROPFIND"):
        answer = anybody.send(method, "/guidance")
        problem(answer, 405)
        assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"])
def test_another_content_type_is_refused(anybody: Program, kind: str) -> None:
    answer = anybody.send("POST", "/guidance", data=b"{}", content_type=kind)
    assert problem(answer, 415)["detail"] == "Send the body as application/json."


def test_unreadable_json_is_refused(anybody: Program) -> None:
    for body in (
        b"",
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"[" * 60_000,
        b"9" * 60_000,
        b"\xff\xfe",
        b'"\\ud800"',
    ):
        answer = anybody.send("POST", "/guidance", data=body, content_type="application/json")
        assert problem(answer, 400)["code"] == "unreadable_body"


def test_a_large_body_is_refused(anybody: Program) -> None:
    answer = anybody.send("POST", "/guidance", data=b" " * 70_000, content_type="application/json")
    problem(answer, 413)


def test_unknown_and_wrong_parameters_are_named(anybody: Program) -> None:
    found = problem(anybody.get("/lots?limit=1e3&colour=blue&kind=silver&price_from=-1"), 422)
    assert {each["parameter"] for each in found["errors"]} == {"limit", "colour", "kind"}
    found = problem(anybody.get("/lots?price_from=-1&weight_from=x"), 422)
    assert {each["parameter"] for each in found["errors"]} == {"price_from", "weight_from"}


@pytest.mark.parametrize("limit", ["0", "-1", "101", "1.0", " 7", "7 ", "1_0", "\u0667", "", "99999999999999999999"])
def test_a_limit_is_a_plain_number_up_to_100(anybody: Program, limit: str) -> None:
    problem(anybody.get("/lots", query_string={"limit": limit}), 422)


@pytest.mark.parametrize("cursor", ["x", "é", "AAAA", "=" * 50, "a" * 200, "\x00"])
def test_a_cursor_that_is_not_ours_is_refused(anybody: Program, cursor: str) -> None:
    problem(anybody.get("/lots", query_string={"cursor": cursor}), 422)


@pytest.mark.parametrize("cursor", ["x", "é", "fHw", "MjAyNi0wOS0yOXww", "\x00", "OTk5OS0xMi0zMXx6"])
def test_a_cursor_of_drafts_or_orders_that_is_not_ours_is_refused(
    uow: UnitOfWork, program: Callable[..., Program], cursor: str
) -> None:
    hers = program(person(uow, "alice"))
    problem(hers.get("/drafts", query_string={"cursor": cursor}), 422)
    problem(hers.get("/orders", query_string={"cursor": cursor}), 422)


def test_words_follow_the_reader_and_codes_stay(anybody: Program, app: Flask) -> None:
    answers = [
        anybody.get("/lots/x", headers={"Accept-Language": language}) for language in ("en", "fr", "xx", "*;q=9")
    ]
    assert {problem(answer, 404)["code"] for answer in answers} == {"not_found"}


def test_who_calls_too_often_is_told_when_to_come_again(anybody: Program) -> None:
    answers = [anybody.send("POST", "/guidance", json={}) for _ in range(121)]

    assert {answer.status_code for answer in answers[:120]} == {422}
    assert answers[0].headers["X-RateLimit-Limit"] == "120"
    assert answers[0].headers["X-RateLimit-Remaining"] == "119"
    problem(answers[120], 429)
    assert 0 < int(answers[120].headers["Retry-After"]) <= 61


def test_limits_are_counted_by_token(uow: UnitOfWork, program: Callable[..., Program]) -> None:
    alice, bob = program(person(uow, "alice")), program(person(uow, "bob"))
    for _ in range(3):
        alice.send("POST", "/guidance", json={})

    assert alice.send("POST", "/guidance", json={}).headers["X-RateLimit-Remaining"] == "116"
    assert bob.send("POST", "/guidance", json={}).headers["X-RateLimit-Remaining"] == "119"

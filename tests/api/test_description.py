"""The description says what the program does: every route, every example, nothing else."""

import re
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.api.conftest import Program

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def spec(anybody: Program) -> dict[str, Any]:
    found: dict[str, Any] = anybody.get("/openapi.json").get_json()
    return found


def operations(spec: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, found[method]) for path, found in spec["paths"].items() for method in METHODS if method in found
    ]


def test_the_description_is_valid_openapi(spec: dict[str, Any]) -> None:
    assert spec["openapi"] == "3.1.0"
    validate(spec)


def test_every_route_is_described_and_every_description_has_a_route(spec: dict[str, Any], built_app: Flask) -> None:
    served = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in built_app.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.rule.startswith("/api/v1") and method.lower() in METHODS
    }
    about_itself = {("get", "/api/v1/"), ("get", "/api/v1/openapi.json")}

    assert {(method, path) for method, path, _ in operations(spec)} == served - about_itself


def test_every_operation_has_its_words(spec: dict[str, Any]) -> None:
    found = [operation for _, _, operation in operations(spec)]

    assert len({operation["operationId"] for operation in found}) == len(found)
    assert all(operation["summary"] and not operation["summary"].endswith(".") for operation in found)
    assert {tag for operation in found for tag in operation["tags"]} == {tag["name"] for tag in spec["tags"]}
    assert all("default" in operation["responses"] for operation in found)


def test_what_needs_a_token_says_with_which_scope(spec: dict[str, Any]) -> None:
    needed = {
        f"{method.upper()} {path}": each["bearer"]
        for method, path, operation in operations(spec)
        for each in operation.get("security", [])
    }

    assert all(scope == (["read"] if route.startswith("GET") else ["write"]) for route, scope in needed.items())
    open_to_all = {f"{method.upper()} {path}" for method, path, _ in operations(spec)} - set(needed)
    assert open_to_all == {
        "GET /api/v1/lots",
        "GET /api/v1/lots/{reference}",
        "GET /api/v1/lots/{reference}/guidance",
        "GET /api/v1/lots/{reference}/journey",
        "GET /api/v1/rates",
        "GET /api/v1/rates/{series}",
        "GET /api/v1/rates/{series}/history",
        "GET /api/v1/reference-prices",
        "POST /api/v1/guidance",
    }


def test_every_json_body_has_an_example_that_fits_its_schema(spec: dict[str, Any]) -> None:
    for method, path, operation in operations(spec):
        status = next(code for code in operation["responses"] if code.startswith("2"))
        bodies = [operation.get("requestBody", {}), operation["responses"][status]]
        for body in bodies:
            found = body.get("content", {}).get("application/json")
            if found is not None:
                schema = {**found["schema"], "components": spec["components"]}
                problems = [error.message for error in Draft202012Validator(schema).iter_errors(found["example"])]
                assert problems == [], f"{method} {path}"


def test_the_check_of_examples_sees_a_wrong_one(spec: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/Money", "components": spec["components"]}

    assert not Draft202012Validator(schema).is_valid({"amount_minor": "12", "currency": "USD"})
    assert not Draft202012Validator(schema).is_valid({"amount_minor": 12, "currency": "USD", "cents": 0})


def test_the_page_for_people_shows_every_operation_without_a_script_of_others(
    spec: dict[str, Any], anybody: Program
) -> None:
    page = anybody.get("/").get_data(as_text=True)

    assert all(f'id="{operation["operationId"]}"' in page for _, _, operation in operations(spec))
    assert "cdn" not in page

"""Every view says who may call it, and an application with one that does not never starts."""

import pytest
from flask import Flask

from marketplace.app import EXCUSED
from marketplace.http.access import PUBLIC, Rule, UndeclaredAccess, allow, declared_rules


def test_every_endpoint_has_a_declared_rule(built_app: Flask) -> None:
    rules = built_app.extensions["access_rules"]
    assert {rule.endpoint for rule in built_app.url_map.iter_rules()} == set(rules)


def test_reading_views_and_changing_views_are_separate_functions(built_app: Flask) -> None:
    mixed = [
        rule.endpoint
        for rule in built_app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())
        and not isinstance(built_app.extensions["access_rules"][rule.endpoint], dict)
    ]
    assert mixed == []


def test_no_changing_view_is_public_without_a_reason(built_app: Flask) -> None:
    rules = built_app.extensions["access_rules"]
    public = set()
    for rule in built_app.url_map.iter_rules():
        declared = rules[rule.endpoint]
        for method in {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
            found = declared if isinstance(declared, Rule) else declared.get(method)
            if found == PUBLIC:
                public.add(f"{method} {rule.rule}")
    assert public <= PUBLIC_CHANGES, "say below why a visitor may send this"


# People who cannot sign in yet, or only ask a question.
PUBLIC_CHANGES = {
    "POST /account/register",
    "POST /account/sign-in",
    "POST /account/reset",
    "POST /account/reset/<token>",
    "POST /account/confirm/<token>",
    "POST /account/invitation/<token>",
    "POST /api/v1/guidance",
    "POST /verify",
    # Who reports something stays unknown.
    "POST /report",
    "POST /report/case",
    "POST /report/case/facts",
}


def test_a_view_without_a_rule_stops_the_start() -> None:
    app = Flask("planted", static_folder=None)
    app.add_url_rule("/hole", "hole", lambda: "open to all")
    with pytest.raises(UndeclaredAccess, match="hole"):
        declared_rules(app, EXCUSED)


def test_a_view_with_a_rule_passes() -> None:
    app = Flask("fine", static_folder=None)
    app.add_url_rule("/door", "door", allow(PUBLIC)(lambda: "hello"))
    assert declared_rules(app, {}) == {"door": PUBLIC}

"""How an address is filled in and sent, and what the declared rule promises about the answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from marketplace.accounts.models import ApiToken
from marketplace.http.access import Rule
from marketplace.http.database import db
from tests.web.endpoints.world import Walker, World

UNKNOWN = {
    "reference": "ZZ-0000-0000", "site_reference": "MS-0000-0000", "token": "A" * 43, "slot": "front", "step": "kind",
    "series": "NOSUCH", "sha256": "0" * 64, "width": "480", "seq": "999999999",
}  # fmt: skip
GARBAGE = (
    "%00", "a%00b", "x" * 3000, "%E2%82%AC%F0%9F%92%8E", "..%2f..%2fetc%2fpasswd", "-1", "9" * 40, "1e309",
    "%D9%A1%D9%A2", "%27%20OR%201=1--", "%FF%FE", "%3Cscript%3Ealert(7)%3C/script%3E",
)  # fmt: skip
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """A filled-in address with its route and method."""

    method: str
    path: str
    route: Route

    def __str__(self) -> str:
        return f"{self.method} {self.path[:120]}"


def routes(world: World, *methods: str) -> Iterator[tuple[str, Route]]:
    """Return every route with each of its methods that is asked for."""
    for route in sorted(world.app.url_map.iter_rules(), key=lambda each: each.rule):
        for method in methods:
            if method in (route.methods or set()):
                yield method, route


def real(world: World, *methods: str) -> Iterator[Address]:
    """Return every address with the names of things that are there."""
    for method, route in routes(world, *methods):
        names = sorted(route.arguments)
        choices = [choices_of(world, route.rule, name) for name in names]
        for chosen in product(*choices):
            yield Address(method, filled(route, dict(zip(names, chosen, strict=True))), route)


def unknown(world: World, *methods: str) -> Iterator[Address]:
    """Return every address with names that are well formed and belong to nothing."""
    for method, route in routes(world, *methods):
        if route.arguments:
            names = {name: UNKNOWN.get(name, str(UUID(int=7))) for name in route.arguments}
            yield Address(method, filled(route, names), route)


def garbage(world: World, *methods: str) -> Iterator[Address]:
    """Return every address with nonsense at all its places."""
    for method, route in routes(world, *methods):
        if route.arguments:
            for value in GARBAGE if method == "GET" else GARBAGE[::3]:
                yield Address(method, filled(route, dict.fromkeys(route.arguments, value)), route)


def filled(route: Route, names: dict[str, str]) -> str:
    """Write names at the places of a route."""
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: names[found[1]], route.rule)


def choices_of(world: World, rule: str, name: str) -> tuple[str, ...]:
    """Return what may stand at a place of a route."""
    beginnings = sorted((each for each in world.values if rule.startswith(each)), key=len, reverse=True)
    for beginning in beginnings:
        if name in world.values[beginning]:
            return world.values[beginning][name]
    raise AssertionError(f"say in world.py what may stand for <{name}> in {rule}")


def rule_of(world: World, address: Address) -> Rule:
    """Return what the view declares about its callers."""
    declared = world.app.extensions["access_rules"][address.route.endpoint]
    found: Rule = declared if isinstance(declared, Rule) else declared[address.method]
    return found


def send(world: World, walker: Walker, address: Address, **options: Any) -> TestResponse:
    """Send a request as somebody, with her cookie and, to the API, her token."""
    client = world.app.test_client()
    if walker.cookie:
        client.set_cookie("session_id", walker.cookie)
    headers = dict(options.pop("headers", {}))
    if walker.token and address.path.startswith("/api/"):
        headers["Authorization"] = f"Bearer {walker.token}"
    return client.open(address.path, method=address.method, headers=headers, **options)


def who_may(world: World, address: Address) -> Walker:
    """Return the person who gets furthest with an address."""
    rule = rule_of(world, address)
    if rule.staff:
        return world.walkers[sorted(rule.staff)[0].value if len(rule.staff) == 1 else _most_able(rule)]
    if rule.member or rule.token or "/sell/" in address.path:
        return world.walkers["sara" if rule.name == "signatory" else "amina"]
    return world.walkers["bob" if rule.signed_in else "visitor"]


def _most_able(rule: Rule) -> str:
    names = {role.value for role in rule.staff}
    return next(name for name in ("finance", "moderator", "administrator", "auditor") if name in names)


def broken_promise(world: World, walker: Walker, address: Address, *, status: int, location: str) -> str:
    """Say what the answer does that the rule of the view forbids; an empty text when it keeps it."""
    rule = rule_of(world, address)
    if status >= 500:
        return f"{address} as {walker.name}: {status}"
    expected = _refusal(rule, walker)
    to_sign_in = status == 401 or (status == 303 and location.startswith("/account/sign-in"))
    if expected == "sign in" and not to_sign_in:
        return f"{address} as {walker.name}: {status} where only the signed in may pass"
    if expected == "no" and status not in {403, 404}:
        return f"{address} as {walker.name}: {status} although the rule is {rule.name}"
    if expected == "" and rule.signed_in and to_sign_in and not address.path.endswith(("sign-out", "everywhere")):
        return f"{address} as {walker.name}: sent to sign in although signed in"
    return ""


def _refusal(rule: Rule, walker: Walker) -> str:
    if rule.token:
        return "" if walker.token else "sign in"
    if not rule.signed_in:
        return ""
    if not walker.cookie:
        return "sign in"
    has_duty = not rule.staff or bool(rule.staff & walker.staff)
    has_duty &= not rule.member or walker.member in rule.member
    has_duty &= not rule.buyer or walker.is_buyer
    return "" if has_duty else "no"


@contextmanager
def undone(world: World) -> Iterator[None]:
    """Let requests change what they like and undo it afterwards."""
    with world.app.app_context():
        engine = db.engine
    connection = engine.connect()
    transaction = connection.begin()
    db._app_engines[world.app][None] = connection  # type: ignore[assignment]
    try:
        yield
    finally:
        db._app_engines[world.app][None] = engine
        transaction.rollback()
        connection.close()


@contextmanager
def taken_back(world: World) -> Iterator[Connection]:
    """Inside `undone`: let one request change what it likes and take that back, so that the next finds the same."""
    connection: Connection = db._app_engines[world.app][None]  # type: ignore[assignment]
    with connection.begin_nested() as point:
        yield connection
        point.rollback()


def fingerprint(world: World) -> dict[str, str]:
    """Return how many rows each table has, with a sum over their contents."""
    tables = [name for name in db.metadata.tables if name not in {ApiToken.__tablename__}]
    with world.app.app_context():
        query = "SELECT count(*) || ':' || coalesce(sum(hashtext(t::text)::bigint), 0) FROM {} t"
        return {name: str(db.session.scalar(text(query.format(name)))) for name in tables}


class Forms(HTMLParser):
    """Read every form of a page: where it goes and the values its fields have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the last one."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form" and given.get("method", "").lower() == "post":
            self.found.append((given.get("action", ""), {}))
        elif tag == "form":
            self.found.append(("", {}))
        elif not self.found:
            return
        elif tag in {"input", "textarea", "button"} and name:
            self.found[-1][1].setdefault(name, given.get("value", ""))
        elif tag == "select" and name:
            self._select = name
            self.found[-1][1].setdefault(name, "")
        elif tag == "option" and self._select and (not self.found[-1][1][self._select] or "selected" in given):
            self.found[-1][1][self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a list of choices."""
        if tag == "select":
            self._select = ""

"""The registry names exactly the actions that the program records, with the facts they disclose."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from marketplace.audit.registry import COMMON, KINDS, Retention, UnknownAction, kind_of, retention_of
from marketplace.audit.registry.documentation import documentation
from marketplace.core.db import Audited, Base
from marketplace.orders import offers
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.architecture.tree import python_files, syntax
from tests.people import person

# What is recorded under a name that is put together.
COMPOSED: Final[Mapping[str, tuple[str, ...]]] = {
    "order.": tuple(f"order.{action.value}" for action in Action),
    "offer.": tuple(f"offer.{action.value}" for action in offers.Action if action is not offers.Action.MAKE),
    "ACTION": ("privacy.erase",),
}
NOT_FACTS: Final = {"outcome", "hashes"}


def recorded(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Yield each action that a module records, with the names of its facts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
            facts = {keyword.arg for keyword in node.keywords if keyword.arg} - NOT_FACTS
            for action in actions_of(node.args[0]):
                yield action, facts


def actions_of(given: ast.expr) -> tuple[str, ...]:
    if isinstance(given, ast.Constant):
        return (str(given.value),)
    if isinstance(given, ast.JoinedStr) and isinstance(given.values[0], ast.Constant):
        return COMPOSED[str(given.values[0].value)]
    return COMPOSED[ast.unparse(given)]


def in_the_program() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in python_files("marketplace"):
        for action, facts in recorded(syntax(path)):
            found.setdefault(action, set()).update(facts)
    return found


def test_every_recorded_action_is_registered_and_every_registered_one_recorded() -> None:
    assert sorted(in_the_program()) == sorted(KINDS), "mend marketplace/audit/registry"


def test_the_registry_names_every_fact_that_is_disclosed() -> None:
    wrong = {
        action: sorted(facts.symmetric_difference(KINDS[action].disclosures))
        for action, facts in in_the_program().items()
        if action in KINDS and facts != set(KINDS[action].disclosures)
    }

    assert wrong == {}


def test_every_kind_has_one_sentence_about_known_things() -> None:
    types = {mapper.class_.audit_type for mapper in Base.registry.mappers if issubclass(mapper.class_, Audited)}
    for kind in KINDS.values():
        assert kind.sentence[0] in "%" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ", kind.name
        assert kind.sentence.endswith("."), kind.name
        assert set(re.findall(r"%\((\w+)\)s", kind.sentence)) <= {"actor", "target"}, kind.name
        assert set(kind.about) <= types, kind.name
        assert not set(kind.disclosures) & set(COMMON), kind.name


def test_an_action_that_nobody_registered_cannot_be_recorded_in_a_test(uow: UnitOfWork) -> None:
    alice = person(uow, "alice")

    with pytest.raises(UnknownAction, match=r"user\.vanish"):
        uow.record("user.vanish", alice)
    with pytest.raises(UnknownAction):
        kind_of("user.vanish")


def test_facts_are_kept_as_long_as_their_class_says() -> None:
    assert retention_of("user.sign_in", "address") is Retention.PERSONAL_SHORT
    assert retention_of("user.sign_in", "actor_name") is Retention.PERSONAL_LONG
    assert retention_of("order.place", "actor_kind") is Retention.EVIDENCE
    assert retention_of("order.place", "price") is Retention.EVIDENCE
    assert retention_of("payout.fail", "reason") is Retention.PERSONAL_LONG
    assert retention_of("never.seen", "anything") is Retention.PERSONAL_SHORT


def test_the_check_finds_what_it_looks_for() -> None:
    found = dict(recorded(ast.parse("uow.record('lot.publish', lot, outcome='ok', hashes=x, number=3)")))
    assert found == {"lot.publish": {"number"}}


def test_the_documentation_of_the_actions_is_current() -> None:
    page = Path("docs/audit-actions.md").read_text(encoding="utf-8")
    assert page == documentation(), "run `flask --app wsgi audit actions`"

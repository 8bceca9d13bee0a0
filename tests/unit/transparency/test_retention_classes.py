"""Every action of the log belongs to a class that says how long it is told."""

import pytest

from marketplace import tables
from marketplace.audit.registry import KINDS, money, order_moves, orders, payouts
from marketplace.core.db import Audited, Base
from marketplace.transparency.retention_classes import CLASS_OF_NOUN, TRACES, RetentionClass, class_of
from tests.architecture.test_audited import actions
from tests.architecture.tree import python_files, syntax


@pytest.mark.parametrize(
    ("action", "group"),
    [
        ("user.sign_in", RetentionClass.ACCESS),
        ("user.sign_out", RetentionClass.ACCESS),
        ("user.sign_out_everywhere", RetentionClass.ACCESS),
        ("user.pass_second_factor", RetentionClass.ACCESS),
        ("user.use_recovery_code", RetentionClass.ACCESS),
        ("api_token.use", RetentionClass.ACCESS),
        ("api_token.create", RetentionClass.ACCOUNT),
        ("user.change_email", RetentionClass.ACCOUNT),
        ("lot.publish", RetentionClass.TRADE),
        ("offer.make", RetentionClass.TRADE),
        ("order.ship", RetentionClass.MONEY),
        ("buyer.set_level", RetentionClass.MONEY),
        ("reference_rate.release", RetentionClass.HOUSE),
        ("privacy.erase", RetentionClass.FOREVER),
        ("privacy.export", RetentionClass.ACCESS),
        ("audit_key.add", RetentionClass.FOREVER),
        ("orders.ship", None),
        ("order", RetentionClass.MONEY),
        ("", None),
    ],
)
def test_an_action_has_the_class_of_its_noun_unless_it_is_about_coming_and_going(
    action: str, group: RetentionClass | None
) -> None:
    assert class_of(action) is group


# What is registered beside orders and payments and is no paper of one.
BESIDE = {
    RetentionClass.TRADE: {
        "deadline_pause", "lot_claim", "negotiation", "offer", "offer_floor", "verification_report",
    },
    RetentionClass.HOUSE: {"daily_report"},
}  # fmt: skip


def test_everything_about_orders_and_payments_is_told_as_long_as_money() -> None:
    nouns = {kind.noun for area in (orders, order_moves, money, payouts) for kind in area.KINDS}

    for group, beside in BESIDE.items():
        assert {noun for noun in nouns if CLASS_OF_NOUN[noun] is group} == beside
    assert {CLASS_OF_NOUN[noun] for noun in nouns.difference(*BESIDE.values())} == {RetentionClass.MONEY}


def test_every_action_of_the_program_has_a_class() -> None:
    written = {action for path in python_files("marketplace") for action in actions(syntax(path))}

    assert [action for action in sorted(written) if class_of(action) is None] == []


def test_every_action_of_the_registry_has_a_class() -> None:
    assert [action for action in sorted(KINDS) if class_of(action) is None] == []


def test_every_audited_table_has_a_class_and_no_class_is_of_nothing() -> None:
    assert tables.metadata is Base.metadata
    types = {mapper.class_.audit_type for mapper in Base.registry.mappers if issubclass(mapper.class_, Audited)}
    nouns = {action.partition(".")[0] for path in python_files("marketplace") for action in actions(syntax(path))}

    assert types - set(CLASS_OF_NOUN) == set()
    assert set(CLASS_OF_NOUN) - types - nouns == set()


def test_the_traces_are_those_of_the_network() -> None:
    assert TRACES == ("address", "request_id")

"""Every column of every table is in the personal-data export, or left out by name with a reason."""

from marketplace import tables
from marketplace.core.db import Base
from marketplace.privacy.register import HOLDINGS, LEFT_OUT


def columns_of(holding_table: type[Base]) -> set[str]:
    return {column.name for column in holding_table.__table__.columns}


def test_every_table_is_in_the_register_once() -> None:
    assert tables.metadata is Base.metadata
    held = [holding.name for holding in HOLDINGS]

    assert len(held) == len(set(held))
    assert sorted([*held, *LEFT_OUT]) == sorted(table.name for table in Base.metadata.tables.values())


def test_every_column_of_a_table_in_the_export_is_shown_or_excused() -> None:
    wrong = {
        holding.name: columns_of(holding.table).symmetric_difference([*holding.columns, *holding.withheld])
        for holding in HOLDINGS
    }

    assert {name: found for name, found in wrong.items() if found} == {}
    assert [holding.name for holding in HOLDINGS if set(holding.columns) & set(holding.withheld)] == []


def test_every_excuse_has_a_reason() -> None:
    reasons = [*LEFT_OUT.values(), *(reason for holding in HOLDINGS for reason in holding.withheld.values())]

    assert all(len(reason) > 15 for reason in reasons)


def test_nothing_that_opens_an_account_is_ever_shown() -> None:
    words = ("digest", "sealed", "hash", "secret", "session_url")
    shown = [f"{holding.name}.{name}" for holding in HOLDINGS for name in holding.columns if name.endswith(words)]

    assert shown == []


def test_who_else_acted_is_never_shown() -> None:
    shown = {f"{holding.name}.{name}" for holding in HOLDINGS for name in holding.columns if name.endswith("_by")}

    # each of these is the person herself, or a side of a trade
    assert shown == {
        "audit_subscription.made_by", "invitation.accepted_by", "lot_check.asked_by", "offer.made_by",
        "orders.disputed_by", "orders.settlement_by",
        "order_evidence.given_by", "problem_report.reported_by", "settlement_offer.made_by",
    }  # fmt: skip

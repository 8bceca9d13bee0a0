"""Two books beside each other: what differs, in which words, and on which day it counts."""

from datetime import date
from typing import Any

from marketplace.core.money import Money
from marketplace.payments.comparison import BookLine, Compared, Side, Sums, What, compare_lines

MONDAY, TUESDAY = date(2026, 9, 28), date(2026, 9, 29)


def line(reference: str, minor: int, **other: Any) -> BookLine:
    given = {"on": MONDAY, "currency": "USD", "name": "", "kind": "charge", **other}
    amount = Money(minor, given["currency"])
    return BookLine(reference, given["kind"], given["on"], amount, name=given["name"])


def compare(ours: list[BookLine], theirs: list[BookLine], until: date | None = None) -> Compared:
    return compare_lines(ours, theirs, side=Side.PROVIDER, until=until)


def words(found: Compared) -> list[tuple[str, str, str, int | None, int | None]]:
    return [
        (
            each.what.value,
            each.reference,
            each.currency,
            None if each.ledger is None else each.ledger.minor,
            None if each.other is None else each.other.minor,
        )
        for each in found.differences
    ]


def test_two_empty_books_agree() -> None:
    assert compare([], []) == Compared({}, [])


def test_lines_with_the_same_amount_agree_and_sum() -> None:
    found = compare([line("a", 500, name="1"), line("b", -20, name="2")], [line("b", -20), line("a", 500)])
    assert found.differences == []
    assert found.sums == {"USD": Sums(Money(480, "USD"), Money(480, "USD"))}


def test_each_kind_of_difference_is_named_by_its_reference() -> None:
    found = compare(
        [
            line("amount", 500, name="1"),
            line("ours", 7, name="2"),
            line("twice", 3, name="3"),
            line("twice", 3, name="4"),
        ],
        [line("amount", 499), line("theirs", 9), line("twice", 6)],
    )
    assert words(found) == [
        ("amount", "amount", "USD", 500, 499),
        ("ledger_only", "ours", "USD", 7, None),
        ("other_only", "theirs", "USD", None, 9),
        ("twice", "twice", "USD", 6, 6),
    ]
    assert found.sums == {"USD": Sums(Money(513, "USD"), Money(514, "USD"))}


def test_a_journal_that_moved_nothing_in_sum_needs_no_counterpart() -> None:
    assert compare([line("a", 0, name="1")], []).differences == []
    assert words(compare([line("a", 0, name="1")], [line("a", 1)])) == [("amount", "a", "USD", 0, 1)]


def test_two_lines_of_one_journal_are_one() -> None:
    found = compare([line("a", 500, name="1"), line("a", -20, name="1")], [line("a", 480)])
    assert found.differences == []


def test_our_lines_of_one_reference_without_a_counterpart_are_no_double_booking() -> None:
    assert words(compare([line("a", 1, name="1"), line("a", 2, name="2")], [])) == [
        ("ledger_only", "a", "USD", 3, None)
    ]


def test_another_currency_is_two_differences() -> None:
    found = compare([line("a", 500, name="1")], [line("a", 500, currency="EUR")])
    assert words(found) == [("other_only", "a", "EUR", None, 500), ("ledger_only", "a", "USD", 500, None)]
    assert list(found.sums) == ["EUR", "USD"]


def test_a_pair_counts_on_the_day_the_other_side_gives_it() -> None:
    # The provider booked just before midnight, our journal came just after.
    late = ([line("a", 5, on=TUESDAY, name="1")], [line("a", 5)])
    assert compare(*late, until=MONDAY).sums == {"USD": Sums(Money(5, "USD"), Money(5, "USD"))}
    # The other way round it belongs to Tuesday, on both sides.
    early = ([line("a", 5, name="1")], [line("a", 5, on=TUESDAY)])
    assert compare(*early, until=MONDAY) == Compared({}, [])
    assert compare(*early, until=TUESDAY).sums == {"USD": Sums(Money(5, "USD"), Money(5, "USD"))}


def test_a_line_alone_counts_on_its_own_day() -> None:
    assert compare([line("a", 5, on=TUESDAY, name="1")], [], until=MONDAY).differences == []
    assert compare([], [line("a", 5, on=TUESDAY)], until=MONDAY).differences == []
    assert len(compare([], [line("a", 5, on=TUESDAY)], until=TUESDAY).differences) == 1


def test_a_difference_is_kept_as_a_document() -> None:
    found = compare([], [line("a", 5, kind="refund", on=TUESDAY)])
    assert found.differences[0].document() == {
        "side": "provider",
        "what": "other_only",
        "reference": "a",
        "kind": "refund",
        "on": "2026-09-29",
        "ledger_minor": None,
        "other_minor": 5,
    }
    assert What("twice") is What.TWICE
    assert compare([line("a", 5, name="1")], []).differences[0].document()["ledger_minor"] == 5

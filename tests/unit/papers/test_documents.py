"""Papers say what was frozen, and their lines sum to their total to the cent."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.papers import documents
from marketplace.papers.documents import LinesDoNotSum, MemberShare, Party, Sale
from marketplace.papers.kinds import Kind, number_of

TODAY = date(2026, 9, 29)


def line(payee: str, minor: int, label: str = "x") -> dict[str, Any]:
    return {"payee": payee, "label": label, "amount_minor": minor, "code": payee, "beneficiary": f"{payee} office"}


def sale(*lines: dict[str, Any], price: int = 105_000) -> Sale:
    return Sale(
        order="OR-1",
        lot="LT-1",
        title="Tanzanite, 3.42 ct, rough",
        version_sha256="ab" * 32,
        seller=Party("Mama Madini", reference="CO-1", address=("Mererani",), country="TZ"),
        buyer=Party("Bob Jewels", address=("Hafenstrasse 12", "20457 Hamburg"), country="DE"),
        price=Money(price, "USD"),
        split=lines,
    )


# 1,050.00 = 930.00 to the cooperative + 60.00 royalty + 10.00 inspection + 50.00 platform fee
USUAL = sale(line("cooperative", 93_000), line("deduction", 6_000, "Royalty"), line("deduction", 1_000, "Inspection"),
             line("platform", 5_000))  # fmt: skip


def test_an_invoice_names_goods_and_fee_and_sums_to_the_price() -> None:
    paper = documents.invoice(USUAL, on=TODAY)

    assert [(each["label"], each["amount_minor"]) for each in paper["lines"]] == [
        (documents.GOODS, 100_000),
        ("x", 5_000),
    ]
    assert (paper["total_minor"], paper["currency"], paper["issued_on"]) == (105_000, "USD", "2026-09-29")
    assert paper["seller"]["name"] == "Mama Madini"


def test_an_invoice_names_the_premium_too() -> None:
    paper = documents.invoice(
        sale(line("cooperative", 95_000), line("premium", 5_000, "Community premium"), line("platform", 5_000)),
        on=TODAY,
    )

    assert [each["amount_minor"] for each in paper["lines"]] == [95_000, 5_000, 5_000]


def test_a_split_that_does_not_sum_makes_no_paper() -> None:
    with pytest.raises(LinesDoNotSum):
        documents.invoice(sale(line("cooperative", 93_000), line("platform", 5_000)), on=TODAY)


def test_a_receipt_names_the_payment() -> None:
    paper = documents.receipt(USUAL, on=TODAY, provider_reference="txn_1")

    assert (paper["provider_reference"], paper["total_minor"], len(paper["lines"])) == ("txn_1", 105_000, 1)


def test_a_credit_note_names_the_invoice_it_takes_back() -> None:
    paper = documents.credit_note(USUAL, on=TODAY, amount=Money(105_000, "USD"), invoice_number="INV-2026-000001")

    assert (paper["refers_to"], paper["total_minor"]) == ("INV-2026-000001", 105_000)


def test_a_statement_shows_every_charge_and_the_members_parts() -> None:
    paid = Money(93_000, "USD")
    paper = documents.statement(
        USUAL,
        on=TODAY,
        paid=paid,
        payout="PO-1",
        destination="•••• 5678",
        members=documents.shares_of(paid, {"M1": 2, "M2": 1}),
        sharing_rule="r",
    )

    assert [each["amount_minor"] for each in paper["lines"]] == [100_000, -6_000, -1_000]
    # 930.00 ÷ 3 = 310.00: two parts 620.00, one part 310.00
    assert paper["members"] == [
        {"code": "M1", "weight": 2, "amount_minor": 62_000},
        {"code": "M2", "weight": 1, "amount_minor": 31_000},
    ]


def test_a_charge_of_nothing_is_left_out_of_a_statement() -> None:
    paper = documents.statement(
        sale(line("cooperative", 100_000), line("deduction", 0, "Export duty"), line("platform", 5_000)),
        on=TODAY,
        paid=Money(100_000, "USD"),
        payout="PO-1",
        destination="",
    )

    assert len(paper["lines"]) == 1
    assert paper["members"] == []


def test_members_parts_that_do_not_sum_are_refused() -> None:
    with pytest.raises(LinesDoNotSum):
        documents.statement(
            USUAL,
            on=TODAY,
            paid=Money(93_000, "USD"),
            payout="PO-1",
            destination="",
            members=(MemberShare("M1", 1, Money(92_999, "USD")),),
        )


def test_nobody_to_share_with_is_no_share() -> None:
    assert documents.shares_of(Money(1, "USD"), {}) == ()


@given(st.integers(1, 10**12), st.lists(st.integers(1, 10_000), min_size=1, max_size=60))
def test_members_parts_sum_to_the_payout_whatever_the_weights(minor: int, weights: list[int]) -> None:
    paid = Money(minor, "TZS")
    shares = documents.shares_of(paid, {f"M{place}": weight for place, weight in enumerate(weights, start=1)})

    assert sum(share.amount.minor for share in shares) == minor
    for share in shares:  # nobody is more than one unit from her exact part
        assert abs(share.amount.minor * sum(weights) - minor * share.weight) < sum(weights)


def test_the_digest_changes_with_the_document() -> None:
    paper = documents.invoice(USUAL, on=TODAY)

    assert documents.digest_of(paper) == documents.digest_of(dict(reversed(paper.items())))
    assert documents.digest_of(paper) != documents.digest_of({**paper, "total_minor": 105_001})


def test_numbers_tell_kind_year_and_place() -> None:
    assert number_of(Kind.INVOICE, year=2026, serial=42) == "INV-2026-000042"
    assert number_of(Kind.STATEMENT, year=2027, serial=1_000_000) == "PST-2027-1000000"


def test_a_statement_names_what_went_back_and_the_charges_on_the_rest() -> None:
    # Of 1,050.00 the buyer got 105.00 back, a tenth: 837.00 + 54.00 + 9.00 + 45.00 are left; 900.00 are the seller's.
    rest = [line("cooperative", 83_700), line("deduction", 5_400), line("deduction", 900), line("platform", 4_500)]
    paper = documents.statement(
        replace(USUAL, settled=rest), on=TODAY, paid=Money(83_700, "USD"), payout="PO-1", destination=""
    )

    assert [(each["label"], each["amount_minor"]) for each in paper["lines"]] == [
        (documents.SOLD_FOR, 100_000), (documents.WENT_BACK, -10_000), ("x", -5_400), ("x", -900),
    ]  # fmt: skip


def test_a_refund_that_only_the_others_bore_has_no_line_of_its_own() -> None:
    # One cent of 1,050.00 goes back and rounding takes it from the fee.
    rest = [line("cooperative", 93_000), line("deduction", 7_000), line("platform", 4_999)]
    paper = documents.statement(
        replace(USUAL, settled=rest), on=TODAY, paid=Money(93_000, "USD"), payout="PO-1", destination=""
    )

    assert [each["amount_minor"] for each in paper["lines"]] == [100_000, -7_000]


def test_what_was_settled_changes_no_invoice() -> None:
    assert documents.invoice(replace(USUAL, settled=[]), on=TODAY) == documents.invoice(USUAL, on=TODAY)


def test_a_statement_of_the_whole_price_after_a_refund_is_refused() -> None:
    rest = [line("cooperative", 83_700), line("deduction", 6_300), line("platform", 4_500)]
    with pytest.raises(LinesDoNotSum):
        documents.statement(
            replace(USUAL, settled=rest), on=TODAY, paid=Money(93_000, "USD"), payout="PO-1", destination=""
        )

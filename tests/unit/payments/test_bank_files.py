"""What the bank sends is read exactly or refused with the reason; what we send it is the same bytes each time."""

import contextlib
from datetime import UTC, date, datetime
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.payments.bank_statements.camt import read_camt
from marketplace.payments.bank_statements.statement import StatementRefused
from marketplace.payments.bank_statements.table_file import read_csv
from marketplace.payments.payouts.pain001 import BankOrder, Debtor, Transfer, batch_csv, latin, pain_001
from tests.unit.payments.bank_files import camt053

GOOD = camt053(entries=[("B1", -12_345, "PO-1", "Payout PO-1"), ("B2", 500, "", "TZ-7F3K-92QD")])
CSV = b"booked_on,reference,amount,currency,balance\n2026-09-30,R1,-5.00,USD,95.00\n2026-09-30,R2,2.50,USD,97.50\n"
ORDER = BankOrder(
    "PB-1",
    datetime(2026, 9, 29, 9, tzinfo=UTC),
    date(2026, 9, 30),
    Debtor("Our Märket", "DE89370400440532013000", "COBADEFFXXX"),
    (
        Transfer("PO-1-1", "Mama & Söhne <x>", "Bank", "0150441120", "CORUTZTZ", Money(12_345, "USD"), "Payout"),
        Transfer("PO-2-1", "=SUM(A1)", "mpesa", "+255712345678", "", Money(5, "USD"), "Payout"),
    ),
)


def test_a_statement_is_read_to_the_cent() -> None:
    (found,) = read_camt(GOOD)
    assert (found.kind, found.number, found.account) == ("camt053", "S1", "DE89370400440532013000")
    assert (found.opening, found.closing) == (Money(100_000_000, "USD"), Money(99_988_155, "USD"))
    assert [(entry.reference, entry.amount.minor, entry.end_to_end_id) for entry in found.entries] == [
        ("B1", -12_345, "PO-1"),
        ("B2", 500, ""),
    ]
    assert found.entries[1].remittance == "TZ-7F3K-92QD"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cut off"),
        (GOOD[:-20], "cut off"),
        (b"<Document/>", "neither"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Document/>', "document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type"),
        (b" " * 5_000_001, "5 megabytes"),
        (camt053(closing=1, entries=[("B1", 5, "", "")]), "closing balance"),
        (camt053(entries=[("B1", 5, "", ""), ("B1", 6, "", "")]), "same reference"),
        (GOOD.replace(b"OPBD", b"XXXX"), "opening and a closing"),
        (GOOD.replace(b">5.00<", b">five<"), "not a number"),
        (GOOD.replace(b">5.00<", b">5.001<"), "too many digits"),
        (GOOD.replace(b">5.00<", b">NaN<"), "not a number"),
        (GOOD.replace(b"2026-09-30", b"2026-09-31"), "date"),
        (GOOD.replace(b"CRDT", b"BOTH"), "neither a credit"),
        (GOOD.replace(b'Ccy="USD"', b'Ccy="ZZZ"'), "currency"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read_camt(content)
    assert words in str(refused.value)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(content: bytes) -> None:
    for read in (read_camt, lambda each: read_csv(each, account="operating")):
        with pytest.raises(StatementRefused):
            read(content)


@given(cut=st.integers(0, len(GOOD) - 1), place=st.integers(0, len(GOOD) - 1), sign=st.integers(0, 255))
def test_a_damaged_statement_is_read_or_refused_and_never_worse(cut: int, place: int, sign: int) -> None:
    for content in (GOOD[:cut], GOOD[:place] + bytes([sign]) + GOOD[place + 1 :]):
        with contextlib.suppress(StatementRefused):
            assert read_camt(content)


def test_a_table_is_read_with_its_balances() -> None:
    (found,) = read_csv(CSV, account="operating")
    assert (found.opening, found.closing) == (Money(10_000, "USD"), Money(9_750, "USD"))
    (without,) = read_csv(b"booked_on;reference;amount;currency\n2026-09-30;R1;-5;USD\n", account="operating")
    assert (without.opening, without.entries[0].amount) == (None, Money(-500, "USD"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"reference", b"number", "lacks these columns: reference"),
        (b"balance", b"mood", "do not know"),
        (b"97.50", b"97.51", "balance of line 3"),
        (b"2.50,", b"x,", "Line 3"),
        (b"2.50,", b"0,", "nothing"),
        (b"R2", b"", "Line 3 has no reference"),
        (b"R2", b"R1", "same reference"),
        (b"2026-09-30,R2", b"30.9.2026,R2", "date"),
        (b",97.50", b"", "too many or too few"),
        (b"2.50,USD", b"2.50,EUR", "one currency"),
    ],
)
def test_a_fault_of_a_table_is_named_with_its_line(old: bytes, new: bytes, words: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read_csv(CSV.replace(old, new), account="operating")
    assert words in str(refused.value)


def test_the_payment_order_has_what_the_message_asks_in_its_order() -> None:
    assert pain_001(ORDER) == pain_001(ORDER)
    root = fromstring(pain_001(ORDER))
    names = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
    head, payment = root[0]
    assert [child.tag.partition("}")[2] for child in head] == ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"]
    assert [child.tag.partition("}")[2] for child in payment] == [
        "PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt", "ChrgBr",
        "CdtTrfTxInf", "CdtTrfTxInf",
    ]  # fmt: skip
    # 123.45 + 0.05 = 123.50
    assert head.findtext("p:CtrlSum", namespaces=names) == "123.50"
    first = payment.find("p:CdtTrfTxInf", names)
    assert first is not None
    assert [child.tag.partition("}")[2] for child in first] == [
        "PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct", "RmtInf",
    ]  # fmt: skip
    assert first.findtext("p:PmtId/p:EndToEndId", namespaces=names) == "PO-1-1"
    assert first.findtext("p:Cdtr/p:Nm", namespaces=names) == "Mama . Sohne .x."
    assert first.findtext("p:CdtrAgt/p:FinInstnId/p:BICFI", namespaces=names) == "CORUTZTZ"


def test_the_table_for_a_provider_runs_no_formula() -> None:
    lines = batch_csv(ORDER).decode().splitlines()
    assert lines[0] == "end_to_end_id,name,institution,number,bic,amount,currency,remittance"
    assert lines[2] == "PO-2-1,'=SUM(A1),mpesa,255712345678,,0.05,USD,Payout"


def test_names_are_written_in_the_letters_of_every_bank() -> None:
    assert latin("Çağla ß") == "Cagla ."
    assert latin("") == "."
    assert len(latin("x" * 200)) == 140

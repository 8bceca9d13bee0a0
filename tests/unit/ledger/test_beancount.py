"""The export that accountants read, checked by Beancount itself."""

from datetime import date

from beancount import loader
from beancount.core import data

from marketplace.core.money import Money
from marketplace.ledger.beancount import BookEntry, BookLine, account_name, exported

ENTRY = BookEntry(
    id="j1",
    on=date(2026, 9, 29),
    kind="captured",
    memo='said "held"\n\\',
    lines=(
        BookLine("USD:stripe_clearing", "asset", "USD:held:order:0192-af", "liability", Money(105_000, "USD")),
        BookLine("USD:stripe_fees", "expense", "USD:stripe_clearing", "asset", Money(3_075, "USD")),
    ),
)
YEN = BookEntry(
    id="j2",
    on=date(2026, 10, 1),
    kind="released",
    memo="",
    lines=(BookLine("JPY:held:order:1", "liability", "JPY:platform_fee", "income", Money(7, "JPY")),),
)


def test_accounts_have_names_that_beancount_takes() -> None:
    assert account_name("USD:held:order:0192-af", "liability") == "Liabilities:USD:Held:Order:0192-af"
    assert account_name("USD:tax_withheld:royalty", "liability") == "Liabilities:USD:Tax-withheld:Royalty"
    assert account_name("TZS:bank:Bank of Dodoma", "asset") == "Assets:TZS:Bank:Bank-of-Dodoma"
    assert account_name("USD:bank:…", "asset") == "Assets:USD:Bank:X"


def test_beancount_finds_no_error_and_the_same_sums() -> None:
    entries, errors, _options = loader.load_string("\n".join(exported([ENTRY, YEN], title='Ours "of" 2026')))

    assert errors == []
    transactions = [each for each in entries if isinstance(each, data.Transaction)]
    assert [(each.payee, each.meta["journal"]) for each in transactions] == [("captured", "j1"), ("released", "j2")]
    sums: dict[str, object] = {}
    for posting in transactions[0].postings:
        sums[posting.account] = sums.get(posting.account, 0) + posting.units.number
    # 1,050.00 − 30.75 = 1,019.25 stays with the provider
    assert str(sums["Assets:USD:Stripe-clearing"]) == "1019.25"
    assert str(sums["Liabilities:USD:Held:Order:0192-af"]) == "-1050.00"
    assert str(transactions[1].postings[0].units) == "7 JPY"


def test_each_account_opens_once_and_no_journals_is_a_file_too() -> None:
    text = "\n".join(exported([ENTRY, ENTRY], title="t"))

    assert text.count(" open Assets:USD:Stripe-clearing USD") == 1
    assert loader.load_string("\n".join(exported([], title="t")))[1] == []

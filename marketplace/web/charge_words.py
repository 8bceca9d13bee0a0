"""How each charge on a sale was worked out, in the reader's words: base, rate, who is paid, and how that is known."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from marketplace.core.money import Money
from marketplace.http.languages import translate as _
from marketplace.pricing.charges import BASIS_WORDS
from marketplace.pricing.split import SplitLine
from marketplace.web.filters import money, number


def notes_of_version(lines: Iterable[Mapping[str, Any]], currency: str) -> list[dict[str, Any]]:
    """Return the charges among the frozen lines of a version or an order; older ones do not say their base."""
    return [_note(line, words_of_charge(line, currency)) for line in lines if line["payee"] == "deduction"]


def notes_of_split(lines: Iterable[SplitLine]) -> list[dict[str, Any]]:
    """Return the charges of a price in the making."""
    return [
        _note(
            {name: getattr(line, name) for name in ("label", "evidence", "source", "beneficiary")},
            _words(line.basis, line.rate, line.base),
        )
        for line in lines
        if line.payee == "deduction"
    ]


def words_of_charge(line: Mapping[str, Any], currency: str) -> str:
    """Return how one frozen charge was worked out."""
    base = Money(line["base_minor"], currency) if line.get("base_minor") is not None else None
    return _words(line.get("basis") or "", Decimal(line["rate"]) if line.get("rate") else None, base)


def _note(line: Mapping[str, Any], words: str) -> dict[str, Any]:
    return {
        "label": _(line["label"]),
        "words": words,
        "beneficiary": line.get("beneficiary") or "",
        "source": line.get("source") or "",
        "is_unverified": line.get("evidence") == "unverified",
    }


def _words(basis: str, rate: Decimal | None, base: Money | None) -> str:
    if rate is None:
        return ""
    percent = number(rate * 100, most=4)
    if basis not in BASIS_WORDS or base is None:
        return _("%(percent)s %% of the sale.", percent=percent)
    return _(BASIS_WORDS[basis], percent=percent, base=money(base))

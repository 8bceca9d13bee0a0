"""Two books beside each other, line by line: which line has no counterpart, which amounts differ. Pure.

A line of the other side (a balance transaction, a line of a statement) belongs to exactly one journal of ours: its
reference. A pair counts on the day the other side gives it, so that a journal written after midnight is no difference.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from marketplace.core.money import Money


class Side(StrEnum):
    """Whose books stand beside our ledger."""

    PROVIDER = "provider"
    BANK = "bank"


class What(StrEnum):
    """How two books differ."""

    LEDGER_ONLY = "ledger_only"
    OTHER_ONLY = "other_only"
    AMOUNT = "amount"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of one book: `amount` is signed as the balance there moves; `name` is a journal's id or nothing."""

    reference: str
    kind: str
    on: date
    amount: Money
    name: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A reference at which two books differ in one currency; None where a side has nothing."""

    side: Side
    what: What
    reference: str
    kind: str
    on: date
    currency: str
    ledger: Money | None
    other: Money | None

    def document(self) -> dict[str, Any]:
        """Return the difference as the report keeps it."""
        return {
            "side": self.side.value,
            "what": self.what.value,
            "reference": self.reference,
            "kind": self.kind,
            "on": self.on.isoformat(),
            "ledger_minor": None if self.ledger is None else self.ledger.minor,
            "other_minor": None if self.other is None else self.other.minor,
        }


@dataclass(frozen=True, slots=True)
class Sums:
    """Both sides of one currency."""

    ledger: Money
    other: Money


@dataclass(frozen=True, slots=True)
class Compared:
    """The sums of every currency that has a line, and all differences by reference."""

    sums: Mapping[str, Sums]
    differences: Sequence[Difference]


@dataclass(slots=True)
class _Pair:
    ours: list[BookLine] = field(default_factory=list)
    theirs: list[BookLine] = field(default_factory=list)

    @property
    def on(self) -> date:
        return min(line.on for line in self.theirs or self.ours)


def compare_lines(
    ours: Iterable[BookLine], theirs: Iterable[BookLine], *, side: Side, until: date | None = None
) -> Compared:
    """Compare two books up to and including a day, or whole."""
    pairs: dict[str, _Pair] = {}
    for line in ours:
        pairs.setdefault(line.reference, _Pair()).ours.append(line)
    for line in theirs:
        pairs.setdefault(line.reference, _Pair()).theirs.append(line)
    counted = {reference: pair for reference, pair in sorted(pairs.items()) if until is None or pair.on <= until}
    return Compared(
        sums=_sums(counted.values()),
        differences=[found for pair in counted.values() for found in _differences(pair, side)],
    )


def _sums(pairs: Iterable[_Pair]) -> dict[str, Sums]:
    sums: dict[str, Sums] = {}
    for pair in pairs:
        for currency in _currencies(pair):
            before = sums.get(currency, Sums(Money.zero(currency), Money.zero(currency)))
            ledger, other = _total(pair.ours, currency), _total(pair.theirs, currency)
            nothing = Money.zero(currency)
            sums[currency] = Sums(before.ledger + (ledger or nothing), before.other + (other or nothing))
    return dict(sorted(sums.items()))


def _differences(pair: _Pair, side: Side) -> list[Difference]:
    found = []
    journals = len({line.name for line in pair.ours})
    for currency in _currencies(pair):
        ledger, other = _total(pair.ours, currency), _total(pair.theirs, currency)
        what = _what(ledger, other, is_twice=journals > 1 and bool(pair.theirs))
        if what is not None:
            first = (pair.theirs or pair.ours)[0]
            found.append(
                Difference(side, what, first.reference, first.kind, pair.on, currency, ledger=ledger, other=other)
            )
    return found


def _what(ledger: Money | None, other: Money | None, *, is_twice: bool) -> What | None:
    if other is None:
        return What.LEDGER_ONLY if ledger else None
    if ledger is None:
        return What.OTHER_ONLY
    if is_twice:
        return What.TWICE
    return None if ledger == other else What.AMOUNT


def _currencies(pair: _Pair) -> list[str]:
    return sorted({line.amount.currency for line in (*pair.ours, *pair.theirs)})


def _total(lines: Sequence[BookLine], currency: str) -> Money | None:
    amounts = [line.amount for line in lines if line.amount.currency == currency]
    return sum(amounts[1:], amounts[0]) if amounts else None

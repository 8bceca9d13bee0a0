"""What changes from one edition of the price book to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.pricing.book.proposal import BandProposal, in_reading_order

# A price that moves by more than this share of itself is shown as a large move.
LARGE_MOVE: Final = Fraction(1, 4)
_FIELDS: Final = ("low_minor_per_ct", "high_minor_per_ct", "weight_to_ct", "evidence", "source", "dated")
_TENTH_OF_PERCENT: Final = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """Hold a band before and after."""

    before: BandProposal
    after: BandProposal

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of what is different."""
        return tuple(name for name in _FIELDS if getattr(self.before, name) != getattr(self.after, name))

    @property
    def low_share(self) -> Decimal:
        """Return by what share of itself the low price moves, to a tenth of a per cent, half to even."""
        return _share(self.before.low_minor_per_ct, self.after.low_minor_per_ct)

    @property
    def high_share(self) -> Decimal:
        """Return by what share of itself the high price moves, to a tenth of a per cent, half to even."""
        return _share(self.before.high_minor_per_ct, self.after.high_minor_per_ct)

    @property
    def is_large(self) -> bool:
        """Say whether one of the prices moves by more than a quarter of itself."""
        pairs = (
            (self.before.low_minor_per_ct, self.after.low_minor_per_ct),
            (self.before.high_minor_per_ct, self.after.high_minor_per_ct),
        )
        return any(abs(after - before) > LARGE_MOVE * before for before, after in pairs)


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold what was added, removed and changed, in reading order, and how many bands stayed as they were."""

    added: tuple[BandProposal, ...] = ()
    removed: tuple[BandProposal, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Say whether both editions are the same."""
        return not (self.added or self.removed or self.changed)

    @property
    def large(self) -> int:
        """Return how many bands move by more than a quarter."""
        return sum(change.is_large for change in self.changed)

    def applied_to(self, bands: Sequence[BandProposal]) -> list[BandProposal]:
        """Return the later edition from the earlier one, in reading order."""
        kept = {band.key: band for band in bands}
        for band in self.removed:
            del kept[band.key]
        kept |= {change.after.key: change.after for change in self.changed}
        kept |= {band.key: band for band in self.added}
        return in_reading_order(kept.values())


def compare(before: Sequence[BandProposal], after: Sequence[BandProposal]) -> Difference:
    """Return what leads from one edition to another; a band is known by its kind, grade and where its weight begins."""
    old = {band.key: band for band in before}
    new = {band.key: band for band in after}
    both = in_reading_order(old[key] for key in old if key in new)
    changed = tuple(Change(band, new[band.key]) for band in both if band != new[band.key])
    return Difference(
        added=tuple(in_reading_order(band for key, band in new.items() if key not in old)),
        removed=tuple(in_reading_order(band for key, band in old.items() if key not in new)),
        changed=changed,
        unchanged=len(both) - len(changed),
    )


def _share(before: int, after: int) -> Decimal:
    return Decimal(round(Fraction(after - before, before) * _TENTH_OF_PERCENT)).scaleb(-3)

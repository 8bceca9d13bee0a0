"""What a draft would be as an edition, without becoming one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.pricing.book.checks import Gap, Oddity, gaps_of, oddities_of, overlaps_of
from marketplace.pricing.book.differences import Difference, compare
from marketplace.pricing.book.proposal import BandProposal, Placed, Vocabulary
from marketplace.pricing.book.sheet import Row, SheetError, read_rows


@dataclass(frozen=True, slots=True)
class DryRun:
    """Hold the bands that could be read, every error, what is missing or odd, and what changes."""

    placed: tuple[Placed, ...]
    errors: tuple[SheetError, ...]
    gaps: tuple[Gap, ...]
    oddities: tuple[Oddity, ...]
    difference: Difference

    @property
    def bands(self) -> list[BandProposal]:
        """Return the bands that could be read, in the order of the sheet."""
        return [each.band for each in self.placed]

    @property
    def is_right(self) -> bool:
        """Say whether the draft can become an edition; gaps have still to be accepted."""
        return bool(self.placed) and not self.errors and not self.difference.is_empty

    @property
    def unread(self) -> int:
        """Return how many rows could not be read and are therefore left out of gaps and differences."""
        read = {each.row for each in self.placed}
        return len({error.row for error in self.errors} - read)


def dry_run(rows: Iterable[Row], *, vocabulary: Vocabulary, today: date, in_force: Sequence[BandProposal]) -> DryRun:
    """Read a draft's rows and hold them against the bands in force."""
    reading = read_rows(rows, vocabulary=vocabulary, today=today)
    errors = sorted((*reading.errors, *overlaps_of(reading.placed)), key=lambda error: error.row)
    return DryRun(
        placed=reading.placed,
        errors=tuple(errors),
        gaps=gaps_of(reading.placed),
        oddities=oddities_of(reading.placed),
        difference=compare(in_force, [each.band for each in reading.placed]),
    )

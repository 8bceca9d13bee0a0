"""What an adapter gives back, and the one place where a row becomes an observation or is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Protocol

from config.rate_sources import SourceSeries
from marketplace.pricing.shipped import Observation
from marketplace.pricing.sources.values import RowRefused, checked_day, kept

MAX_ROWS: Final = 100_000
CONFLICT: Final = "two different values of one day in one document: neither is used"


class DocumentRefused(Exception):
    """A whole document cannot be used; the text says why in plain words."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that is not used: where it stands and why, in plain words."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What a document held."""

    observations: tuple[Observation, ...]
    refused: tuple[RefusedRow, ...]


class RateSource(Protocol):
    """Read the documents of one source."""

    def parse(self, body: bytes) -> Feed:
        """Return what the document holds; raises DocumentRefused and nothing else, whatever the bytes are."""


@dataclass
class Collector:
    """Gathers the rows of one document as of a day."""

    today: date
    _refused: list[RefusedRow] = field(default_factory=list)
    _taken: dict[tuple[str, date], list[tuple[str, Observation]]] = field(default_factory=dict)

    @contextmanager
    def row(self, place: str) -> Iterator[None]:
        """Note a row that is refused inside the block."""
        if len(self._refused) + len(self._taken) > MAX_ROWS:
            raise DocumentRefused(f"it has more than {MAX_ROWS} rows")
        try:
            yield
        except RowRefused as refused:
            self._refused.append(RefusedRow(place, str(refused)))

    def take(self, series: SourceSeries, place: str, *, day: date, exact: Fraction, is_computed: bool) -> None:
        """Take a value in the series' own unit; raises RowRefused. An equal second one is passed over."""
        value = kept(series, exact, is_computed=is_computed)
        checked_day(day, today=self.today)
        of_day = self._taken.setdefault((series.code, day), [])
        if all(each.value != value for _, each in of_day):
            of_day.append((place, Observation(series.code, day, value)))

    def feed(self) -> Feed:
        """Return what was gathered; raises DocumentRefused when that is nothing at all."""
        taken = list(self._taken.values())
        conflicts = [RefusedRow(place, CONFLICT) for of_day in taken if len(of_day) > 1 for place, _ in of_day]
        observations = tuple(of_day[0][1] for of_day in taken if len(of_day) == 1)
        refused = (*self._refused, *conflicts)
        if not observations and not refused:
            raise DocumentRefused("it holds no rates")
        return Feed(observations, refused)


def text_of(body: bytes) -> str:
    """Return a document's text; raises DocumentRefused when it is empty or not UTF-8."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentRefused("it is not written in UTF-8") from None
    if not text.strip():
        raise DocumentRefused("it is empty")
    return text

"""How long the audit log's disclosures are kept, by class, read from a TOML file once at the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from config.parsing import Reader
from config.rate_tables import Table
from config.toml_files import document_of

SHIPPED_RETENTION: Final = Path(__file__).parent / "retention.toml"
LARGEST_FILE: Final = 100_000
CLASSES: Final = ("trace", "access", "account", "trade", "money", "house")
# What the law wants kept may not be erased earlier by a slip of the pen: EU directive 2015/849 art. 40, in days.
LEAST_DAYS: Final = {"money": 1826}
LONGEST_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPeriod:
    """How long the disclosures of a class are kept; `from_quiet` counts from the end of the relation."""

    name: str
    days: int
    from_quiet: bool
    reason: str
    evidence: str

    @property
    def length(self) -> timedelta:
        """Return the period."""
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Retention:
    """The whole file, in the order of the classes."""

    path: Path
    periods: tuple[RetentionPeriod, ...]


def retention_settings(read: Reader) -> dict[str, Any]:
    """Return the setting of retention by its field name."""
    path = Path(read.text("RETENTION_FILE", str(SHIPPED_RETENTION))).absolute()
    problems: list[str] = []
    retention = read_retention(path, problems)
    read.problems += problems
    return {"retention_file": retention}


def read_retention(path: Path, problems: list[str]) -> Retention:
    """Return the periods of a file; every problem is noted with its place."""
    top = Table(
        document_of(path, setting="RETENTION_FILE", most=LARGEST_FILE, problems=problems),
        f"RETENTION_FILE {path.name}",
        problems,
    )
    periods = tuple(_periods(top))
    top.refuse_unknown()
    if not problems:
        for name in CLASSES:
            if (rows := sum(each.name == name for each in periods)) != 1:
                top.complain(f"class {name} has {rows} rows; it needs one")
    return Retention(path, tuple(sorted(periods, key=lambda each: CLASSES.index(each.name))))


def _periods(top: Table) -> Iterator[RetentionPeriod]:
    for number, values in enumerate(top.tables("class", at_most=len(CLASSES)), 1):
        table = Table(values, f"{top.place}, class row {number}", top.problems)
        name = table.choice("class", None, allowed=CLASSES)
        yield RetentionPeriod(
            name=name if name in CLASSES else CLASSES[0],
            days=table.number("days", None, at_least=LEAST_DAYS.get(name, 1), at_most=LONGEST_DAYS),
            from_quiet=table.choice("counts_from", None, allowed=("entry", "quiet")) == "quiet",
            reason=table.text("reason"),
            evidence=table.choice("evidence", None, allowed=("read", "memory")),
        )
        table.refuse_unknown()

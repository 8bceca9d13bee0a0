"""Price books for tests: the shipped edition, people who curate, sheets as bytes."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from marketplace.accounts.models import User
from marketplace.core.actor import StaffRole
from marketplace.pricing import services
from marketplace.pricing.book import COLUMNS, BandProposal, Vocabulary
from marketplace.unit_of_work import UnitOfWork
from tests.people import actor, person

TODAY = date(2026, 9, 29)
# A small vocabulary: what counts in tests of pure modules is that it ends somewhere.
WORDS = Vocabulary(
    varieties={"ruby": "Ruby", "tanzanite": "Tanzanite", "emerald": "Emerald"},
    forms={"rough": "Rough stone", "cut": "Cut stone"},
    grades={"commercial": "Commercial", "good": "Good", "fine": "Fine", "extra_fine": "Extra fine"},
    treatments={"N": "Not treated", "H": "Heated", "HP": "Heat and pressure", "O": "Oil or resin"},
    countries={"TZ": "Tanzania", "CO": "Colombia", "KE": "Kenya"},
)
CELLS: Mapping[str, str] = {
    "variety": "ruby", "form": "cut", "treatment": "H", "origin": "TZ", "weight_from_ct": "1", "weight_to_ct": "2",
    "grade": "good", "low_usd_ct": "400", "high_usd_ct": "1500.50", "evidence": "sourced", "source": "Market day",
    "dated": "2026-09-01",
}  # fmt: skip


def band(**changes: object) -> BandProposal:
    """Return the band that CELLS stand for, changed."""
    values: dict[str, object] = {
        "variety": "ruby", "form": "cut", "grade": "good", "weight_from_ct": Decimal(1), "weight_to_ct": Decimal(2),
        "low_minor_per_ct": 40_000, "high_minor_per_ct": 150_050, "treatment": "H", "origin": "TZ",
        "evidence": "sourced", "source": "Market day", "dated": date(2026, 9, 1), **changes,
    }  # fmt: skip
    return BandProposal(**values)  # type: ignore[arg-type]


def csv_of(rows: Sequence[Mapping[str, str]], *, columns: Sequence[str] = COLUMNS, mark: str = ",") -> bytes:
    """Return rows as a CSV file, as a careless program would write it."""
    lines = [mark.join(columns)]
    lines += [mark.join(f'"{row.get(name, "")}"' for name in columns) for row in rows]
    return "\r\n".join(lines).encode()


def curator(uow: UnitOfWork, name: str) -> User:
    """Make a price curator."""
    return person(uow, name, StaffRole.CURATOR)


def as_person(uow: UnitOfWork, user: User) -> UnitOfWork:
    """Return the unit of work in a person's name."""
    return uow.acting_as(actor(uow.session, user))


def shipped_book(uow: UnitOfWork) -> None:
    """Publish the shipped edition as edition 1."""
    services.import_price_book(uow)

"""The demonstration's people, cooperatives, sites and lots, as tables anyone can read and change."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final

# Everyone's password: the demonstration listens on this machine only, and production refuses to load it.
PASSWORD: Final = "mchanga-mwekundu-47"  # noqa: S105 - printed by `demo people`
DOMAINS: Final[Mapping[str, str]] = {"staff": "pact.example.org", "buyer": "buyers.example.org"}
COOPERATIVE_DOMAIN: Final = "coop.example.org"

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LotPlan:
    """One lot: what its cooperative types, and how far it goes."""

    key: str
    kind: str
    cooperative: str
    site: str
    starts: date
    road: str
    buyer: str
    buys: date | None
    row: Row

    @property
    def photo_views(self) -> tuple[str, ...]:
        """Return the photos taken of it, by slot."""
        if self.road == "draft_kind":
            return ()
        if self.road == "draft_photos":
            return ("front",)
        return ("front", "scale") if self.kind == "gold" else ("front", "side", "scale")

    @property
    def tag(self) -> str:
        """Return the number on the seal of its bag."""
        return f"PX-{104000 + int(self.key) * 37}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """All tables; `quick` keeps a few lots, one for each kind of road."""

    staff: tuple[Row, ...]
    buyers: tuple[Row, ...]
    cooperatives: tuple[Row, ...]
    officers: tuple[Row, ...]
    sites: tuple[Row, ...]
    lots: tuple[LotPlan, ...]

    def moderators_of(self, cooperative: str) -> tuple[str, str]:
        """Return who entered a cooperative and who reviews it: never one person."""
        moderators = [row["key"] for row in self.staff if "moderator" in row["roles"].split(";")]
        number = [row["key"] for row in self.cooperatives].index(cooperative)
        return moderators[number % 2], moderators[1 - number % 2]


# Two sales, one refund, one on sale, one in the queue, one draft, one waiting for payment, one gold bar.
QUICK: Final = frozenset({"1", "14", "18", "27", "32", "49", "53", "65"})


def read(*, quick: bool = False) -> Scenario:
    """Return the scenario; `quick` leaves out most lots and the cooperatives without any."""
    lots = tuple(lot for lot in _lots() if not quick or lot.key in QUICK)
    cooperatives = _table("cooperatives")
    if quick:
        cooperatives = tuple(row for row in cooperatives if row["key"] in {lot.cooperative for lot in lots})
    kept = {row["key"] for row in cooperatives}
    return Scenario(
        staff=_table("staff"),
        buyers=_table("buyers"),
        cooperatives=cooperatives,
        officers=tuple(row for row in _table("officers") if row["cooperative"] in kept),
        sites=tuple(row for row in _table("sites") if row["cooperative"] in kept),
        lots=lots,
    )


def email_of(kind: str, key: str) -> str:
    """Return a person's address by her kind (staff, buyer, officer) and key."""
    return f"{key}@{DOMAINS.get(kind, COOPERATIVE_DOMAIN)}"


def _lots() -> list[LotPlan]:
    rows = [("gem", row) for row in _table("stones")] + [("gold", row) for row in _table("gold")]
    return [
        LotPlan(
            key=row["key"],
            kind=kind,
            cooperative=row["cooperative"],
            site=row["site"],
            starts=date.fromisoformat(row["starts"]),
            road=row["road"],
            buyer=row["buyer"],
            buys=date.fromisoformat(row["buys"]) if row["buys"] else None,
            row=row,
        )
        for kind, row in rows
    ]


def _table(name: str) -> tuple[Row, ...]:
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))

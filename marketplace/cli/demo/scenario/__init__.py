"""The demonstration's people, cooperatives, sites and lots, as tables anyone can read and change."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

# Everyone's password: the demonstration listens on this machine only, and production refuses to load it.
PASSWORD: Final = "mchanga-mwekundu-47"  # noqa: S105 - printed by `demo people`
DOMAINS: Final[Mapping[str, str]] = {"staff": "pact.example.org", "buyer": "buyers.example.org"}
COOPERATIVE_DOMAIN: Final = "coop.example.org"

Row = Mapping[str, str]


class Said(NamedTuple):
    """What somebody says at one step: a choice, a share of the price, a view of the goods, and words."""

    choice: str
    amount: str
    photo: str
    text: str


NOTHING_SAID: Final = Said("", "", "", "")


@dataclass(frozen=True, slots=True)
class LotPlan:
    """One lot: what its cooperative types, and how far it goes; or a further dealing of a buyer about such a lot.

    `lot` is the key of the lot it is about, `part` what a buyer takes of one sold in parts, in the unit of its weight.
    """

    key: str
    kind: str
    cooperative: str
    site: str
    starts: date
    road: str
    buyer: str
    buys: date | None
    row: Row
    lot: str = ""
    part: str = ""
    said: Mapping[str, Said] = field(default_factory=dict)

    def words(self, step: str) -> Said:
        """Return what is said at a step of the road."""
        return self.said.get(step, NOTHING_SAID)

    @property
    def evidence_views(self) -> tuple[str, ...]:
        """Return the photos taken of it later, to show what is wrong or right."""
        return tuple(said.photo for said in self.said.values() if said.photo)

    @property
    def weight(self) -> str:
        """Return what travels in the bag: the part, or all of it."""
        return self.part or self.row["weight"]

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
        first, _last = tags_of_cooperative(self.cooperative)
        return f"PX-{first + int(self.key)}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """All tables; `quick` keeps a few lots, one for each kind of road."""

    staff: tuple[Row, ...]
    buyers: tuple[Row, ...]
    cooperatives: tuple[Row, ...]
    officers: tuple[Row, ...]
    sites: tuple[Row, ...]
    lots: tuple[LotPlan, ...]
    dealings: tuple[LotPlan, ...]

    def moderators_of(self, cooperative: str) -> tuple[str, str]:
        """Return who entered a cooperative and who reviews it: never one person."""
        moderators = self.moderators
        number = [row["key"] for row in self.cooperatives].index(cooperative)
        return moderators[number % 2], moderators[1 - number % 2]

    @property
    def second_reviewer(self) -> str:
        """Return who is the second person wherever two must approve: she enters no cooperative."""
        return self.moderators[2]

    @property
    def moderators(self) -> list[str]:
        """Return who reviews."""
        return [row["key"] for row in self.staff if "moderator" in row["roles"].split(";")]


# Two sales, one refund, one on sale, one in the queue, one draft, one waiting for payment, one gold bar, one dispute,
# one at the independent check.
QUICK: Final = frozenset({"1", "14", "18", "21", "27", "32", "49", "53", "65", "73"})


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
        dealings=tuple(_dealings(lots)),
    )


@cache
def tags_of_cooperative(key: str) -> tuple[int, int]:
    """Return the first and the last number of the tags that Pact gave to a cooperative."""
    first = 104_000 + 300 * [row["key"] for row in _table("cooperatives")].index(key)
    return first, first + 299


def email_of(kind: str, key: str) -> str:
    """Return a person's address by her kind (staff, buyer, officer) and key."""
    return f"{key}@{DOMAINS.get(kind, COOPERATIVE_DOMAIN)}"


def _lots() -> list[LotPlan]:
    rows = [("gem", row) for row in _table("stones")] + [("gold", row) for row in _table("gold")]
    said = _said()
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
            lot=row["key"],
            said=said.get(row["key"], {}),
        )
        for kind, row in rows
    ]


def _dealings(lots: Iterable[LotPlan]) -> Iterator[LotPlan]:
    """Return what further buyers do with the lots that are kept; a quick scenario has few of both."""
    kept, said = {lot.key: lot for lot in lots}, _said()
    for row in _table("dealings"):
        if (lot := kept.get(row["lot"])) is not None:
            on = date.fromisoformat(row["on"])
            told = said.get(row["key"], {})
            yield replace(
                lot,
                key=row["key"],
                starts=on,
                buys=on,
                road=row["road"],
                buyer=row["buyer"],
                part=row["part"],
                said=told,
            )


def _said() -> dict[str, dict[str, Said]]:
    found: dict[str, dict[str, Said]] = {}
    for row in _table("said"):
        found.setdefault(row["key"], {})[row["step"]] = Said(row["choice"], row["amount"], row["photo"], row["text"])
    return found


def _table(name: str) -> tuple[Row, ...]:
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))

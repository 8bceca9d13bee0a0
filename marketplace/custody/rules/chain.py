"""Which event may follow which, how much of a lot there is, and who may record what.

A chain is the events of one lot in the order of recording. A correction stands in the place of the event it corrects.
Parts of a lot that are sold apart ("TZ-…/1") have a stand of their own; the lot itself is the part without a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.text import N_

WHOLE: Final = ""


class Stand(StrEnum):
    """Where goods stand in their chain."""

    UNKNOWN = "unknown"
    HELD = "held"
    ON_WAY = "on_way"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    COMING_BACK = "coming_back"
    CONSUMED = "consumed"


class Recorder(StrEnum):
    """In which capacity somebody records."""

    COOPERATIVE = "cooperative"
    STAFF = "staff"
    BUYER = "buyer"


# Who may record what by a form. The marketplace itself records what its orders tell.
RECORDERS: Final[Mapping[str, frozenset[Recorder]]] = MappingProxyType(
    {
        "produced": frozenset({Recorder.COOPERATIVE}),
        "tagged": frozenset({Recorder.COOPERATIVE, Recorder.STAFF}),
        "purchased": frozenset({Recorder.COOPERATIVE}),
        "combined": frozenset({Recorder.COOPERATIVE}),
        "split": frozenset({Recorder.COOPERATIVE}),
        "processed": frozenset({Recorder.COOPERATIVE}),
        "assayed": frozenset({Recorder.STAFF}),
        "valued": frozenset({Recorder.STAFF}),
        "inspected": frozenset({Recorder.STAFF}),
        "moved": frozenset({Recorder.COOPERATIVE}),
        "stored": frozenset({Recorder.COOPERATIVE, Recorder.STAFF}),
        "exported": frozenset({Recorder.COOPERATIVE}),
        "imported": frozenset({Recorder.BUYER}),
        "delivered": frozenset({Recorder.BUYER}),
        "accepted": frozenset({Recorder.BUYER}),
        "returned": frozenset({Recorder.BUYER}),
    }
)
_ANYWHERE: Final = frozenset({Stand.HELD, Stand.ON_WAY, Stand.DELIVERED, Stand.ACCEPTED, Stand.COMING_BACK})
_KEPT: Final = frozenset({Stand.HELD, Stand.DELIVERED, Stand.ACCEPTED})
_WITH_BUYER: Final = frozenset({Stand.DELIVERED, Stand.ACCEPTED})
# Where goods must stand for an event.
FROM: Final[Mapping[str, frozenset[Stand]]] = MappingProxyType(
    {
        "produced": frozenset({Stand.UNKNOWN}),
        "purchased": frozenset({Stand.UNKNOWN, Stand.HELD}),
        "combined": frozenset({Stand.UNKNOWN}),
        "tagged": frozenset({Stand.HELD}),
        "split": frozenset({Stand.HELD}),
        "processed": frozenset({Stand.HELD, Stand.ACCEPTED}),
        "assayed": _KEPT | {Stand.ON_WAY},
        "valued": _KEPT | {Stand.ON_WAY},
        "inspected": _KEPT | {Stand.ON_WAY},
        "moved": _ANYWHERE - {Stand.COMING_BACK},
        "stored": _ANYWHERE,
        "exported": frozenset({Stand.HELD, Stand.ON_WAY}),
        "imported": frozenset({Stand.ON_WAY, Stand.DELIVERED, Stand.ACCEPTED}),
        "delivered": frozenset({Stand.ON_WAY}),
        "accepted": frozenset({Stand.DELIVERED}),
        "returned": frozenset({Stand.DELIVERED, Stand.ACCEPTED}),
    }
)
_AFTER: Final[Mapping[str, Stand]] = MappingProxyType(
    {
        "produced": Stand.HELD,
        "purchased": Stand.HELD,
        "combined": Stand.HELD,
        "moved": Stand.ON_WAY,
        "exported": Stand.ON_WAY,
        "delivered": Stand.DELIVERED,
        "accepted": Stand.ACCEPTED,
        "returned": Stand.COMING_BACK,
    }
)
# These change what a lot is: not while buyers see it, and not after.
CHANGING: Final = frozenset({"produced", "purchased", "combined", "split", "processed"})
# Several lots stand in these; a wrong one is made good by a further event.
OF_SEVERAL_LOTS: Final = frozenset({"combined", "split"})


class ChainBroken(Conflict):
    """The event does not fit what is recorded already."""

    code = "chain_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Hold one event as the rules see it from one lot.

    `gained_mg` came into the lot, `given_mg` left it (an input of a mix, or the outputs of a split). `used_mg` went
    into work on it, and `set_mg` is what it weighed afterwards. `new_parts` are parts made of it by name with their
    weights.
    """

    id: UUID
    kind: str
    happened_at: datetime
    part: str = WHOLE
    gained_mg: int = 0
    given_mg: int = 0
    used_mg: int = 0
    set_mg: int | None = None
    new_parts: Sequence[tuple[str, int]] = ()
    corrects: UUID | None = None
    is_passive: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold how goods stand and how much there is of them, in milligrams."""

    stand: Stand = Stand.UNKNOWN
    weight_mg: int = 0


def effective(chain: Sequence[Link]) -> list[Link]:
    """Return the chain with every corrected event replaced, in its place, by its last correction."""
    replaced_by: dict[UUID | None, Link] = {link.corrects: link for link in chain if link.corrects is not None}
    return [_last(link, replaced_by) for link in chain if link.corrects is None]


def standing(chain: Sequence[Link], *, part: str = WHOLE) -> Standing:
    """Return how a lot, or a part of it, stands after its events."""
    return _stands(effective(chain)).get(part, Standing())


def check_next(chain: Sequence[Link], link: Link, *, now: datetime) -> None:
    """Raise InvalidInput for its time, ChainBroken when the event may not come next."""
    _check_time(link, earliest=_latest(effective(chain), part=link.part), latest=now)
    here = standing(chain, part=link.part)
    if here.stand is Stand.CONSUMED:
        raise ChainBroken(N_("Nothing is left of this lot: it went into another one."))
    if here.stand not in FROM[link.kind]:
        raise ChainBroken(_why_not(here.stand, link.kind))
    if link.given_mg > here.weight_mg:
        raise ChainBroken(N_("There is not as much of this lot as you want to take."))


def check_correction(chain: Sequence[Link], link: Link, *, now: datetime) -> None:
    """Raise InvalidInput or ChainBroken when `link` may not stand in the place of the event it corrects."""
    found = next((each for each in chain if each.id == link.corrects), None)
    if found is None or found.kind != link.kind or found.part != link.part or found.is_passive:
        raise ChainBroken(N_("This entry cannot be corrected here."))
    if link.kind in OF_SEVERAL_LOTS:
        raise ChainBroken(N_("A mix or a split is not corrected. Record what happened next."))
    if any(each.corrects == found.id for each in chain):
        raise ChainBroken(N_("This entry was corrected already. Correct the later one."))
    path = effective([*chain, link])
    place = path.index(link)
    before, after = path[:place], path[place + 1 :]
    next_at = min((each.happened_at for each in after if each.part == link.part), default=now)
    _check_time(link, earliest=_latest(before, part=link.part), latest=min(next_at, now))
    if not _is_covered(path):
        raise ChainBroken(N_("More of this lot was used than you say there was."))


def check_recorder(kind: str, recorder: Recorder, *, stand: Stand) -> None:
    """Raise ChainBroken unless somebody in this capacity may record such an event of goods that stand so."""
    if recorder not in RECORDERS[kind]:
        raise ChainBroken(N_("You cannot record this event. Somebody else in the chain does."))
    if recorder is Recorder.COOPERATIVE and stand in _WITH_BUYER:
        raise ChainBroken(N_("The buyer has the goods now. You can still correct what you recorded."))


def open_kinds(chain: Sequence[Link], recorder: Recorder, *, is_listed: bool) -> tuple[str, ...]:
    """Return the events somebody may record now, in the order of the vocabulary."""
    here = standing(chain).stand
    if recorder is Recorder.COOPERATIVE and here in _WITH_BUYER:
        return ()
    return tuple(
        kind
        for kind, recorders in RECORDERS.items()
        if recorder in recorders and here in FROM[kind] and not (is_listed and kind in CHANGING)
    )


def _last(link: Link, replaced_by: Mapping[UUID | None, Link]) -> Link:
    while link.id in replaced_by:
        link = replaced_by[link.id]
    return link


def _stands(path: Sequence[Link]) -> dict[str, Standing]:
    stands: dict[str, Standing] = {}
    for link in path:
        _take(stands, link)
    return stands


def _take(stands: dict[str, Standing], link: Link) -> None:
    stands[link.part] = _after(stands.get(link.part, Standing()), link)
    for name, weight_mg in link.new_parts:
        stands[name] = Standing(Stand.HELD, weight_mg)


def _is_covered(path: Sequence[Link]) -> bool:
    """Say whether everything that left a lot or went into work had come in before: no weight comes from nowhere.

    Less may go into work than there was: a weight told wrongly twice is corrected by two entries, one after the other.
    """
    stands: dict[str, Standing] = {}
    for link in path:
        if max(link.given_mg, link.used_mg) > stands.get(link.part, Standing()).weight_mg:
            return False
        _take(stands, link)
    return True


def _after(here: Standing, link: Link) -> Standing:
    weight_mg = here.weight_mg + link.gained_mg - link.given_mg if link.set_mg is None else link.set_mg
    if weight_mg == 0 and link.given_mg > 0:
        return Standing(Stand.CONSUMED)
    if link.is_passive:
        return replace(here, stand=Stand.HELD if link.gained_mg else here.stand, weight_mg=weight_mg)
    if link.kind == "stored" and here.stand is Stand.COMING_BACK:
        return Standing(Stand.HELD, weight_mg)
    return Standing(_AFTER.get(link.kind, here.stand), weight_mg)


def _latest(path: Sequence[Link], *, part: str) -> datetime | None:
    return max((link.happened_at for link in path if link.part in {part, WHOLE}), default=None)


def _check_time(link: Link, *, earliest: datetime | None, latest: datetime) -> None:
    if link.happened_at > latest:
        raise InvalidInput({"happened_at": N_("This time is still to come, or after the next event. Check it.")})
    if earliest is not None and link.happened_at < earliest:
        raise InvalidInput({"happened_at": N_("This is before the last event of the lot. Check the day and the time.")})


def _why_not(stand: Stand, kind: str) -> str:
    if stand is Stand.UNKNOWN:
        return N_("First record where the lot comes from.")
    if kind in {"produced", "purchased", "combined"}:
        return N_("It is recorded already where this lot comes from.")
    return N_("This cannot come next. Look at the last event of the lot.")

"""Whether a published lot's chain is unbroken and its weights add up (indicator I14)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.custody.chains import link_of
from marketplace.custody.models import CustodyAmount, CustodyEvent
from marketplace.custody.rules.chain import FROM, Link, Stand, effective, standing
from marketplace.lots.models import Lot, LotVersion
from marketplace.monitoring.facts import Published
from marketplace.monitoring.wanted import Wanted, bounded

# So many lots' events are in memory at once.
_AT_ONCE: Final = 500


def is_traceable(chain: Sequence[Link], *, listed_mg: int, published_at: datetime) -> bool:
    """Say whether a chain begins somewhere, each event may follow the one before, and the weights add up.

    They add up when the events up to the publication leave exactly the weight that is listed, and no event takes more
    than there was.
    """
    # A correction stands in its place from here on, and corrects nothing any more.
    path = [replace(link, corrects=None) for link in effective(chain)]
    if not path or any(not _may_follow(path[:place], link) for place, link in enumerate(path)):
        return False
    before = [link for link in path if link.happened_at <= published_at]
    return standing(before).weight_mg == listed_mg


def _may_follow(before: Sequence[Link], link: Link) -> bool:
    here = standing(before, part=link.part)
    # What went into another lot is told by that lot's own event, whatever its kind.
    comes_or_is_there = link.gained_mg > 0 or here.stand is not Stand.UNKNOWN
    fits = comes_or_is_there if link.is_passive else here.stand in FROM[link.kind]
    return fits and link.given_mg <= here.weight_mg


def published_lots(session: Session, wanted: Wanted) -> tuple[Sequence[Published], bool]:
    """Return the lots published in the period, each with whether it is traceable."""
    content = LotVersion.content
    query = (
        select(Lot, content["weight_mg"].as_integer(), Cooperative.reference, Cooperative.country)
        .join(LotVersion, LotVersion.id == Lot.published_version_id)
        .join(Cooperative, Cooperative.id == Lot.cooperative_id)
        .where(*wanted.within(Lot.published_at), *wanted.of_place(), *wanted.of_goods(Lot.kind))
        .order_by(Lot.published_at.desc(), Lot.id)
    )
    rows, is_cut = bounded(session, query)
    found: list[Published] = []
    for begin in range(0, len(rows), _AT_ONCE):
        some = rows[begin : begin + _AT_ONCE]
        chains = _chains(session, [row[0] for row in some])
        found += [
            Published(
                on=lot.published_at.date(), mineral=lot.kind or "", cooperative=reference, country=country,
                is_traceable=is_traceable(chains[lot.id], listed_mg=listed_mg, published_at=lot.published_at),
            )
            for lot, listed_mg, reference, country in some
        ]  # fmt: skip
    return found, is_cut


def _chains(session: Session, lots: Iterable[Lot]) -> Mapping[UUID, list[Link]]:
    """Return the chain of each lot, in the order of recording, by three queries for all of them."""
    by_id = {lot.id: lot for lot in lots}
    named = session.execute(
        select(CustodyAmount.lot_id, CustodyAmount.event_id).where(CustodyAmount.lot_id.in_(by_id)).distinct()
    ).all()
    events = session.scalars(
        select(CustodyEvent)
        .where(CustodyEvent.lot_id.in_(by_id) | CustodyEvent.id.in_([event for _lot, event in named]))
        .order_by(CustodyEvent.seq)
    ).all()
    amounts: defaultdict[UUID, list[CustodyAmount]] = defaultdict(list)
    for amount in session.scalars(
        select(CustodyAmount)
        .where(CustodyAmount.event_id.in_([event.id for event in events]))
        .order_by(CustodyAmount.event_id, CustodyAmount.direction, CustodyAmount.position)
    ):
        amounts[amount.event_id].append(amount)
    chains: dict[UUID, list[Link]] = {key: [] for key in by_id}
    others: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for lot_id, event_id in named:
        if lot_id is not None:
            others[event_id].add(lot_id)
    for event in events:
        for key in ({event.lot_id} | others[event.id]) & by_id.keys():
            chains[key].append(link_of(event, amounts[event.id], lot=by_id[key]))
    return chains

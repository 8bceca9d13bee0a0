"""How far each lot goes: the steps of its road, and when each is taken."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random
from types import MappingProxyType
from typing import Final

from marketplace.cli.demo.acts import buying, listing, paying
from marketplace.cli.demo.scenario import LotPlan
from marketplace.cli.demo.stage import Stage

Step = Callable[[Stage, LotPlan], None]

LISTED: Final = ("kind", "weight", "photos", "quality", "origin", "price", "submit")
ON_SALE: Final = (*LISTED, "approve")
FUNDED: Final = (*ON_SALE, "buy", "pay")
SHIPPED: Final = (*FUNDED, "confirm", "ship")
DELIVERED: Final = (*SHIPPED, "receive")
ACCEPTED: Final = (*DELIVERED, "accept")
PREPARED: Final = (*ACCEPTED, "approve_release", "prepare")

ROADS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "draft_kind": ("kind",),
        "draft_photos": ("kind", "weight", "photos", "quality"),
        "draft_price": ("kind", "weight", "photos", "quality", "origin"),
        "submitted": LISTED,
        "claimed": (*LISTED, "claim"),
        "changes_requested": (*LISTED, "ask_for_change"),
        "refused": (*LISTED, "refuse"),
        "withdrawn": (*ON_SALE, "withdraw"),
        "published": ON_SALE,
        "published_again": (*LISTED, "ask_for_change", "mend", "approve"),
        "reserved": (*ON_SALE, "buy"),
        "cancelled": (*ON_SALE, "buy", "stop"),
        "expired": (*ON_SALE, "buy", "lapse"),
        "funded": FUNDED,
        "confirmed": (*FUNDED, "confirm"),
        "shipped": SHIPPED,
        "delivered": DELIVERED,
        "held": (*DELIVERED, "report"),
        "accepted": ACCEPTED,
        "prepared": PREPARED,
        "approved": (*PREPARED, "approve_payout"),
        "sent": (*PREPARED, "approve_payout", "send_payout"),
        "released": (*PREPARED, "approve_payout", "send_payout", "confirm_payout"),
        "refunded_declined": (*FUNDED, "decline"),
        "refunded_problem": (*DELIVERED, "report", "refund", "carry_out"),
    }
)

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "kind": listing.say_what_it_is,
        "weight": listing.weigh,
        "photos": listing.add_photos,
        "quality": listing.describe_quality,
        "origin": listing.tell_origin,
        "price": listing.set_price,
        "submit": listing.submit,
        "claim": listing.claim,
        "approve": listing.approve,
        "ask_for_change": listing.ask_for_change,
        "mend": listing.mend,
        "refuse": listing.refuse,
        "withdraw": listing.withdraw,
        "buy": buying.buy,
        "pay": buying.pay,
        "stop": buying.stop,
        "lapse": lambda stage, _plan: buying.let_the_clock_look(stage),
        "confirm": buying.confirm,
        "decline": buying.decline,
        "ship": buying.ship,
        "receive": buying.receive,
        "accept": buying.accept,
        "report": buying.report,
        "refund": buying.refund,
        "carry_out": buying.carry_out,
        "approve_release": paying.approve_release,
        "prepare": paying.prepare,
        "approve_payout": paying.approve,
        "send_payout": paying.send,
        "confirm_payout": paying.confirm,
    }
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# How long after the step before. Cooperatives begin in the morning; buyers on the day the scenario names.
AFTER: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "weight": timedelta(minutes=3),
        "photos": timedelta(minutes=9),
        "quality": timedelta(minutes=6),
        "origin": timedelta(minutes=5),
        "price": timedelta(minutes=7),
        "submit": timedelta(minutes=4),
        "approve": 22 * HOUR,
        "ask_for_change": 23 * HOUR,
        "mend": 26 * HOUR,
        "refuse": 25 * HOUR,
        "withdraw": 9 * DAY,
        "pay": timedelta(minutes=6),
        "stop": timedelta(minutes=11),
        "lapse": timedelta(minutes=31),
        "confirm": 5 * HOUR,
        "decline": 21 * HOUR,
        "ship": 19 * HOUR,
        "receive": 5 * DAY,
        "accept": 2 * DAY,
        "report": 20 * HOUR,
        "refund": 2 * DAY,
        "carry_out": 8 * DAY,
        "approve_release": 26 * HOUR,
        "prepare": 3 * HOUR,
        "approve_payout": 20 * HOUR,
        "send_payout": 2 * HOUR,
        "confirm_payout": 2 * DAY,
    }
)
# A large lot of gold is melted and assayed before it is accepted.
LONGER: Final[Mapping[tuple[str, str], timedelta]] = MappingProxyType({("accepted", "accept"): 11 * DAY + 22 * HOUR})
# The last moments before the curtain rises: these are still open when the demonstration begins.
FIXED: Final[Mapping[tuple[str, str], datetime]] = MappingProxyType(
    {
        ("reserved", "buy"): datetime(2026, 9, 29, 8, 51, tzinfo=UTC),
        ("claimed", "claim"): datetime(2026, 9, 29, 8, 53, tzinfo=UTC),
    }
)
MORNING: Final = time(5, 40, tzinfo=UTC)
SHOPPING: Final = time(6, 45, tzinfo=UTC)


def moments(plan: LotPlan, *, chance: Random) -> Iterator[tuple[datetime, Step]]:
    """Return each step of a lot's road with its moment, in order."""
    at = datetime.combine(plan.starts, MORNING) + timedelta(minutes=chance.randrange(50))
    for name in ROADS[plan.road]:
        if name == "buy" and plan.buys is not None:
            at = datetime.combine(plan.buys, SHOPPING) + timedelta(minutes=chance.randrange(60))
        at += LONGER.get((plan.road, name), AFTER.get(name, timedelta(0)))
        at = FIXED.get((plan.road, name), at)
        yield at, STEPS[name]

"""How far each lot goes: the steps of its road, and when each is taken."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random
from types import MappingProxyType
from typing import Final

from marketplace.cli.demo.acts import buying, checking, disputing, listing, offering, paying, spending
from marketplace.cli.demo.scenario import LotPlan
from marketplace.cli.demo.stage import Stage

Step = Callable[[Stage, LotPlan], None]

LISTED: Final = ("kind", "weight", "photos", "quality", "origin", "price", "submit")
ON_SALE: Final = (*LISTED, "approve")
FUNDED: Final = (*ON_SALE, "buy", "pay")
SENT_OFF: Final = ("confirm", "ship")
SHIPPED: Final = (*FUNDED, *SENT_OFF)
DELIVERED: Final = (*SHIPPED, "receive")
ACCEPTED: Final = (*DELIVERED, "accept")
SETTLED: Final = ("approve_release", "prepare")
PREPARED: Final = (*ACCEPTED, *SETTLED)
PAID_OUT: Final = ("approve_payout", "send_payout", "confirm_payout")
BY_ASSAY: Final = (*ON_SALE, "buy_by_assay", "pay", *SENT_OFF)
BY_TRANSFER: Final = (*ON_SALE, "buy", "promise")
HEARD: Final = (*DELIVERED, "report", "show_buyer")

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
        "checked": (*ON_SALE, "buy_checked", "pay", *SENT_OFF),
        "assay_waits": BY_ASSAY,
        "assayed": (*BY_ASSAY, "assay", "receive", "accept", *SETTLED, *PAID_OUT),
        "in_euros": (*ON_SALE, "buy_in_euros", "pay", *SENT_OFF, "receive"),
        "funding": BY_TRANSFER,
        "frozen": (*SHIPPED, "freeze"),
        "charged_back": (*SHIPPED, "bank_takes_back"),
        "adjustment": (*DELIVERED, "ask_adjustment"),
        "returning": (*DELIVERED, "reject", "send_back"),
        "disputed": (*HEARD, "show_cooperative", "offer_settlement"),
        "seconded": (*HEARD, "show_cooperative", "decide"),
        "appealed": (*HEARD, "decide", "appeal"),
        "accepted": ACCEPTED,
        "prepared": PREPARED,
        "approved": (*PREPARED, "approve_payout"),
        "sent": (*PREPARED, "approve_payout", "send_payout"),
        "released": (*PREPARED, *PAID_OUT),
        "cash_parts": (
            *(*BY_TRANSFER, "transfer_arrives", *SENT_OFF, "receive", "accept", *SETTLED),
            *("approve_payout", "send_parts", "part_returns"),
        ),
        "refunded_declined": (*FUNDED, "decline"),
        "refunded_problem": (*DELIVERED, "report", "decide", "carry_out"),
        "refund_fails": (*FUNDED, "decline_in_vain"),
        # Dealings of further buyers about lots on sale.
        "offered": ("offer",),
        "countered": ("offer", "counter"),
        "agreed": ("offer", "accept_offer"),
        "turned_down": ("offer", "decline_offer"),
        "kept": ("hold",),
        "part_shipped": ("buy", "pay", *SENT_OFF),
        "part_released": ("buy", "pay", *SENT_OFF, "receive", "accept", *SETTLED, *PAID_OUT),
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
        "offer": offering.offer,
        "counter": offering.counter,
        "accept_offer": offering.accept,
        "decline_offer": offering.decline,
        "hold": offering.hold,
        "buy": buying.buy,
        "buy_checked": buying.buy_checked,
        "buy_by_assay": buying.buy_by_assay,
        "buy_in_euros": buying.buy_in_euros,
        "pay": spending.pay,
        "promise": spending.promise,
        "transfer_arrives": spending.transfer_arrives,
        "stop": buying.stop,
        "lapse": lambda stage, _plan: buying.let_the_clock_look(stage),
        "confirm": buying.confirm,
        "decline": buying.decline,
        "decline_in_vain": spending.decline_in_vain,
        "ship": buying.ship,
        "assay": checking.assay,
        "receive": buying.receive,
        "accept": buying.accept,
        "ask_adjustment": disputing.ask_adjustment,
        "reject": disputing.reject,
        "send_back": disputing.send_back,
        "report": disputing.report,
        "show_buyer": disputing.show_buyer,
        "show_cooperative": disputing.show_cooperative,
        "offer_settlement": disputing.offer_settlement,
        "decide": disputing.decide,
        "appeal": disputing.appeal,
        "carry_out": disputing.carry_out,
        "freeze": disputing.freeze,
        "bank_takes_back": spending.bank_takes_back,
        "approve_release": paying.approve_release,
        "prepare": paying.prepare,
        "approve_payout": paying.approve,
        "send_payout": paying.send,
        "confirm_payout": paying.confirm,
        "send_parts": paying.send_parts,
        "part_returns": paying.part_returns,
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
        "counter": 5 * HOUR,
        "accept_offer": 7 * HOUR,
        "decline_offer": 9 * HOUR,
        "pay": timedelta(minutes=6),
        "promise": timedelta(minutes=9),
        "transfer_arrives": 26 * HOUR,
        "stop": timedelta(minutes=11),
        "lapse": timedelta(minutes=31),
        "confirm": 5 * HOUR,
        "decline": 21 * HOUR,
        "decline_in_vain": 22 * HOUR,
        "ship": 19 * HOUR,
        "receive": 5 * DAY,
        "accept": 2 * DAY,
        "assay": 3 * DAY + 4 * HOUR,
        "ask_adjustment": 19 * HOUR,
        "reject": 3 * DAY,
        "send_back": 26 * HOUR,
        "report": 20 * HOUR,
        "show_buyer": 3 * HOUR,
        "show_cooperative": 22 * HOUR,
        "offer_settlement": 2 * HOUR,
        "decide": 2 * DAY,
        "appeal": 30 * HOUR,
        "freeze": 25 * HOUR,
        "bank_takes_back": 5 * DAY,
        "carry_out": 8 * DAY,
        "approve_release": 26 * HOUR,
        "prepare": 3 * HOUR,
        "approve_payout": 20 * HOUR,
        "send_payout": 2 * HOUR,
        "confirm_payout": 2 * DAY,
        "send_parts": 3 * HOUR,
        "part_returns": 2 * DAY,
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
# What a buyer begins on the day the scenario names.
BEGUN_BY_BUYER: Final = frozenset({"buy", "buy_checked", "buy_by_assay", "buy_in_euros", "offer", "hold"})
MORNING: Final = time(5, 40, tzinfo=UTC)
SHOPPING: Final = time(6, 45, tzinfo=UTC)


def moments(plan: LotPlan, *, chance: Random) -> Iterator[tuple[datetime, Step]]:
    """Return each step of a lot's road with its moment, in order."""
    at = datetime.combine(plan.starts, MORNING) + timedelta(minutes=chance.randrange(50))
    for name in ROADS[plan.road]:
        if name in BEGUN_BY_BUYER and plan.buys is not None:
            at = datetime.combine(plan.buys, SHOPPING) + timedelta(minutes=chance.randrange(60))
        at += LONGER.get((plan.road, name), AFTER.get(name, timedelta(0)))
        at = FIXED.get((plan.road, name), at)
        yield at, STEPS[name]

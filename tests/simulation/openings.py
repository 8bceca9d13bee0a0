"""Where a seed begins: orders already some way along their road, so that few moves reach every part of it.

An opening is played once with the program's own services, without faults, and kept; each seed begins with one of them.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from marketplace.orders.transitions import Action
from tests.conftest import TODAY
from tests.simulation.faults import Faults
from tests.simulation.stage import Stage
from tests.simulation.world import BEGINNING

A = Action
SMALL_LOTS, LARGE_LOTS = (0, 3), (2, 4)
PAID: Final = ("page", "pay")
SHIPPED: Final = (*PAID, A.CONFIRM, A.SHIP)
# Each order: is it a large one, and what happens to it before the seed begins.
OPENINGS: Final[dict[str, tuple[tuple[bool, tuple[str, ...]], ...]]] = {
    "nothing": (),
    "page": ((False, ("page",)), (True, ("page",))),
    "paid": ((False, PAID),),
    "confirmed": ((True, (*PAID, A.CONFIRM)),),
    "sent_to_be_verified": ((False, SHIPPED),),
    "shipped": ((False, SHIPPED), (True, PAID)),
    "delivered": ((False, (*SHIPPED, A.RECEIVE)),),
    "delivered_large": ((True, (*SHIPPED, A.RECEIVE)),),
    "problem": ((False, (*SHIPPED, A.REPORT_PROBLEM)), (True, (*SHIPPED, A.RECEIVE, A.REPORT_PROBLEM))),
    "asking_less": ((False, (*SHIPPED, A.RECEIVE, A.ASK_ADJUSTMENT)),),
    "sent_back": ((False, (*SHIPPED, A.RECEIVE, A.REJECT, A.SEND_BACK)),),
    "decided": ((False, (*SHIPPED, A.RECEIVE, A.REPORT_PROBLEM, A.DECIDE)),),
    "accepted": ((True, (*SHIPPED, A.RECEIVE, A.ACCEPT, "day")),),
    "releasing": ((False, (*SHIPPED, A.RECEIVE, A.ACCEPT)),),
    "paying_out": ((False, (*SHIPPED, A.RECEIVE, A.ACCEPT, A.COMPLETE_RELEASE, A.COMPLETE_RELEASE)),),
    "refunding": ((False, (*PAID, A.DECLINE)),),
}


def opening(stage: Stage, name: str) -> None:
    """Bring the stage to an opening, playing it first when nobody did yet."""
    if name not in stage.openings:
        _play(stage, name)
        stage.world.database.keep(f"opening_{name}")
        stage.openings[name] = (stage.sandbox.kept(), stage.world.clock.true)
    state, time = stage.openings[name]
    stage.world.database.restore(f"opening_{name}")
    stage.sandbox.restore(state)
    stage.world.clock.true, stage.world.clock.skew = time, timedelta(0)


def _play(stage: Stage, name: str) -> None:
    stage.world.database.restore(BEGINNING)
    stage.sandbox.restore(b"")
    stage.world.clock.true, stage.world.clock.skew = TODAY, timedelta(0)
    chance = random.Random(name)
    with stage.under(Faults(random.Random(name)), sorted(OPENINGS).index(name) - len(OPENINGS)):
        for place, (is_large, events) in enumerate(OPENINGS[name]):
            lot = stage.world.lots[(LARGE_LOTS if is_large else SMALL_LOTS)[place]]
            stage.buy(("bob", "charlie")[place], lot, verified=name.endswith("verified"))
            order_id = stage.open_orders()[-1][0]
            for event in events:
                stage.world.clock.advance(timedelta(minutes=1))
                HAPPENS.get(event, _act(event, chance))(stage, order_id)


def _act(action: str, chance: random.Random) -> Callable[[Stage, object], None]:
    def act(stage: Stage, order_id: object) -> None:
        options = [each for each in stage.open_actions(order_id) if each.action == action]  # type: ignore[arg-type]
        # Nobody approves her own payout: from the second time on somebody else takes part.
        person = options[stage.world.database.value("SELECT count(*) FROM payout") % len(options)].person
        stage.act(stage.world.people[person], order_id, action, chance)  # type: ignore[arg-type]

    return act


def _open_page(stage: Stage, _order_id: object) -> None:
    while stage.worker.run_one():
        pass


def _pay(stage: Stage, order_id: object) -> None:
    found = stage.world.database.value("SELECT session_id FROM payment WHERE order_id = %s", order_id)
    stage.sandbox.pay(found, card=0)
    for webhook in stage.sandbox.waiting():
        stage.deliver(webhook)
    _open_page(stage, order_id)


HAPPENS: Final[dict[str, Callable[[Stage, object], None]]] = {
    "page": _open_page,
    "pay": _pay,
    "day": lambda stage, _order_id: stage.world.clock.advance(timedelta(hours=25)),
}

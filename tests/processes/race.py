"""`make race-test`: 50 buyers press Buy for one lot at one moment, 200 lots long, in real processes.

Afterwards every lot has exactly one order, and every order exactly one captured payment at the provider, though each
winner presses Pay twice.
"""

import argparse
import multiprocessing
import sys
import threading
from collections import Counter
from multiprocessing.synchronize import Barrier
from typing import Any, Final

import requests
from flask import Flask
from sqlalchemy import text

from marketplace.http.context import make_uow
from tests.builders.copies import reference_of
from tests.builders.orders import DELIVERY_FORM
from tests.live import Live
from tests.processes.commands import conclude, program, tell
from tests.processes.market import Market, open_market
from tests.processes.traffic import CARD, Record
from tests.processes.truth import Tally, read_truth, start_program, sweep, tally, waiting
from tests.visitor import Visitor

PROCESSES: Final = 5
SECONDS_TO_PAY: Final = 240
_barriers: list[Barrier] = []


def remember(barrier: Barrier) -> None:
    """Keep the barrier that all buyers of this run wait at."""
    _barriers[:] = [barrier]


def press_all(url: str, tokens: list[str], sha256: str, lots: int) -> list[list[tuple[int, str]]]:
    """Let each of the buyers of this process press for every lot; return each one's answers by lot."""
    answers: list[list[tuple[int, str]]] = [[] for _ in tokens]
    threads = [
        threading.Thread(target=_press, args=(url, token, sha256), kwargs={"lots": lots, "into": into})
        for token, into in zip(tokens, answers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _press(url: str, token: str, sha256: str, *, lots: int, into: list[tuple[int, str]]) -> None:
    visitor = Visitor(url, token)
    path = f"/lots/{reference_of(0)}/buy"
    visitor.open(path)
    form = {**visitor.form(path), **DELIVERY_FORM, "version": sha256}
    for lot in range(lots):
        values = {**form, "idempotency_key": f"race-{lot:08d}"}
        _barriers[0].wait(timeout=300)
        answer = visitor.send(f"/lots/{reference_of(lot)}/buy", values)
        into.append((answer.status_code, answer.headers.get("Location", "")))


def race(market: Market, *, lots: int) -> list[Counter[int]]:
    """Return for every lot how many buyers were answered with which status."""
    buyers = len(market.buyers)
    shares = [market.buyers[first::PROCESSES] for first in range(PROCESSES)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES, initializer=remember, initargs=(context.Barrier(buyers),)) as pool:
        work = [(market.url, tokens, market.sha256, lots) for tokens in shares]
        by_buyer: list[Any] = [answers for share in pool.starmap(press_all, work, chunksize=1) for answers in share]
    return [Counter(answers[lot][0] for answers in by_buyer) for lot in range(lots)]


def pay_all(live: Live, app: Flask) -> None:
    """Pay every order twice on the provider's page, and wait until the program knows of every payment."""
    paid: set[str] = set()
    states: Counter[str] = Counter()

    def all_are_funded() -> bool:
        with app.app_context():
            session = make_uow().session
            urls = session.scalars(text("SELECT session_url FROM payment WHERE session_url IS NOT NULL")).all()
            found = session.execute(text("SELECT state, count(*) FROM orders GROUP BY state")).all()
            session.rollback()
        states.clear()
        states.update(dict(found))
        for url in set(urls) - paid:
            for _ in range(2):
                requests.post(url, data={"number": CARD}, timeout=30, allow_redirects=False).raise_for_status()
            paid.add(url)
        return set(states) == {"funded"} and not any(waiting(live, app).values())

    try:
        live.wait_for(all_are_funded, "the payments", seconds=SECONDS_TO_PAY)
    except AssertionError as late:
        raise AssertionError(f"{dict(states)}, {len(paid)} pages paid, waiting: {waiting(live, app)}") from late


def play(live: Live, app: Flask, market: Market, *, lots: int) -> Tally:
    """Race for every lot, pay every order, and check."""
    answers = race(market, lots=lots)
    pay_all(live, app)
    sweep(live, app)
    result = tally(live, app, Record())
    for lot, counted in enumerate(answers):
        if counted != {303: 1, 409: len(market.buyers) - 1}:
            result.violations.append(f"lot {lot} was answered {dict(counted)}")
    charges = sum(charge["paid"] for charge in read_truth(live.folder).of("charge"))
    for name, count in (("orders", result.counts["orders"]), ("captured payments", charges)):
        if count != lots:
            result.violations.append(f"{count} {name} for {lots} lots")
    return result


def main() -> int:
    """Run the race and print its table; return 1 when a lot was sold twice or not at all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lots", type=int, default=200)
    parser.add_argument("--buyers", type=int, default=50)
    chosen = parser.parse_args()
    with program("race") as live:
        app = live.app()
        market = open_market(live, app, lots=chosen.lots, buyers=chosen.buyers)
        start_program(live, app)
        tell(f"{chosen.buyers} buyers in {PROCESSES} processes race for {chosen.lots} lots, one after the other")
        return conclude(play(live, app, market, lots=chosen.lots), {"lots": chosen.lots, "buyers": chosen.buyers})


if __name__ == "__main__":
    sys.exit(main())

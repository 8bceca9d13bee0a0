"""Clients that do what people do, at random and over HTTP: buy, pay, cancel, confirm, ship, receive, accept, pay out.

Each move picks an order in a state that fits it, or now and then any order at all: two clients often want the same one,
and the program must let one of them win. What was answered 303 is written down: it must never be lost.
"""

import random
import re
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
import requests

from tests.builders.copies import reference_of
from tests.builders.orders import DELIVERY_FORM
from tests.processes.market import FIRST_FINANCE, MODERATOR, SECOND_FINANCE, Market
from tests.visitor import Visitor

CARD: Final = "4242 4242 4242 4242"
_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
# One of so many forms is sent twice, and one of so many moves goes to an order that may be in any state.
TWICE: Final = 20
ANY_STATE: Final = 12
PARCEL: Final = {"carrier": "DHL", "seal_number": "PS-7781", "weight": "3.42", "weight_unit": "ct", "insured": "5,000"}


@dataclass
class Record:
    """What all clients heard: answers by move and status, orders and moves that were accepted, and what is wrong."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    bought: set[str] = field(default_factory=set)
    moved: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    cut: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Move:
    """One kind of move: how often, by whom, on an order (or payout) of which state, where the form goes."""

    name: str
    weight: int
    who: str
    states: tuple[str, ...]
    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    step: str | None = None


# Goods that stay in their country need no papers to leave it: sending those for each order is not what is tried here.
WITHIN: Final = {**DELIVERY_FORM, "country": "TZ"}
_ORDER, _SALE, _PAYOUT = "/orders/{0}/", "/cooperative/orders/{0}/", "/staff/payouts/{0}/"
_RECEIPT: Final = {"seal_intact": "yes", "weight": "3.42", "weight_unit": "ct"}
_REASON: Final = {"text": "Somebody decided this in a test of load."}
MOVES: Final[tuple[Move, ...]] = (
    Move("cancel", 6, "buyer", ("pending_payment", "funded"), f"{_ORDER}cancellation"),
    Move("confirm", 14, "secretary", ("funded",), f"{_SALE}confirmation", step="confirm"),
    Move("decline", 2, "secretary", ("funded",), f"{_SALE}refusal", {"kind": "sold", **_REASON}),
    Move("ship", 14, "secretary", ("confirmed",), f"{_SALE}shipment", PARCEL, step="ship"),
    Move("receive", 12, "buyer", ("shipped",), f"{_ORDER}receipt", _RECEIPT, step="receive"),
    Move("report", 2, "buyer", ("delivered",), f"{_ORDER}problem", {"kind": "other", **_REASON}),
    Move("decide", 2, MODERATOR, ("disputed",), "/staff/orders/{0}/decision", {"decision": "refund", **_REASON}),
    Move("accept", 12, "buyer", ("delivered",), f"{_ORDER}acceptance", step="accept"),
    Move("prepare payout", 10, FIRST_FINANCE, ("releasing",), "/staff/payouts"),
    Move("approve payout", 10, SECOND_FINANCE, ("payout:prepared",), f"{_PAYOUT}approval"),
    Move("send payout", 10, FIRST_FINANCE, ("payout:approved",), f"{_PAYOUT}sending"),
    Move("confirm payout", 10, FIRST_FINANCE, ("payout:sent",), f"{_PAYOUT}confirmation", {"proof": "MP-OK-1234"}),
    Move("fail payout", 1, FIRST_FINANCE, ("payout:sent",), f"{_PAYOUT}failure", {"reason": "number not in use"}),
)


class Client:
    """One client with a random number generator and browsers of its own."""

    def __init__(self, market: Market, record: Record, *, seed: int) -> None:
        self._market, self._record, self._random = market, record, random.Random(seed)
        self._visitors: dict[str, tuple[Visitor, str]] = {}
        self._connection: psycopg.Connection[Any] = market.connect()
        self._pause = threading.Event()

    def run(self, is_over: Callable[[], bool], may_act: Callable[[], bool]) -> None:
        """Act until it is over; wait while too much work waits for the worker."""
        while not is_over():
            if not may_act():
                self._pause.wait(0.1)
                continue
            try:
                self.act()
            except requests.Timeout:
                self._note("no answer in time", 0, {0})
            except requests.RequestException:
                with self._record.lock:
                    self._record.cut += 1
                self._visitors.clear()
                self._pause.wait(0.05)
        self._connection.close()

    def act(self) -> None:
        """Make one move."""
        choices: list[Any] = ["buy", "pay", *MOVES]
        chosen = self._random.choices(choices, [12, 24, *(move.weight for move in MOVES)])[0]
        if chosen == "buy":
            self._buy()
        elif not (self._pay() if chosen == "pay" else self._move(chosen)):
            self._pause.wait(0.02)  # nothing to do of this kind: let others have the processor

    def _buy(self) -> None:
        number = self._random.randrange(len(self._market.buyers))
        path = f"/lots/{reference_of(self._random.randrange(self._market.lots))}/buy"
        answer = self._send("buy", f"buyer:{number}", path, {**WITHIN, "version": self._market.sha256})
        if answer is not None and answer.status_code == 303:
            with self._record.lock:
                self._record.bought.add(answer.headers["Location"].rsplit("/", 1)[1])

    def _pay(self) -> bool:
        row = self._one(
            "SELECT session_url FROM payment WHERE session_url IS NOT NULL AND state IN ('open', 'creating')"
            " ORDER BY random() LIMIT 1"
        )
        if row is not None:
            answer = requests.post(str(row[0]), data={"number": CARD}, timeout=30, allow_redirects=False)
            self._note("pay", answer.status_code, {303, 410})
        return row is not None

    def _move(self, move: Move) -> bool:
        found = self._target(move)
        if found is None:
            return False
        reference, buyer = found
        form = dict(move.form)
        if move.name == "ship":
            form["tracking"] = f"JD{reference[3:]}"
        if move.name == "send payout":
            form["reference"] = f"MP-{uuid.uuid4().hex[:12]}"
        if move.name == "prepare payout":
            form["order"] = reference
        who = f"buyer:{buyer}" if move.who == "buyer" else move.who
        answer = self._send(move.name, who, move.path.format(reference), form)
        if answer is not None and answer.status_code == 303 and move.step is not None:
            with self._record.lock:
                self._record.moved.append((reference, move.step))
        return True

    def _target(self, move: Move) -> tuple[str, int] | None:
        """Return the reference of an order or payout for a move, and the number of the order's buyer."""
        states = [state.removeprefix("payout:") for state in move.states]
        if move.states[0].startswith("payout:"):
            row = self._one("SELECT reference, 0 FROM payout WHERE state = ANY(%s) ORDER BY random() LIMIT 1", [states])
        else:
            anything = self._random.randrange(ANY_STATE) == 0
            row = self._one(
                "SELECT reference, ('x' || right(buyer_id::text, 8))::bit(32)::int FROM orders"
                " WHERE state = ANY(%s) OR %s ORDER BY random() LIMIT 1",
                [states, anything],
            )
        return (str(row[0]), int(row[1])) if row is not None else None

    def _send(self, name: str, who: str, path: str, form: Mapping[str, str]) -> requests.Response | None:
        visitor, token = self._visitor(who)
        values = {**form, "csrf_token": token, "idempotency_key": uuid.uuid4().hex}
        answer = visitor.send(path, values)
        if not self._note(name, answer.status_code, {303, 403, 404, 409, 422, 503}):
            return answer
        if answer.status_code == 303 and self._random.randrange(TWICE) == 0:
            again = visitor.send(path, values)
            if (again.status_code, again.headers.get("Location")) != (303, answer.headers["Location"]):
                self._blame(f"{name} {path} sent twice was answered {again.status_code}, not as at first")
        return answer

    def _visitor(self, who: str) -> tuple[Visitor, str]:
        if who not in self._visitors:
            number = who.removeprefix("buyer:")
            market = self._market
            token = market.buyers[int(number)] if number != who else market.staff.get(who, market.secretary)
            visitor = Visitor(market.url, token)
            # A connection kept for seconds may be closed by the server just when it is used again: that would count
            # as cut. Each request has a connection of its own.
            visitor.session.headers["Connection"] = "close"
            found = _TOKEN.search(visitor.open("/account"))
            assert found is not None, "no form on the page of the account"
            self._visitors[who] = (visitor, found[1])
        return self._visitors[who]

    def _note(self, name: str, status: int, expected: set[int]) -> bool:
        with self._record.lock:
            self._record.answers[name, status] += 1
        if status not in expected:
            self._blame(f"{name} was answered {status}")
        return status in expected

    def _blame(self, what: str) -> None:
        with self._record.lock:
            self._record.wrong.append(what)

    def _one(self, query: str, values: list[Any] | None = None) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(query.encode(), values or []).fetchone()
        return row


def run_clients(
    market: Market,
    record: Record,
    *,
    clients: int,
    seed: int,
    is_over: Callable[[], bool],
    may_act: Callable[[], bool] = lambda: True,
) -> list[threading.Thread]:
    """Start so many clients; they end when it is over."""
    started = []
    for number in range(clients):
        client = Client(market, record, seed=seed * 1_000 + number)
        thread = threading.Thread(target=client.run, args=(is_over, may_act), name=f"client {number}")
        thread.start()
        started.append(thread)
    return started

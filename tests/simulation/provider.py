"""The provider in this process: the sandbox's own application and store, called without a network.

No second model: `StripeProvider` and stripe-python speak to the sandbox's WSGI application, whose state lies in memory.
What the sandbox keeps is the truth that our books are held against.
"""

import io
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import stripe
from flask import Flask
from requests.structures import CaseInsensitiveDict

from marketplace.payments.stripe_provider import StripeProvider
from marketplace.sandbox import checkout
from marketplace.sandbox.app import SandboxSettings, create_sandbox
from marketplace.sandbox.cards import CARDS
from marketplace.sandbox.store import Body, Store
from marketplace.sandbox.webhooks import signature_of
from tests.simulation.faults import Fault, Faults

SECRET_KEY = "sk_test_tests"
WEBHOOK_SECRET = "whsec_tests"
ADDRESS = "http://localhost:4242"
IN_MEMORY = Path(":memory:")
BROKEN = json.dumps({"error": {"type": "api_error", "message": "out of order"}})

Answer = tuple[str, int, Mapping[str, str]]


@dataclass(frozen=True)
class Webhook:
    """A signed event on its way to us."""

    seq: int
    event_id: str
    kind: str
    payload: bytes


@dataclass
class Line:
    """The line between the program and the provider, with all that can go wrong on it."""

    faults: Faults
    app: Flask
    meanwhile: Callable[[], None] = lambda: None
    calls: int = 0
    in_flight: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    fails_on: int = 0

    def call(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Answer:
        """Carry one request to the sandbox, unless something happens on the way."""
        key = {**headers}.get("Idempotency-Key") if method == "post" else None
        if key is not None and key in self.in_flight:
            self.doubled.append(key)
        self.in_flight.append(key or "")
        try:
            return self._carry(method, url, headers, body)
        finally:
            self.in_flight.pop()

    def _carry(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Answer:
        self.calls += 1
        self.faults.crash_at(Fault.CRASH_BEFORE_CALL)
        if self.fails_on or self.faults.strikes(Fault.TIME_OUT):
            # Half of the outages outlast the client's own two tries more.
            self.fails_on = max(0, self.fails_on - 1) if self.fails_on else self.faults.chance.choice((0, 2))
            raise stripe.APIConnectionError("time-out", should_retry=True)
        if self.faults.strikes(Fault.SERVER_ERROR):
            return BROKEN, 500, CaseInsensitiveDict()
        if method == "post" and len(self.in_flight) == 1 and self.faults.strikes(Fault.OTHER_WORKER):
            self.meanwhile()
        answer = self.ask(method, url, headers, body)
        if self.faults.strikes(Fault.LOST_REPLY):
            self.fails_on = self.faults.chance.choice((0, 2))
            raise stripe.APIConnectionError("lost reply", should_retry=True)
        self.faults.crash_at(Fault.CRASH_AFTER_CALL)
        return answer

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Answer:
        """Call the sandbox's application."""
        parts = urlsplit(url)
        data = (body or "").encode() if isinstance(body, str) or body is None else body
        environ = {
            "REQUEST_METHOD": method.upper(),
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": parts.hostname,
            "SERVER_PORT": str(parts.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": headers.get("Content-Type", "application/x-www-form-urlencoded"),
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(data),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **{f"HTTP_{name.upper().replace('-', '_')}": str(value) for name, value in headers.items()},
        }
        told: list[Any] = []
        answer = b"".join(self.app.wsgi_app(environ, lambda *given: told.extend(given[:2])))
        return answer.decode(), int(told[0].split()[0]), CaseInsensitiveDict(told[1])


class InProcess(stripe.HTTPClient):
    """Stripe's HTTP client without HTTP."""

    name = "in-process"

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, *, _usage: Any = None) -> Answer:
        """Carry the request over the line."""
        return self._line.call(method, url, headers, post_data)

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.0

    def close(self) -> None:
        """Close nothing."""


def _application() -> Flask:
    app = create_sandbox(SandboxSettings(IN_MEMORY, SECRET_KEY, None, ADDRESS))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


@dataclass
class Sandbox:
    """The provider's side: pages that people pay on, events on their way, and the books."""

    app: Flask = field(default_factory=_application)
    strangers: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        """The state."""
        found: Store = self.app.extensions["sandbox.store"]
        return found

    def kept(self) -> bytes:
        """Return the whole state."""
        return self.store._connection.serialize()

    def restore(self, state: bytes) -> None:
        """Go back to a state, or to the beginning."""
        self.store.close()
        self.app.extensions["sandbox.store"] = Store(IN_MEMORY)
        if state:
            self.store._connection.deserialize(state)
        self.strangers.clear()

    def connect(self, line: Line) -> StripeProvider:
        """Return the program's real provider, speaking over the line."""
        with patch.object(stripe, "RequestsClient", lambda *_arguments, **_named: InProcess(line)):
            return StripeProvider(SECRET_KEY, WEBHOOK_SECRET, ADDRESS)

    def pay(self, session_id: str, *, card: int) -> str:
        """Let the buyer type a card's number on the hosted page; return how the page then stands."""
        with self.store.transaction() as tx:
            checkout.expire_due(tx)
            session = tx.find("checkout.session", session_id)
            if session["status"] == "open":
                checkout.pay(tx, session, CARDS[card])
            return str(tx.find("checkout.session", session_id)["status"])

    def pay_late(self, session_id: str) -> str:
        """Let money that was on its way when the page closed arrive all the same."""
        with self.store.transaction() as tx:
            session = tx.find("checkout.session", session_id)
            if session["status"] != "expired":
                return str(session["status"])
            tx.save({**session, "status": "open"})
        return self.pay(session_id, card=0)

    def pay_as_stranger(self, reference: str, *, amount: int, currency: str) -> None:
        """Let somebody open a page of his own that names our order, and pay another amount there."""
        price = {"currency": currency.lower(), "unit_amount": str(amount), "product_data": {"name": "Ruby"}}
        metadata = {"order_reference": reference}
        wanted = {
            "mode": "payment",
            "success_url": ADDRESS,
            "line_items": [{"quantity": "1", "price_data": price}],
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
        }
        with self.store.transaction() as tx:
            session = checkout.open_session(tx, wanted, base_url=ADDRESS)
            checkout.pay(tx, session, CARDS[0])
            self.strangers.append(str(tx.find("checkout.session", session["id"])["payment_intent"]))

    def objects(self, kind: str) -> list[Body]:
        """Return the objects of a kind, the oldest first."""
        with self.store.transaction() as tx:
            return tx.all_of(kind)[::-1]

    def set_fault(self, name: str, value: int) -> None:
        """Ask the sandbox for one of its own faults."""
        with self.store.transaction() as tx:
            tx.set(name, value)

    def waiting(self) -> list[Webhook]:
        """Return the events on their way, the oldest first."""
        with self.store.transaction() as tx:
            checkout.expire_due(tx)
            rows = tx.execute(
                "SELECT d.seq, d.event_id, o.body FROM delivery d JOIN object o ON o.id = d.event_id"
                " WHERE d.state = 'waiting' ORDER BY d.seq"
            ).fetchall()
        return [Webhook(row["seq"], row["event_id"], _kind(row["body"]), row["body"].encode()) for row in rows]

    def settle(self, webhook: Webhook, state: str) -> None:
        """Note that an event was delivered, or lost on the way."""
        with self.store.transaction() as tx:
            tx.execute("UPDATE delivery SET state = ?, attempts = attempts + 1 WHERE seq = ?", (state, webhook.seq))


def signed(webhook: Webhook, *, timestamp: float) -> str:
    """Return the signature of an event sent at a moment."""
    return signature_of(webhook.payload, secret=WEBHOOK_SECRET, timestamp=int(timestamp))


def some_of(webhooks: list[Webhook], chance: random.Random) -> Iterator[Webhook]:
    """Yield a few events in any order."""
    yield from chance.sample(webhooks, min(len(webhooks), chance.randint(1, 4)))


def _kind(body: str) -> str:
    return str(json.loads(body)["type"])

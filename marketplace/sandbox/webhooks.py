"""Send signed events to the marketplace's webhook until it answers 2xx."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import threading
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from marketplace.sandbox.store import Store

TIMEOUT_SECONDS: Final = 5.0
_FIRST_PAUSE_SECONDS: Final = 0.25
_LONGEST_PAUSE_SECONDS: Final = 30.0
_IDLE_SECONDS: Final = 0.05

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where events go and the secret that signs them."""

    url: str
    secret: str


def signature_of(payload: bytes, *, secret: str, timestamp: int) -> str:
    """Return the Stripe-Signature header of a payload."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class Sender(threading.Thread):
    """The background thread that empties the delivery queue."""

    def __init__(self, store: Store, endpoint: Endpoint) -> None:
        super().__init__(name="webhook-sender", daemon=True)
        self._store, self._endpoint = store, endpoint
        self._stopping = threading.Event()

    def run(self) -> None:
        """Deliver what is due until told to stop."""
        while not self._stopping.is_set():
            if not self._deliver_next():
                self._stopping.wait(_IDLE_SECONDS)

    def stop(self) -> None:
        """Finish the delivery under way and end."""
        self._stopping.set()
        self.join(TIMEOUT_SECONDS * 2)

    def _deliver_next(self) -> bool:
        """Send the delivery that is due first; say whether there was one."""
        with self._store.transaction() as tx:
            row = tx.execute(
                "SELECT d.seq, d.attempts, o.body FROM delivery d JOIN object o ON o.id = d.event_id "
                "WHERE d.state = 'waiting' AND d.due <= ? ORDER BY d.due, d.seq LIMIT 1",
                (time.time(),),
            ).fetchone()
        if row is None:
            return False
        # Sent outside the transaction: the receiver may call the API before it answers.
        answer = _post(self._endpoint, json.dumps(json.loads(row["body"]), indent=2).encode())
        self._keep(row["seq"], attempts=row["attempts"] + 1, answer=answer)
        return True

    def _keep(self, seq: int, *, attempts: int, answer: str) -> None:
        arrived = answer.isdigit() and 200 <= int(answer) < 300
        # The exponent is bounded so that the pause stays a number after days of failures.
        pause = min(_FIRST_PAUSE_SECONDS * 2 ** min(attempts - 1, 10), _LONGEST_PAUSE_SECONDS)
        if not arrived:
            _log.info("webhook delivery %s: %s; next try in %.2f s", seq, answer, pause)
        with self._store.transaction() as tx:
            tx.execute(
                "UPDATE delivery SET state = ?, attempts = ?, due = ?, last_answer = ? WHERE seq = ?",
                ("sent" if arrived else "waiting", attempts, time.time() + pause, answer, seq),
            )


def _post(endpoint: Endpoint, payload: bytes) -> str:
    """Post a signed payload; return the status, or why there was none. Redirects count as failures."""
    parts = urlsplit(endpoint.url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature_of(payload, secret=endpoint.secret, timestamp=int(time.time())),
    }
    try:
        connection.request("POST", parts.path + (f"?{parts.query}" if parts.query else ""), payload, headers)
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()

"""Buyers who press Buy over HTTP as fast as they are answered: one connection each, forms made beforehand."""

import http.client
import threading
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from benchmarks.purchase import stage
from tests.builders import copies
from tests.builders.orders import DELIVERY_FORM
from tests.visitor import Visitor

SECONDS: Final = 30


@dataclass(slots=True)
class Round:
    """What one round brought: how long each purchase took, in seconds, and how long all of them together."""

    latencies: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Return the purchases of a second."""
        return len(self.latencies) / self.seconds


class Buyers:
    """The buyers' signed-in browsers; each token was read from a page once, as a browser would."""

    def __init__(self, url: str, port: int, sha256: str) -> None:
        self._port, self._sha256 = port, sha256
        self._cookies: list[str] = []
        self._csrf: list[str] = []
        for number in range(stage.BUYERS):
            visitor = Visitor(url, stage.token_of(number))
            path = f"/lots/{copies.reference_of(0)}/buy"
            visitor.open(path)
            self._csrf.append(visitor.form(path)["csrf_token"])
            self._cookies.append("; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.session.cookies))

    def press(self, connection: http.client.HTTPConnection, *, lot: int, buyer: int, key: str) -> int:
        """Send one form; return the status."""
        form = {
            **DELIVERY_FORM, "csrf_token": self._csrf[buyer], "idempotency_key": key, "version": self._sha256,
        }  # fmt: skip
        headers = {"Cookie": self._cookies[buyer], "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/lots/{copies.reference_of(lot)}/buy", urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def press_once(self, *, lot: int, buyer: int, key: str) -> None:
        """Buy one lot; raise when it is refused."""
        status = self.press(self._connect(), lot=lot, buyer=buyer, key=key)
        if status != 303:
            raise RuntimeError(f"the purchase was answered {status}")

    def repeat(self, times: int, *, lot: int, buyer: int, key: str) -> None:
        """Send a form again that bought a lot before: it is recognised, and nothing is bought."""
        connection = self._connect()
        for _ in range(times):
            status = self.press(connection, lot=lot, buyer=buyer, key=key)
            if status != 303:
                raise RuntimeError(f"the form sent again was answered {status}")
        connection.close()

    def run(self, *, clients: int, seconds: float, lots: int, key: str) -> Round:
        """Let so many buyers buy for a while, each in lots of its own; a buyer counts what was answered 303."""
        result, started = Round(), time.perf_counter()
        threads = [
            threading.Thread(
                target=self._one,
                args=(result,),
                kwargs={"lots": range(client, lots, clients), "until": started + seconds, "key": key},
            )
            for client in range(clients)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        result.seconds = time.perf_counter() - started
        return result

    def _one(self, result: Round, *, lots: range, until: float, key: str) -> None:
        connection = self._connect()
        for place, lot in enumerate(lots):
            begun = time.perf_counter()
            if begun >= until:
                break
            buyer = (lots.start + 16 * place) % stage.BUYERS
            status = self.press(connection, lot=lot, buyer=buyer, key=f"{key}-{lot:08d}")
            if status == 303:
                result.latencies.append(time.perf_counter() - begun)
            else:
                result.refused.append(f"{status} for lot {lot}")
        else:
            raise RuntimeError("the round ran out of lots")
        connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)

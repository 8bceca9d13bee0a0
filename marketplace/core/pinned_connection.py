"""A connection to network addresses that were checked before: a second look-up cannot lead it elsewhere."""

import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection

from marketplace.core.web_address import FetchRefused, Target

LONGEST_STEP_SECONDS: Final = 10
MAX_ADDRESSES: Final = 8


class Deadline:
    """The end of the whole fetch: cuts the connection off wherever it is stuck.

    Time-outs of sockets count from each piece that comes; a server that sends a byte a second would never end.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._was_cut = False
        self._line: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def step(self) -> float:
        """Return the seconds that one step may take; raises FetchRefused when none are left."""
        if self.is_over():
            raise FetchRefused("timed_out", "the answer did not come in time")
        return min(self._until - time.monotonic(), LONGEST_STEP_SECONDS)

    def is_over(self) -> bool:
        """Say whether the time is over."""
        return self._was_cut or time.monotonic() >= self._until

    def watch(self, line: socket.socket) -> None:
        """Cut a connection off when the time is over; `release` ends the watch."""
        # A copy of the descriptor: TLS takes the original away from its object.
        self._line = line.dup()
        self._timer = threading.Timer(max(self._until - time.monotonic(), 0), self._cut, (self._line,))
        self._timer.daemon = True
        self._timer.start()

    def release(self) -> None:
        """End the watch of the connection at hand."""
        if self._timer is not None and self._line is not None:
            self._timer.cancel()
            self._timer.join()
            self._line.close()
        self._timer = self._line = None

    def _cut(self, line: socket.socket) -> None:
        self._was_cut = True
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def resolved(host: str, port: int, seconds: float) -> Sequence[str]:
    """Return the network addresses of a host, at least one; raises FetchRefused when there are none in time.

    The system's own look-up knows no time-out, so it runs beside and is left alone when it is late.
    """
    found: list[str] = []

    def look_up() -> None:
        with suppress(OSError, UnicodeError):
            found.extend(
                dict.fromkeys(str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            )

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise FetchRefused("timed_out", f"the address of {host} was not found in time")
    if not found:
        raise FetchRefused("unresolved", f"{host} has no address")
    return found[:MAX_ADDRESSES]


def connection_to(
    target: Target, addresses: Sequence[str], *, deadline: Deadline
) -> "PinnedConnection | PinnedSecureConnection":
    """Return a connection, not yet made, that will use the addresses given and no other.

    The certificate is checked against the host's name, which is also the name asked for in the handshake (SNI).
    """
    arguments: dict[str, Any] = {"host": target.host, "port": target.port, "timeout": deadline.step()}
    connection: PinnedConnection | PinnedSecureConnection
    if target.scheme == "https":
        connection = PinnedSecureConnection(**arguments, ssl_context=ssl.create_default_context())
    else:
        connection = PinnedConnection(**arguments)
    connection.pinned, connection.deadline = addresses, deadline
    return connection


def _connected(addresses: Sequence[str], *, port: int, deadline: Deadline) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        try:
            line = socket.create_connection((address, port), timeout=deadline.step())
        except OSError as error:
            failure = error
        else:
            deadline.watch(line)
            return line
    if isinstance(failure, TimeoutError):
        raise failure
    raise FetchRefused("unreachable", "the host does not answer") from failure


class PinnedConnection(HTTPConnection):
    """A plain connection to checked addresses (loopback only)."""

    pinned: Sequence[str]
    deadline: Deadline

    def _new_conn(self) -> socket.socket:
        return _connected(self.pinned, port=self.port, deadline=self.deadline)


class PinnedSecureConnection(HTTPSConnection):
    """A secure connection to checked addresses."""

    pinned: Sequence[str]
    deadline: Deadline

    def _new_conn(self) -> socket.socket:
        return _connected(self.pinned, port=self.port, deadline=self.deadline)

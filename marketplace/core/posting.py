"""Send a body to one address of the web safely: checked, bounded in time, no redirect followed, the answer not read."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from http.client import HTTPException
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from urllib3.exceptions import HTTPError

from marketplace.core.pinned_connection import Deadline, connection_to, resolved
from marketplace.core.web_address import FetchPolicy, FetchRefused, Target, authority, refuse_private, target_of

TIMEOUT_SECONDS: Final = 10.0
_HERE: Final = ("127.0.0.1", "::1")
_AGENT: Final = "fair-price-marketplace (news of the audit log)"
_Resolve = Callable[[str, int, float], Sequence[str]]


def checked_target(address: str, *, loopback: bool) -> Target:
    """Return the parts of an address whose form may be asked; raises FetchRefused. Nothing is looked up."""
    policy = _policy(address, loopback=loopback)
    target = target_of(address, policy=policy)
    with suppress(ValueError):
        refuse_private(target, [str(ip_address(target.host))], policy=policy)  # a name is looked up when it is asked
    return target


def post(
    address: str, *, body: bytes, headers: Mapping[str, str], loopback: bool = False, resolve: _Resolve = resolved
) -> int:
    """Send and return the status of the answer; raises FetchRefused when nothing could be sent or no answer came.

    Only public network addresses are asked, each time anew; `loopback` is for tests.
    """
    policy = _policy(address, loopback=loopback)
    target = target_of(address, policy=policy)
    deadline = Deadline(TIMEOUT_SECONDS)
    addresses = resolve(target.host, target.port, deadline.step())
    refuse_private(target, addresses, policy=policy)
    connection = connection_to(target, addresses, deadline=deadline)
    try:
        sent = {"User-Agent": _AGENT, "Connection": "close", "Host": target.authority, **headers}
        connection.request("POST", target.path, body=body, headers=sent, preload_content=False)
        with closing(connection.getresponse()) as answer:
            return int(answer.status)
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        code = "timed_out" if deadline.is_over() or isinstance(error, TimeoutError) else "unreachable"
        raise FetchRefused(code, "the host did not answer as the web does, or not in time") from error
    finally:
        connection.close()
        deadline.release()


def _policy(address: str, *, loopback: bool) -> FetchPolicy:
    """Allow the address's own host: whoever subscribes names it, and the network addresses are checked instead."""
    try:
        parts = urlsplit(address)
        host, name = authority(parts.scheme, parts.hostname or "", parts.port), parts.hostname
    except ValueError:
        host, name = "", None
    here = loopback and name in _HERE
    return FetchPolicy(hosts=frozenset({host}), timeout_seconds=TIMEOUT_SECONDS, max_bytes=0, loopback=here)

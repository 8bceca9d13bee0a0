"""Fetch one address of the web safely: checked at every hop, bounded in time and size, complete or refused."""

import re
import ssl
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException, IncompleteRead
from typing import Final
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, ProtocolError

from marketplace.core.pinned_connection import Deadline, connection_to, resolved
from marketplace.core.web_address import FetchPolicy, FetchRefused, Target, refuse_private, target_of

__all__ = ["FetchPolicy", "FetchRefused", "Fetched", "fetch"]

MAX_REDIRECTS: Final = 3
_ALWAYS: Final = {
    "User-Agent": "fair-price-marketplace (reference rates)",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_PIECE: Final = 64 * 1024
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_VALIDATOR: Final = re.compile(r"[ -~]{1,200}")  # it is sent back as a header
_LENGTH: Final = re.compile(r"[0-9]{1,15}")
_Resolve = Callable[[str, int, float], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """Hold a complete answer: 200 with its body, or 304 without one when it did not change.

    `sha256` is of the body as it is used, after unpacking.
    """

    status: int
    body: bytes
    etag: str | None
    last_modified: str | None
    sha256: str

    @property
    def is_unchanged(self) -> bool:
        """Say whether the answer is the one whose mark was sent."""
        return self.status == 304


def fetch(
    address: str,
    *,
    policy: FetchPolicy,
    headers: Mapping[str, str] | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    resolve: _Resolve = resolved,
) -> Fetched:
    """Return the answer of an address, at most `max_bytes` in at most `timeout_seconds`; raises FetchRefused.

    `headers` (a key) go to the first host only. With `etag` or `last_modified` the answer may be 304, unchanged.
    """
    deadline = Deadline(policy.timeout_seconds)
    asked = _marks(etag, last_modified)
    target = target_of(address, policy=policy)
    secret_to = target.authority
    for hop in range(MAX_REDIRECTS + 1):
        addresses = _addresses(target, policy=policy, deadline=deadline, resolve=resolve, hop=hop)
        secret = headers if headers is not None and target.authority == secret_to else {}
        answer = _ask(target, addresses, headers={**asked, **secret}, policy=policy, deadline=deadline)
        if isinstance(answer, Fetched):
            return answer
        address, target = _next(address, answer, policy=policy)
    raise FetchRefused("redirect_refused", f"the address leads on more than {MAX_REDIRECTS} times")


def _marks(etag: str | None, last_modified: str | None) -> dict[str, str]:
    given = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return {name: value for name, value in given if value is not None and _VALIDATOR.fullmatch(value)}


def _next(address: str, location: str, *, policy: FetchPolicy) -> tuple[str, Target]:
    try:
        following = urljoin(address, location)
        return following, target_of(following, policy=policy)
    except ValueError:
        raise FetchRefused("redirect_refused", "it leads on to what is no address") from None
    except FetchRefused as refused:
        raise FetchRefused("redirect_refused", f"it leads on to where it may not: {refused.words}") from refused


def _addresses(
    target: Target, *, policy: FetchPolicy, deadline: Deadline, resolve: _Resolve, hop: int
) -> Sequence[str]:
    addresses = resolve(target.host, target.port, deadline.step())
    try:
        refuse_private(target, addresses, policy=policy)
    except FetchRefused as refused:
        if hop:
            raise FetchRefused("redirect_refused", f"it leads on to where it may not: {refused.words}") from refused
        raise
    return addresses


def _ask(
    target: Target, addresses: Sequence[str], *, headers: Mapping[str, str], policy: FetchPolicy, deadline: Deadline
) -> Fetched | str:
    """Return the answer of one hop, or the address it leads on to."""
    connection = connection_to(target, addresses, deadline=deadline)
    try:
        connection.request(
            "GET",
            target.path,
            headers={**_ALWAYS, "Host": target.authority, **headers},
            preload_content=False,
            decode_content=False,
            enforce_content_length=True,
        )
        is_conditional = any(name.startswith("If-") for name in headers)
        with closing(connection.getresponse()) as answer:
            taken = _taken(answer, is_conditional=is_conditional, policy=policy)
    except FetchRefused:
        deadline.step()  # what the clock cut off is late, whatever else is wrong with it
        raise
    except (OSError, HTTPError, HTTPException, zlib.error, ValueError) as error:
        raise _named(error, deadline=deadline) from error
    finally:
        connection.close()
        deadline.release()
    deadline.step()  # headers that were cut off by the clock look complete to the library
    return taken


def _taken(answer: BaseHTTPResponse, *, is_conditional: bool, policy: FetchPolicy) -> Fetched | str:
    if answer.status in _REDIRECTS:
        return answer.headers.get("Location", "")
    if answer.status == 304 and is_conditional:
        return _fetched(answer, b"")
    if answer.status != 200:
        raise FetchRefused(f"status_{answer.status}", f"the answer has status {answer.status}, not 200")
    return _fetched(answer, _body(answer, policy=policy))


def _fetched(answer: BaseHTTPResponse, body: bytes) -> Fetched:
    marks = (answer.headers.get("ETag"), answer.headers.get("Last-Modified"))
    etag, modified = (mark if mark is not None and _VALIDATOR.fullmatch(mark) else None for mark in marks)
    return Fetched(answer.status, body, etag, modified, sha256(body).hexdigest())


def _body(answer: BaseHTTPResponse, *, policy: FetchPolicy) -> bytes:
    length = answer.headers.get("Content-Length")
    is_chunked = "chunked" in answer.headers.get("Transfer-Encoding", "").lower()
    if length is None and not is_chunked:
        raise FetchRefused("length_unknown", "the answer does not say how long it is, so a cut would not be seen")
    if length is not None and not _LENGTH.fullmatch(length):
        raise FetchRefused("bad_answer", "the answer's length is no number")
    if length is not None and not is_chunked and int(length) > policy.max_bytes:
        raise _too_large(policy)
    unpack = _unpacker(answer.headers.get("Content-Encoding", ""))
    body, read = bytearray(), 0
    while piece := answer.read(_PIECE, decode_content=False):
        read += len(piece)
        body += unpack.take(piece, at_most=policy.max_bytes + 1 - len(body))
        if read > policy.max_bytes or len(body) > policy.max_bytes:
            raise _too_large(policy)
    if not unpack.is_complete():
        raise FetchRefused("cut_off", "the packed answer ends before its end")
    return bytes(body)


class _Plain:
    """Give back what came."""

    def take(self, piece: bytes, *, at_most: int) -> bytes:
        """Return the piece."""
        return piece[:at_most]

    def is_complete(self) -> bool:
        """Say that the length alone decides."""
        return True


class _Gzip:
    """Unpack what came, never more than asked for: a small answer may unpack to gigabytes."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    def take(self, piece: bytes, *, at_most: int) -> bytes:
        """Return the bytes unpacked; raises FetchRefused when more follows after the end."""
        unpacked = self._unpacker.decompress(piece, at_most)
        if self._unpacker.unused_data:
            raise FetchRefused("bad_answer", "something follows the packed answer")
        return unpacked

    def is_complete(self) -> bool:
        """Say whether the end was reached."""
        return self._unpacker.eof


def _unpacker(encoding: str) -> _Plain | _Gzip:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _Plain()
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    raise FetchRefused("unknown_encoding", "the answer is packed in a way that was not asked for")


def _too_large(policy: FetchPolicy) -> FetchRefused:
    return FetchRefused("too_large", f"the answer is larger than {policy.max_bytes} bytes")


def _named(error: Exception, *, deadline: Deadline) -> FetchRefused:
    """Return the named refusal for what a library raised."""
    if deadline.is_over() or isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return FetchRefused("timed_out", "the answer did not come in time")
    causes = (error, *getattr(error, "args", ()), error.__context__)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return FetchRefused("certificate_refused", "the server could not prove that it is the host asked for")
    if isinstance(error, ssl.SSLError):
        return FetchRefused("not_secure", "no secure connection could be made")
    if isinstance(error, ConnectionError | ProtocolError | IncompleteRead):
        return FetchRefused("cut_off", "the connection ended before the answer was complete")
    if isinstance(error, OSError):
        return FetchRefused("unreachable", "the host does not answer")
    return FetchRefused("bad_answer", "what came is not an answer of the web")

"""Fetching: complete and from where it was asked, or refused with the cause by name."""

import gzip
import threading
import time
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from marketplace.core.fetching import Fetched, FetchPolicy, FetchRefused, fetch
from marketplace.core.pinned_connection import resolved
from tests.rate_server import (
    HOST,
    Mood,
    RateServer,
    certificate,
    conditional,
    good,
    leading_to,
    packed,
    rate_server,
    raw,
    resolve_here,
    silent,
    trickling,
)  # fmt: skip

BODY = b"date,price\n2026-09-29,4129.10\n"


def answer(mood: Mood, *, path: str = "/rates", timeout: float = 5, most: int = 100_000, **more: str) -> Fetched:
    with rate_server(rates=mood) as server:
        return fetch(
            server.address(path), policy=server.policy(timeout=timeout, most=most), resolve=resolve_here, **more
        )  # type: ignore[arg-type]


def refusal(mood: Mood, *, timeout: float = 5, most: int = 100_000) -> str:
    with pytest.raises(FetchRefused) as caught:
        answer(mood, timeout=timeout, most=most)
    return caught.value.code


def test_a_complete_answer_is_given_with_its_marks_and_digest() -> None:
    found = answer(good(BODY, 'ETag: "a1"', "Last-Modified: Tue, 29 Sep 2026 15:00:00 GMT"))

    assert found == Fetched(200, BODY, '"a1"', "Tue, 29 Sep 2026 15:00:00 GMT", sha256(BODY).hexdigest())
    assert not found.is_unchanged


def test_an_answer_in_chunks_and_a_packed_one_are_put_together() -> None:
    chunks = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in (BODY[:5], BODY[5:], b""))
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert answer(raw(head + chunks)).body == BODY
    assert answer(packed(BODY)).body == BODY
    assert answer(good(BODY, "Content-Encoding: identity")).body == BODY


def test_an_answer_that_did_not_change_costs_nothing() -> None:
    found = answer(conditional(BODY, '"a1"'), etag='"a1"')

    assert found.is_unchanged
    assert (found.body, found.etag) == (b"", '"a1"')
    assert answer(conditional(BODY, '"a2"'), etag='"a1"').body == BODY


def test_marks_that_are_no_header_are_neither_kept_nor_sent() -> None:
    assert answer(good(BODY, "ETag: " + "x" * 201)).etag is None
    with rate_server(rates=good(BODY)) as server:
        fetch(server.address(), policy=server.policy(), resolve=resolve_here, etag='"a"\r\nX: y', last_modified="Tue")
        assert "X: y" not in server.asked[0]
        assert "If-Modified-Since: Tue" in server.asked[0]


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        (good(b"oh", status="500 Internal Server Error"), "status_500"),
        (good(b"", status="204 No Content"), "status_204"),
        (good(b"", status="304 Not Modified"), "status_304"),  # nobody asked whether it changed
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), "cut_off"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nshort"), "cut_off"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nshort"), "cut_off"),
        (raw(b"HTTP/1.1 200 OK\r\n\r\nas long as I like"), "length_unknown"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nshort"), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nshort"), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), "bad_answer"),
        (raw(b"220 this is a mail server\r\n\r\n"), "bad_answer"),
        (raw(), "cut_off"),
        (good(BODY, "Content-Encoding: br"), "unknown_encoding"),
        (good(BODY, "Content-Encoding: gzip"), "bad_answer"),
        (good(gzip.compress(BODY)[:-4], "Content-Encoding: gzip"), "cut_off"),
        (good(gzip.compress(BODY) + b"more", "Content-Encoding: gzip"), "bad_answer"),
    ],
)
def test_what_is_not_a_complete_answer_is_refused_by_name(mood: Mood, code: str) -> None:
    assert refusal(mood) == code


@pytest.mark.parametrize(("length", "code"), [(1000, None), (1001, "too_large")])
def test_the_limit_of_size_is_exact_however_the_answer_comes(length: int, code: str | None) -> None:
    body = b"x" * length
    chunked = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (length, body))
    for mood in (good(body), chunked, packed(body)):
        if code is None:
            assert answer(mood, most=1000).body == body
        else:
            assert refusal(mood, most=1000) == code


def test_a_small_answer_that_unpacks_to_a_gigabyte_is_refused_at_once() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    assert len(bomb) < 250_000

    began = time.monotonic()
    assert refusal(good(bomb, "Content-Encoding: gzip"), most=300_000) == "too_large"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "mood",
    [
        silent,
        trickling(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 90),
        trickling(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b"x" * 900),
        trickling(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 100),
    ],
)
def test_a_slow_answer_ends_with_the_time_of_the_whole_not_of_a_step(mood: Mood) -> None:
    began = time.monotonic()
    assert refusal(mood, timeout=0.3) == "timed_out"
    assert time.monotonic() - began < 1.5


def test_a_redirect_to_an_allowed_host_is_followed_three_times_and_no_further() -> None:
    with rate_server(
        one=leading_to("/two"), two=leading_to("three", "301 M"), three=leading_to("/four", "308 P"), four=good(BODY),
        zero=leading_to("/one"), loop=leading_to("/loop"), empty=good(b"", status="302 Found"),
    ) as server:  # fmt: skip
        assert fetch(server.address("/one"), policy=server.policy(), resolve=resolve_here).body == BODY
        assert server.paths() == ["/one", "/two", "/three", "/four"]
        for path in ("/zero", "/loop", "/empty"):
            assert refused_at(server, path) == "redirect_refused"


@pytest.mark.parametrize(
    "location",
    ["http://other.test/", "https://other.test/", "file:///etc/passwd", "//127.0.0.1/", "https://rates.test:1/", "//["],
)
def test_a_redirect_to_anywhere_else_is_refused(location: str) -> None:
    assert refusal(leading_to(location)) == "redirect_refused"


def test_a_redirect_to_a_private_address_is_refused() -> None:
    def resolve(_host: str, _port: int, _seconds: float) -> list[str]:
        seen.append(1)
        return ["127.0.0.1"] if len(seen) == 1 else ["10.0.0.1"]

    seen: list[int] = []
    with rate_server(rates=leading_to("/inside"), inside=good(BODY)) as server:
        with pytest.raises(FetchRefused) as caught:
            fetch(server.address(), policy=server.policy(), resolve=resolve)
        assert caught.value.code == "redirect_refused"
        assert server.paths() == ["/rates"]


def test_the_key_goes_to_the_first_host_only() -> None:
    with rate_server(rates=good(BODY)) as other, rate_server(rates=leading_to(other.address())) as first:
        policy = FetchPolicy(
            hosts=first.policy().hosts | other.policy().hosts, timeout_seconds=5, max_bytes=1000, loopback=True
        )
        fetch(first.address(), policy=policy, headers={"X-Key": "secret"}, resolve=resolve_here)

        assert "X-Key: secret" in first.asked[0]
        assert "secret" not in other.asked[0]


def test_the_host_is_looked_up_once_so_that_a_second_answer_leads_nowhere() -> None:
    def resolve(_host: str, _port: int, _seconds: float) -> list[str]:
        asked.append(1)
        assert len(asked) == 1
        return ["127.0.0.1"]

    asked: list[int] = []
    with rate_server(rates=good(BODY)) as server:
        assert fetch(server.address(), policy=server.policy(), resolve=resolve).body == BODY
        assert f"Host: {HOST}:{server.port}" in server.asked[0]


def test_a_certificate_is_checked_against_the_name_that_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, others = certificate(tmp_path), certificate(tmp_path, "other.test")
    with rate_server(mine, rates=good(BODY)) as server:
        assert refused_at(server) == "certificate_refused", "nobody vouches for it"
        monkeypatch.setenv("SSL_CERT_FILE", str(mine))
        assert fetch(server.address(), policy=server.policy(), resolve=resolve_here).body == BODY
    monkeypatch.setenv("SSL_CERT_FILE", str(others))
    with rate_server(others, rates=good(BODY)) as server:
        assert refused_at(server) == "certificate_refused", "it is another host's"


def test_a_server_without_encryption_behind_https_is_refused() -> None:
    with rate_server(rates=good(BODY)) as server:
        server.scheme = "https"
        assert refused_at(server, timeout=1) in ("not_secure", "timed_out")


def test_a_host_that_does_not_answer_is_unreachable() -> None:
    with rate_server(rates=good(BODY)) as server:
        pass
    assert refused_at(server) == "unreachable"


def test_a_second_address_is_tried_when_the_first_does_not_answer() -> None:
    with rate_server(rates=good(BODY)) as server:
        found = fetch(server.address(), policy=server.policy(), resolve=lambda *_: ["::1", "127.0.0.1"])
    assert found.body == BODY


def test_a_host_is_looked_up_in_time_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "127.0.0.1" in resolved("localhost", 80, 5)
    monkeypatch.setattr("socket.getaddrinfo", failing(OSError))
    with pytest.raises(FetchRefused) as caught:
        resolved("nowhere.test", 80, 5)
    assert caught.value.code == "unresolved"
    late = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [] * late.wait(5))
    with pytest.raises(FetchRefused) as caught:
        resolved("slow.test", 80, 0.05)
    late.set()
    assert caught.value.code == "timed_out"


def test_no_time_left_is_timed_out() -> None:
    with rate_server(rates=good(BODY)) as server:
        assert refused_at(server, timeout=0) == "timed_out"


def refused_at(server: RateServer, path: str = "/rates", *, timeout: float = 5) -> str:
    with pytest.raises(FetchRefused) as caught:
        fetch(server.address(path), policy=server.policy(timeout=timeout), resolve=resolve_here)
    return caught.value.code


def failing(error: type[Exception]) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail

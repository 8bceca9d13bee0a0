"""A web server on this machine that answers in every mood a source of rates may have."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marketplace.core.fetching import FetchPolicy

HOST = "rates.test"
Say = Callable[[bytes], None]
Mood = Callable[[Say, str], None]


def resolve_here(_host: str, _port: int, _seconds: float) -> list[str]:
    """Every host is this machine."""
    return ["127.0.0.1"]


@dataclass
class RateServer:
    """Answers with the mood of the path asked; remembers what was asked."""

    moods: dict[str, Mood] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    scheme: str = "http"

    def address(self, path: str = "/rates") -> str:
        """The address of a path."""
        return f"{self.scheme}://{HOST}:{self.port}{path}"

    def policy(self, *, timeout: float = 5, most: int = 100_000) -> FetchPolicy:
        """A policy that allows this server."""
        return FetchPolicy(
            hosts=frozenset({f"{HOST}:{self.port}"}), timeout_seconds=timeout, max_bytes=most, loopback=True
        )

    def paths(self) -> list[str]:
        """The paths asked, in order."""
        return [request.split(" ")[1] for request in self.asked]

    def serve(self, listening: socket.socket, context: ssl.SSLContext | None) -> None:
        """Answer each caller in a thread of its own until the socket closes."""
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(caller, context), daemon=True).start()

    def _answer(self, caller: socket.socket, context: ssl.SSLContext | None) -> None:
        with suppress(OSError), caller:
            caller.settimeout(10)
            line = context.wrap_socket(caller, server_side=True) if context else caller
            with line:
                request = b""
                while b"\r\n\r\n" not in request and (piece := line.recv(4096)):
                    request += piece
                text = request.decode("latin-1")
                self.asked.append(text)
                self.moods.get((*text.split(" "), "")[1], _hang_up)(line.sendall, text)


def _hang_up(_say: Say, _request: str) -> None:
    """Say nothing: what came was no question."""


@contextmanager
def rate_server(tls: Path | None = None, **moods: Mood) -> Iterator[RateServer]:
    """Run a server for a while; `rates=mood` answers /rates."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = RateServer({f"/{name}": mood for name, mood in moods.items()}, port=listening.getsockname()[1])
    context = None
    if tls is not None:
        server.scheme, context = "https", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
    thread = threading.Thread(target=server.serve, args=(listening, context), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=5)


def raw(*pieces: bytes) -> Mood:
    """Say exactly these bytes, then hang up."""

    def mood(say: Say, _request: str) -> None:
        for piece in pieces:
            say(piece)

    return mood


def good(body: bytes, *headers: str, status: str = "200 OK") -> Mood:
    """Answer properly."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def packed(body: bytes) -> Mood:
    """Answer properly, packed."""
    return good(gzip.compress(body), "Content-Encoding: gzip")


def leading_to(location: str, status: str = "302 Found") -> Mood:
    """Lead on to another address."""
    return good(b"", f"Location: {location}", status=status)


def trickling(server_said: bytes, beat: float = 0.02) -> Mood:
    """Say one byte at a time, each well within the time of a step, for as long as anyone listens."""

    def mood(say: Say, _request: str) -> None:
        for byte in server_said:
            say(bytes([byte]))
            threading.Event().wait(beat)

    return mood


def silent(say: Say, _request: str) -> None:
    """Say nothing for longer than anyone waits."""
    threading.Event().wait(3)


def conditional(body: bytes, etag: str) -> Mood:
    """Answer 304 to whoever names the mark."""

    def mood(say: Say, request: str) -> None:
        if f"if-none-match: {etag}".lower() in request.lower():
            raw(f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode())(say, request)
        else:
            good(body, f"ETag: {etag}")(say, request)

    return mood


def certificate(folder: Path, host: str = HOST) -> Path:
    """Write a certificate that signs itself, with its key, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{host}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file

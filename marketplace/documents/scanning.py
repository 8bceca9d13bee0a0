"""Ask a virus scanner about a file: clamd over TCP or a unix socket, when one is set. It fails closed.

Source: clamd(8), INSTREAM: "zINSTREAM" and a zero byte, then chunks of a 4-byte length in network order and so many
bytes, ended by a length of nought; the answer ends with a zero byte.
"""

import socket
import struct
import time
from typing import Final
from urllib.parse import urlsplit

from marketplace.core.errors import Unavailable
from marketplace.core.text import N_
from marketplace.documents.files import FileRefused

SECONDS: Final = 20.0
PORT: Final = 3310
_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_CLEAN: Final = b"stream: OK"


class ScannerAway(Unavailable):
    """The scanner does not answer, so nothing is taken in."""

    code = "scanner_away"
    message = N_("Files cannot be checked for viruses now, so none is taken. Try again in a few minutes.")


def scan(content: bytes, *, address: str, seconds: float = SECONDS) -> None:
    """Return when the scanner finds nothing; raise FileRefused for a virus, ScannerAway for every other answer."""
    ends = time.monotonic() + seconds
    try:
        with _connected(address, seconds) as wire:
            _send(wire, b"zINSTREAM\0", ends)
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                _send(wire, struct.pack("!I", len(chunk)) + chunk, ends)
            _send(wire, struct.pack("!I", 0), ends)
            answer = _answer(wire, ends)
    except OSError as error:  # a time-out is one too
        raise ScannerAway from error
    if answer.endswith(b" FOUND"):
        raise FileRefused(N_("The virus scanner found something in this file. Scan the paper again on a clean device."))
    if answer != _CLEAN:
        raise ScannerAway


def _connected(address: str, seconds: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(seconds)
        try:
            wire.connect(parts.path)
        except OSError:
            wire.close()
            raise
        return wire
    return socket.create_connection((parts.hostname or "", parts.port or PORT), timeout=seconds)


def _send(wire: socket.socket, data: bytes, ends: float) -> None:
    wire.settimeout(_left(ends))
    wire.sendall(data)


def _answer(wire: socket.socket, ends: float) -> bytes:
    found = b""
    while not found.endswith(b"\0") and len(found) < _LONGEST_ANSWER:
        wire.settimeout(_left(ends))
        part = wire.recv(_LONGEST_ANSWER)
        if not part:
            break
        found += part
    return found.rstrip(b"\0").strip()


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left

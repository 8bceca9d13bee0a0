"""The virus scanner: what is sent to it, and that nothing passes unless it says so."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from marketplace.documents.files import FileRefused
from marketplace.documents.scanning import ScannerAway, scan

CONTENT = b"%PDF" + bytes(range(256)) * 1000  # four chunks


@contextmanager
def scanner(answer: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """Listen as clamd does; yield the address and what came. None never answers."""
    came: list[bytes] = []
    done = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        gone = contextlib.suppress(OSError, struct.error)  # who asked may have hung up
        with gone, server, server.accept()[0] as wire, wire.makefile("rb") as lines:
            came.append(lines.read(10))
            while length := struct.unpack("!I", lines.read(4))[0]:
                came.append(lines.read(length))
            if answer is None:
                done.wait(5)
            else:
                wire.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"tcp://127.0.0.1:{server.getsockname()[1]}", came
    done.set()
    thread.join(5)


def test_a_clean_file_is_sent_whole_and_passes() -> None:
    with scanner(b"stream: OK\0") as (address, came):
        scan(CONTENT, address=address)

    assert came[0] == b"zINSTREAM\0"
    assert b"".join(came[1:]) == CONTENT
    assert max(len(chunk) for chunk in came[1:]) == 65_536


def test_a_virus_is_refused() -> None:
    with scanner(b"stream: Eicar-Test-Signature FOUND\0") as (address, _came), pytest.raises(FileRefused) as refused:
        scan(CONTENT, address=address)
    assert refused.value.message.startswith("The virus scanner found something in this file.")


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\0", b"stream: OKAY\0", b"HTTP/1.1 200 OK\r\n\0"]
)
def test_any_other_answer_lets_nothing_pass(answer: bytes) -> None:
    with scanner(answer) as (address, _came), pytest.raises(ScannerAway):
        scan(CONTENT, address=address)


def test_a_scanner_that_is_silent_lets_nothing_pass() -> None:
    with scanner(None) as (address, _came), pytest.raises(ScannerAway):
        scan(CONTENT, address=address, seconds=0.2)


def test_a_scanner_that_is_not_there_lets_nothing_pass(tmp_path: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ScannerAway):
        scan(CONTENT, address=f"tcp://127.0.0.1:{port}")
    with pytest.raises(ScannerAway):
        scan(CONTENT, address=f"unix://{tmp_path}/no.socket")


def test_no_time_left_is_a_silent_scanner() -> None:
    with scanner(b"stream: OK\0") as (address, _came), pytest.raises(ScannerAway):
        scan(CONTENT, address=address, seconds=1e-9)

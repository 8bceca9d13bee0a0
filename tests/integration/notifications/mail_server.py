"""A mail server of twenty lines: it takes one letter, refuses one, or says nothing at all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServer:
    """What arrived."""

    def __init__(self, *, refuses: bool, silent: bool) -> None:
        self.refuses, self.silent, self.letters = refuses, silent, list[str]()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]

    def serve(self) -> None:
        """Speak SMTP with each caller until the socket closes."""
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            with caller, caller.makefile("rwb") as stream:
                if self.silent:
                    stream.read()  # until the caller gives up
                else:
                    self._speak(stream)

    def _speak(self, stream: socket.SocketIO) -> None:
        def say(line: bytes) -> None:
            stream.write(line + b"\r\n")
            stream.flush()

        say(b"220 ready")
        while line := stream.readline():
            word = line[:4].upper()
            if word == b"RCPT" and self.refuses:
                say(b"451 try later")
            elif word == b"DATA":
                say(b"354 go on")
                self.letters.append(b"".join(iter(stream.readline, b".\r\n")).decode())
                say(b"250 taken")
            else:
                say(b"221 bye" if word == b"QUIT" else b"250 fine")


@contextmanager
def mail_server(*, refuses: bool = False, silent: bool = False) -> Iterator[MailServer]:
    """Run a mail server for a while."""
    server = MailServer(refuses=refuses, silent=silent)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.socket.shutdown(socket.SHUT_RDWR)
        server.socket.close()
        thread.join(timeout=5)

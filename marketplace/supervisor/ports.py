"""Find out that a port is taken before anything is started."""

from __future__ import annotations

import socket


class PortTaken(Exception):
    """Another program listens where one of ours should."""


def require_free(host: str, port: int, *, setting: str) -> None:
    """Raise `PortTaken`, naming the port and the setting that moves it, when nobody else may listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # the web server does the same, so that a connection still closing is no obstacle
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} on {host} cannot be used ({error.strerror}). "
                f"Stop the program that uses it, or choose another: {setting}={port + 1} make run"
            ) from None

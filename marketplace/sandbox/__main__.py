"""Start the sandbox: `python -m marketplace.sandbox --port 4242 --state sandbox.db …`."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from marketplace.sandbox.app import SandboxSettings, create_sandbox, start_background
from marketplace.sandbox.webhooks import Endpoint

REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; refuse to start in production."""
    if os.environ.get("ENVIRONMENT", "").strip().lower() == "production":
        print("The payment sandbox holds no real money and must not run in production.", file=sys.stderr)
        return REFUSED
    options = _parser().parse_args(arguments)
    if bool(options.webhook_url) != bool(options.webhook_secret):
        print("--webhook-url and --webhook-secret belong together.", file=sys.stderr)
        return REFUSED
    if not options.secret_key.startswith("sk_test_"):
        print("--secret-key must start with sk_test_: the sandbox never takes a live key.", file=sys.stderr)
        return REFUSED
    _serve(options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m marketplace.sandbox", description="A stand-in for Stripe's API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="SQLite file that keeps the sandbox's state")
    parser.add_argument("--webhook-url", help="where signed events are sent; without it none are sent")
    parser.add_argument("--webhook-secret", help="the whsec_… secret that signs events")
    parser.add_argument("--secret-key", required=True, help="the sk_test_… key that callers must show")
    parser.add_argument("--public-url", help="address of the payment page for browsers, when not that of the API")
    return parser


def _serve(options: argparse.Namespace) -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    endpoint = Endpoint(options.webhook_url, options.webhook_secret) if options.webhook_url else None
    settings = SandboxSettings(options.state, options.secret_key, endpoint, options.public_url)
    app = create_sandbox(settings)
    # One process with threads: a killed sandbox is gone at once and leaves no children on its port.
    server = make_server(options.host, options.port, app, threaded=True, request_handler=_Handler)
    signal.signal(signal.SIGTERM, _stop)
    start_background(app, settings)
    print(f"Payment sandbox on http://{options.host}:{server.port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class _Handler(WSGIRequestHandler):
    """Keep connections open between calls, and never wait for ever on a silent one."""

    protocol_version = "HTTP/1.1"
    timeout = 30


if __name__ == "__main__":
    sys.exit(main())

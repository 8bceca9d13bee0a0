"""`audit witness`: a small server that keeps other logs honest."""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import click

from marketplace.audit.signer_keys import new_key
from marketplace.audit.signer_state import StateFile, write_durably
from marketplace.audit.tlog.keys import KeyKind, SignerKey
from marketplace.audit.tlog.policy import parse_policy
from marketplace.audit.witnessing import MAX_BODY_BYTES, Answer, Witness
from marketplace.cli.audit.answers import refusals

PATH: Final = "/add-checkpoint"
SECONDS_TO_SEND: Final = 10


@click.command("witness")
@click.option("--name", required=True, help="The witness's name, such as witness.example/w1.")
@click.option("--logs", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="A policy file: its log lines name the logs to watch.")  # fmt: skip
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="Where the key and what was seen are kept.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65_535), default=8200, show_default=True)
def serve(*, name: str, logs: Path, folder: Path, host: str, port: int) -> None:
    """Sign the checkpoints of other logs that only grew (C2SP tlog-witness). Put TLS before it."""
    with refusals(as_json=False):
        witness = load_witness(name=name, logs=logs, folder=folder)
    server = make_server(witness, host=host, port=port)
    click.echo(witness.key.verifier.text)
    click.echo(f"Listening on http://{host}:{server.server_port}{PATH}")
    server.serve_forever()


def load_witness(*, name: str, logs: Path, folder: Path) -> Witness:
    """Return the witness of a folder; its key makes itself the first time. Raises Malformed."""
    path = folder / "witness.key"
    if not path.exists():
        made = new_key(name)
        write_durably(path, f"{SignerKey(name, made.seed, KeyKind.COSIGNATURE).secret_text}\n")
    key = SignerKey.parse(path.read_text(encoding="utf-8").strip())
    return Witness(key, parse_policy(logs.read_bytes()).logs, StateFile(folder / "seen.json"))


def make_server(witness: Witness, *, host: str, port: int) -> ThreadingHTTPServer:
    """Return the server, bound and not serving yet; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        """One request."""

        timeout = SECONDS_TO_SEND

        def do_POST(self) -> None:
            """Answer `POST /add-checkpoint`."""
            length = self.headers.get("Content-Length", "")
            if self.path != PATH:
                self._say(Answer(404, b"Nothing is here.\n"))
            elif not (length.isascii() and length.isdigit() and int(length) <= MAX_BODY_BYTES):
                self._say(Answer(413, b"The body is too long, or its length is not told.\n"))
            else:
                self._say(witness.add_checkpoint(self.rfile.read(int(length)), timestamp=int(time.time())))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
            """Say nothing."""

        def _say(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    return ThreadingHTTPServer((host, port), Handler)


COMMANDS: Final = (serve,)

"""How the commands answer: a sentence for people or JSON for programs, and an exit code."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NoReturn, TypeVar

import click

from marketplace.audit.tlog.errors import Malformed, TlogError

DONE: Final = 0
DOES_NOT_HOLD: Final = 1
NOT_TRIED: Final = 2
# What was not there or could not be read; everything else that the log refuses means that something does not hold.
_NOT_TRIED: Final = frozenset({
    "file", "key-file", "key-there", "last-key", "no-checkpoint", "no-event", "no-key", "no-witnesses",
    "not-signed-yet", "origin-used", "state-unreadable", "unknown-key", "verification-stopped",
})  # fmt: skip
Command = TypeVar("Command", bound=Callable[..., Any])


def with_json(command: Command) -> Command:
    """Give a command the option --json."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(command)


def answer(sentence: str, *, as_json: bool, **details: object) -> None:
    """Print what was done."""
    _print(sentence, {"ok": True, **details}, as_json=as_json)


def end(exit_code: int, sentence: str, *, as_json: bool, **details: object) -> NoReturn:
    """Print what does not hold, or could not be tried, and leave."""
    _print(sentence, {"ok": False if exit_code == DOES_NOT_HOLD else None, **details}, as_json=as_json)
    sys.exit(exit_code)


@contextmanager
def refusals(*, as_json: bool) -> Iterator[None]:
    """Turn what the log refuses into an answer and an exit code."""
    try:
        yield
    except TlogError as error:
        was_not_tried = isinstance(error, Malformed) or error.code in _NOT_TRIED
        end(NOT_TRIED if was_not_tried else DOES_NOT_HOLD, error.message, as_json=as_json, code=error.code)


def _print(sentence: str, details: Mapping[str, object], *, as_json: bool) -> None:
    click.echo(json.dumps({**details, "message": sentence}, ensure_ascii=False) if as_json else sentence)

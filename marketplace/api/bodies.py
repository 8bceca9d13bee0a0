"""Read JSON bodies strictly: one meaning or none.

Refused: another content type, more than 64 KiB, bytes that are not UTF-8, a name given twice, NaN and Infinity, numbers
of more than twenty digits, more than twenty levels, and characters that PostgreSQL cannot hold.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NoReturn

from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser

from marketplace.api.problems import FieldsRefused, Refusal
from marketplace.core.errors import FieldError
from marketplace.core.text import N_

LARGEST_BODY: Final = 64 * 1024
MOST_LEVELS: Final = 20
MOST_DIGITS: Final = 20


class UnreadableBody(Refusal):
    """The body is not one JSON value with one meaning."""

    status = 400
    code = "unreadable_body"
    message = N_("The body is not readable JSON: UTF-8, each name once, finite numbers, at most twenty levels.")


class UnsupportedBody(Refusal):
    """The body has another content type than the operation takes."""

    status = 415
    code = "unsupported_media_type"
    message = N_("Send the body as %(wanted)s.")


class StrictParser(FlaskParser):
    """webargs with our reader of JSON, unknown query parameters refused, and our errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the value of the body."""
        if req.mimetype != "application/json":
            raise UnsupportedBody(wanted="application/json")
        req.max_content_length = LARGEST_BODY
        return read_json(req.get_data(cache=True))

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_options: Any) -> NoReturn:
        """Raise every field's error at once."""
        messages: Any = error.messages
        ((location, found),) = messages.items()
        raise FieldsRefused(dict(_flattened(found, ())), place="parameter" if location == "query" else "pointer")


def read_json(raw: bytes) -> Any:
    """Return the one value that `raw` means; raises UnreadableBody."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_int=_whole,
            parse_float=_decimal,
        )
    except (ValueError, ArithmeticError, RecursionError):
        raise UnreadableBody from None
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableBody
    return found


def _refuse(_word: str) -> NoReturn:
    raise UnreadableBody


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise UnreadableBody
    return int(digits)


def _decimal(digits: str) -> Decimal:
    # No field takes a number with a fraction; the value is kept so that the field itself says so.
    if len(digits) > MOST_DIGITS:
        raise UnreadableBody
    return Decimal(digits)


def _check(value: Any) -> None:
    """Walk without recursion: the depth is the caller's choice."""
    waiting = [(value, 1)]
    while waiting:
        each, level = waiting.pop()
        if level > MOST_LEVELS:
            raise UnreadableBody
        if isinstance(each, str):
            _check_text(each)
        elif isinstance(each, dict):
            waiting += [(part, level + 1) for pair in each.items() for part in pair]
        elif isinstance(each, list):
            waiting += [(part, level + 1) for part in each]


def _check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise UnreadableBody


def _flattened(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[str, FieldError]]:
    if isinstance(messages, dict):
        for name, found in messages.items():
            yield from _flattened(found, path if name == "_schema" else (*path, str(name)))
    elif messages:
        yield ".".join(path), FieldError(str(messages[0] if isinstance(messages, list) else messages))

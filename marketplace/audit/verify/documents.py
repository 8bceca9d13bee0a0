"""JSON documents that are signed: read so that every program reads them alike, written canonically (RFC 8785)."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import rfc8785

from ..tlog.errors import Malformed
from ..tlog.leaves import read_json

MAX_DOCUMENT_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 64
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def read_document(raw: bytes, *, what: str) -> dict[str, Any]:
    """Read a JSON object.

    Raises Malformed: `json-size`, `json` (not JSON, a name twice, NaN), `json-depth`, `json-number` (beyond 2^53),
    `json-surrogate`.
    """
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise Malformed("json-size", f"The {what} has {len(raw)} bytes; at most {MAX_DOCUMENT_BYTES} are read.")
    found = read_json(raw, what=what, code="json")
    if not isinstance(found, dict):
        raise Malformed("json", f"The {what} is not a JSON object.")
    _check_depth(found, what=what)
    canonical_bytes(found, what=what)
    return found


def canonical_bytes(document: Mapping[str, Any], *, what: str) -> bytes:
    """Write canonical JSON; raises Malformed (`json-number`, `json-surrogate`)."""
    try:
        return rfc8785.dumps(dict(document))
    except (rfc8785.IntegerDomainError, rfc8785.FloatDomainError) as error:
        raise Malformed("json-number", f"The {what} has a number beyond 2^53; programs would round it.") from error
    except (ValueError, RecursionError) as error:
        raise Malformed("json-surrogate", f"The {what} has half a surrogate pair, which UTF-8 cannot write.") from error


def readable(document: Mapping[str, Any]) -> str:
    """Return the document on many lines, for people."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read_time(text: object, *, what: str) -> datetime:
    """Read a time with its zone (RFC 3339, XML Schema dateTimeStamp); raises Malformed (`time`)."""
    if isinstance(text, str) and _TIME.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise Malformed("time", f"The time {what} is not written as year-month-day, T, hours and a zone.")


def time_text(moment: datetime) -> str:
    """Write a UTC time to the second, as `2026-11-28T03:00:00Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _check_depth(document: object, *, what: str) -> None:
    level: list[object] = [document]
    for _ in range(MAX_DEPTH):
        inner: list[object] = []
        for each in level:
            inner += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        if not inner:
            return
        level = inner
    raise Malformed("json-depth", f"The {what} is nested more than {MAX_DEPTH} levels deep.")

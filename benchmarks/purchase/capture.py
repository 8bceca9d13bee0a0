"""Take the statements of one purchase from the server's own log, and make a pgbench script of them.

The script sends the same texts with the same parameters. What differs from purchase to purchase (the lot, the buyer,
new ids, the order's reference, the form's key) is worked out from `:lot`, `:buyer` and `:unique`; everything else is a
parameter that never changes. Values travel as bound parameters, as the driver sends them.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from benchmarks.purchase import stage
from benchmarks.purchase.stage import Stage
from marketplace.core.crypto import digest
from tests.builders import copies

_MESSAGE: Final = re.compile(r"(?:execute [^:]+|statement): (.*)", re.DOTALL)
_PARAMETER: Final = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")
_PLACE: Final = re.compile(r"\$(\d+)")
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ORDER: Final = re.compile(r"OR-[0-9A-Z]{4}-[0-9A-Z]{4}")
# Room for new ids in one purchase.
_IDS: Final = 64


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the server saw it; a parameter of None is NULL."""

    text: str
    parameters: Mapping[int, str | None]


@dataclass(frozen=True, slots=True)
class Script:
    """A pgbench script, and the values of its variables that never change."""

    text: str
    constants: Mapping[str, str]


@contextmanager
def logged(on: Stage) -> Iterator[None]:
    """Let the server log every statement as JSON for a while."""
    with on.administer() as admin:
        admin.execute("ALTER SYSTEM SET log_destination = 'jsonlog'")
        admin.execute("ALTER SYSTEM SET log_statement = 'all'")
        admin.execute("SELECT pg_reload_conf()")
        time.sleep(1)  # every server process takes the new setting at its next statement after this
        try:
            yield
        finally:
            admin.execute("ALTER SYSTEM RESET log_statement")
            admin.execute("ALTER SYSTEM RESET log_destination")
            admin.execute("SELECT pg_reload_conf()")
            time.sleep(1)


def statements_of(server: Path, *, session_with: str) -> list[Statement]:
    """Return the statements from BEGIN to COMMIT of the transaction that has `session_with` in one of its texts."""
    lines = [line for log in (server / "postgres" / "log").glob("*.json") for line in log.read_text().splitlines()]
    entries = [json.loads(line) for line in lines]
    for session in dict.fromkeys(entry.get("session_id") for entry in entries):
        found: list[Statement] = []
        for entry in entries:
            match = _MESSAGE.fullmatch(entry.get("message", ""))
            if match is None or entry.get("session_id") != session:
                continue
            text = match[1].strip().rstrip(";")
            if text.upper() == "BEGIN":
                found = []
            if text:
                found.append(Statement(text, _parameters(entry)))
            if text.upper() == "COMMIT" and any(session_with in statement.text for statement in found):
                return found
    raise LookupError(f"no transaction with {session_with!r} in the server's log")


def script_of(statements: Sequence[Statement], *, lot: int, buyer: int, since_ms: int) -> Script:
    """Return a script that does again, for other lots and buyers, what was captured for one."""
    new_ids: dict[str, int] = {}
    for statement in statements:
        for value in statement.parameters.values():
            for found in _UUID.findall(value or ""):
                if UUID(found).int >> 80 >= since_ms and int(found[:1], 16) == 0:
                    new_ids.setdefault(found, len(new_ids))
    if len(new_ids) > _IDS:
        raise ValueError("more new ids than the script has room for")
    varying = _varying(lot, buyer) | {
        found: f"lpad(to_hex(:unique::bigint * {_IDS} + {number}), 32, '0')" for found, number in new_ids.items()
    }
    constants: dict[str, str] = {}
    lines = [_line(number, statement, varying, constants) for number, statement in enumerate(statements)]
    return Script("\n".join(lines), constants)


def _varying(lot: int, buyer: int) -> dict[str, str]:
    def copy(beginning: str, variable: str) -> str:
        return f"('{beginning}' || lpad(to_hex(:{variable}::bigint), 12, '0'))"

    return {
        str(copies.copied(copies.LOT, lot)): copy(copies.LOT, "lot"),
        str(copies.copied(copies.VERSION, lot)): copy(copies.VERSION, "lot"),
        copies.reference_of(lot): "('TZ-' || lpad(:lot::text, 8, '0'))",
        stage.key_of(lot): "('key-' || :unique::text)",
        str(copies.copied(copies.PERSON, buyer)): copy(copies.PERSON, "buyer"),
        str(copies.copied(copies.BUYER, buyer)): copy(copies.BUYER, "buyer"),
        digest(stage.token_of(buyer)): "encode(sha256(('buyer-' || :buyer::text)::bytea), 'hex')",
    }


def _line(number: int, statement: Statement, varying: Mapping[str, str], constants: dict[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        value = statement.parameters[int(match[1])]
        if value is None:
            return "NULL"
        parts = _parts(value, varying)
        if all(is_text for is_text, _ in parts):
            name = f"p{number}_{match[1]}"
            constants[name] = value
            return f":{name}"
        expressions = []
        for place, (is_text, part) in enumerate(parts):
            name = f"p{number}_{match[1]}_{place}"
            if is_text:
                constants[name] = part
            expressions.append(f":{name}::text" if is_text else part)
        return f"({' || '.join(expressions)})"

    return _PLACE.sub(value_of, " ".join(statement.text.split())) + ";"


def _parts(value: str, varying: Mapping[str, str]) -> list[tuple[bool, str]]:
    """Return a value as pieces: (True, text that never changes) or (False, expression)."""
    tokens = "|".join([*map(re.escape, varying), _ORDER.pattern])
    parts: list[tuple[bool, str]] = []
    for place, piece in enumerate(re.split(f"({tokens})", value)):
        if place % 2:
            parts.append((False, varying.get(piece, "('OR-' || :unique::text)")))
        elif piece or not value:
            parts.append((True, piece))
    return parts


def _parameters(entry: Mapping[str, Any]) -> dict[int, str | None]:
    detail = entry.get("detail") or ""
    return {
        int(number): None if value == "NULL" else value[1:-1].replace("''", "'")
        for number, value in _PARAMETER.findall(detail)
    }

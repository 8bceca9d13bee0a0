"""Idempotency keys: the first answer is kept for a day and given again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from marketplace.sandbox.refusals import Refusal
from marketplace.sandbox.store import Transaction

KEPT_SECONDS: Final = 24 * 60 * 60
LONGEST_KEY: Final = 255


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it left the sandbox the first time."""

    status: int
    body: str
    request_id: str


def fingerprint_of(path: str, parameters: dict[str, Any]) -> str:
    """Return what must be equal for a key to be used again."""
    return hashlib.sha256(json.dumps([path, parameters], sort_keys=True).encode()).hexdigest()


def begin(tx: Transaction, *, key: str, fingerprint: str, request_id: str) -> Answer | None:
    """Reserve a key, or return its first answer; refuse other parameters and a request still running."""
    if len(key) > LONGEST_KEY:
        raise Refusal("Idempotency keys can be up to 255 characters long.", kind="idempotency_error")
    tx.execute("DELETE FROM idempotency WHERE created < ?", (tx.now() - KEPT_SECONDS,))
    row = tx.execute("SELECT * FROM idempotency WHERE key = ?", (key,)).fetchone()
    if row is None:
        tx.execute(
            "INSERT INTO idempotency (key, fingerprint, request_id, created) VALUES (?, ?, ?, ?)",
            (key, fingerprint, request_id, tx.now()),
        )
        return None
    if row["fingerprint"] != fingerprint:
        raise Refusal(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    if row["status"] is None:
        raise Refusal(
            f"There is currently another in-progress request using this idempotency key: {key}.",
            status=409,
            kind="idempotency_error",
            code="idempotency_key_in_use",
        )
    return Answer(status=row["status"], body=row["body"], request_id=row["request_id"])


def finish(tx: Transaction, *, key: str, status: int, body: str) -> None:
    """Keep the first answer of a key."""
    tx.execute("UPDATE idempotency SET status = ?, body = ? WHERE key = ?", (status, body, key))


def forget(tx: Transaction, *, key: str) -> None:
    """Free a key whose request never began: its parameters were refused."""
    tx.execute("DELETE FROM idempotency WHERE key = ? AND status IS NULL", (key,))

"""Faults asked for on the control page; each is counted or switched, so a run can be repeated exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marketplace.sandbox.refusals import invalid
from marketplace.sandbox.store import Transaction

# Name, largest value, what it does.
FAULTS: Final[tuple[tuple[str, int, str], ...]] = (
    ("fail_next", 1000, "Answer the next N API calls with 500 before doing anything"),
    ("cut_next", 1000, "Do the work of the next N API calls, then cut the connection without an answer"),
    ("slow_next", 1000, "Make the next N API calls slow"),
    ("slow_ms", 120_000, "Milliseconds that a slow API call waits"),
    ("fail_refunds_next", 1000, "Accept the next N refunds, then let them fail at the bank"),
    ("pend_refunds_next", 1000, "Leave the next N refunds pending until the bank's answer below"),
    ("duplicate_next", 1000, "Deliver the next N events twice"),
    ("drop_next", 1000, "Never deliver the next N events"),
    ("delay_ms", 86_400_000, "Milliseconds that every new event waits before it is delivered"),
    ("hold", 1, "1 holds new events back; releasing them delivers the newest first"),
)
_LARGEST: Final = {name: largest for name, largest, _ in FAULTS}


def read(tx: Transaction) -> dict[str, int]:
    """Return every fault with its value."""
    return {name: tx.setting(name) for name in _LARGEST}


def change(tx: Transaction, wanted: Mapping[str, Any]) -> None:
    """Set the named faults; a name or value that does not exist is refused and nothing changes."""
    for name, value in wanted.items():
        if name not in _LARGEST:
            raise invalid(name, f"There is no fault named {name}.", code="parameter_unknown")
        tx.set(name, _number(name, value))


def clear(tx: Transaction) -> None:
    """Switch every fault off."""
    change(tx, dict.fromkeys(_LARGEST, 0))


def take(tx: Transaction, name: str) -> bool:
    """Use up one of a counted fault; say whether there was one left."""
    left = tx.setting(name)
    if left > 0:
        tx.set(name, left - 1)
    return left > 0


def _number(name: str, value: Any) -> int:
    written = str(int(value)) if isinstance(value, bool) else str(value).strip()
    if not written.isascii() or not written.isdigit() or len(written) > 9 or int(written) > _LARGEST[name]:
        raise invalid(name, f"{name} is a whole number from 0 to {_LARGEST[name]}.")
    return int(written)

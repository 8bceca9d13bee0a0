"""What a check found, in a sentence and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..tlog.checkpoints import OpenedCheckpoint
from ..tlog.encoding import base64_text


@dataclass(frozen=True, slots=True)
class Result:
    """What was found: one plain sentence, and the same for programs. `holds` is None where a part was not checked.

    A check of one thing raises DoesNotHold instead of `holds` being false; a check of many tells each of them.
    """

    sentence: str
    details: Mapping[str, Any]
    holds: bool | None = True
    code: str = "ok"


def details_of(opened: OpenedCheckpoint) -> dict[str, Any]:
    """Return what programs want to know of a verified checkpoint; times are POSIX seconds."""
    return {
        "origin": opened.checkpoint.origin,
        "size": opened.checkpoint.size,
        "root": base64_text(opened.checkpoint.root),
        "log_keys": [each.key.text for each in opened.logs],
        "witnesses": [{"name": each.key.name, "timestamp": each.timestamp} for each in opened.witnesses],
        "ignored_signatures": opened.ignored,
    }


def witnessed(opened: OpenedCheckpoint) -> str:
    """Say how many witnesses vouch for the checkpoint."""
    count = len(opened.witnesses)
    if count == 0:
        return "No witness was asked."
    return f"{count} {'witness' if count == 1 else 'witnesses'} signed it too."

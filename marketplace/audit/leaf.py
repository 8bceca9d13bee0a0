"""The bytes that stand for a change for ever, and the disclosures that may be erased.

Leaf: RFC 8785 canonical JSON, at most 65,535 bytes. Disclosure: RFC 9901 base64url of [salt, name, value];
the leaf carries only its SHA-256. Pure, but for the random salts handed in.
"""

import binascii
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

import rfc8785

from marketplace.core.errors import DomainError
from marketplace.core.text import N_

MAX_LEAF_BYTES = 65_535
# Made once: every entry encodes a dozen values.
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
_KEPT: Final = (str, bool)
# Named, because the collector of translations reads the bytes of any call of a "translate" as a text.
_PADDING: Final = b"="


@dataclass(frozen=True, slots=True)
class Target:
    """What an event is about."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happened: `hashes` go into the leaf in clear, `details` beside it as disclosures."""

    at: datetime
    action: str
    targets: Sequence[Target]
    outcome: str
    hashes: Mapping[str, str]
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One erasable fact: its digest stands in the leaf, its text beside it."""

    name: str
    digest: str
    encoded: str


class LeafTooLarge(DomainError):
    """The event would not fit the 65,535 bytes of a log entry."""

    code = "entry_too_large"
    message = N_("This is about too many things for one entry of the log. Do it in smaller parts.")


def disclose(name: str, value: object, *, salt: bytes) -> Disclosure:
    """Encode one fact, of JSON's own types, with its salt (RFC 9901 section 4.2.1) and digest it."""
    array = _JSON.encode([_base64url(salt), name, value])
    encoded = _base64url(array.encode("utf-8"))
    return Disclosure(name, _base64url(hashlib.sha256(encoded.encode("ascii")).digest()), encoded)


def leaf_bytes(change: Change, *, event_id: UUID, nonce: bytes, disclosures: Sequence[Disclosure]) -> bytes:
    """Return the canonical leaf; raise LeafTooLarge over 65,535 bytes."""
    leaf = _canonical(
        {
            "v": 1,
            "id": str(event_id),
            "at": change.at.isoformat().replace("+00:00", "Z"),
            "act": change.action,
            "tgt": [{"type": target.type, "id": target.id} for target in change.targets],
            "out": change.outcome,
            "obj": dict(change.hashes),
            "n": _base64url(nonce),
            "_sd": sorted(disclosure.digest for disclosure in disclosures),
            "_sd_alg": "sha-256",
        }
    )
    if len(leaf) > MAX_LEAF_BYTES:
        raise LeafTooLarge
    return leaf


def make_disclosures(facts: Mapping[str, object], *, salt: Callable[[], bytes]) -> list[Disclosure]:
    """Disclose every fact, of JSON's own types, under a salt of its own."""
    return [disclose(name, value, salt=salt()) for name, value in facts.items() if value is not None and value != ""]


def plain(value: object) -> object:
    """Turn a value into JSON's own types; numbers become decimal strings, as JSON readers round large ones."""
    if value is None or type(value) in _KEPT:  # most values: an entry of an order has dozens
        return value
    if type(value) is dict or isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


def _base64url(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).translate(_URL_SAFE, _PADDING).decode("ascii")


def _canonical(leaf: dict[str, Any]) -> bytes:
    """Return the leaf as RFC 8785 has it.

    Of texts with ASCII names the standard encoder writes the very same bytes, at a tenth of the cost: the order of the
    names and the escapes are those of the RFC. Anything else goes the long way.
    """
    if all(name.isascii() and type(value) is str for name, value in leaf["obj"].items()):
        return _CANONICAL.encode(leaf).encode("utf-8")
    return rfc8785.dumps(leaf)

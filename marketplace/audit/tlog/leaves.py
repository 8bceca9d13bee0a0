"""The entries of our log: canonical JSON without personal data, and the disclosures that belong to them.

Sources: RFC 8785 (canonical JSON), RFC 9901 (a disclosure is base64url of [salt, name, value]; its digest is in `_sd`).
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

from .errors import DoesNotHold, Malformed

MAX_LEAF_BYTES: Final = 65_535
DIGESTS: Final = "_sd"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A fact of an entry that was not erased."""

    name: str
    value: object


def parse_leaf(raw: bytes) -> dict[str, Any]:
    """Read an entry; raises Malformed (`leaf-size`, `leaf-json`, `leaf-number`, `leaf-canonical`)."""
    if len(raw) > MAX_LEAF_BYTES:
        raise Malformed("leaf-size", f"The entry has {len(raw)} bytes; at most {MAX_LEAF_BYTES} fit.")
    leaf = read_json(raw, what="entry", code="leaf-json")
    if not isinstance(leaf, dict):
        raise Malformed("leaf-json", "The entry is not a JSON object.")
    try:
        canonical = rfc8785.dumps(leaf)
    except (rfc8785.IntegerDomainError, rfc8785.FloatDomainError) as error:
        raise Malformed("leaf-number", "The entry has a number that other programs would round.") from error
    except (ValueError, RecursionError) as error:
        raise Malformed("leaf-json", "The entry has a text that UTF-8 cannot write.") from error
    if canonical != raw:
        raise Malformed("leaf-canonical", "The entry is not written in canonical JSON (RFC 8785).")
    return leaf


def digest_of(encoded: str) -> str:
    """Return a disclosure's digest: base64url without padding of SHA-256 of its ASCII text."""
    return base64.urlsafe_b64encode(hashlib.sha256(encoded.encode("utf-8")).digest()).rstrip(b"=").decode("ascii")


def check_disclosure(encoded: str, *, leaf: Mapping[str, Any]) -> Disclosed:
    """Check that a disclosure belongs to the entry, and read it.

    Raises DoesNotHold (`disclosure`) when its digest is not in the entry: it was altered, or it is another entry's.
    Raises Malformed (`disclosure-form`) when it is not base64url of [salt, name, value].
    """
    if not encoded.isascii():
        raise Malformed("disclosure-form", "A disclosure is not base64url.")
    digests = leaf.get(DIGESTS)
    if not isinstance(digests, list) or digest_of(encoded) not in digests:
        raise DoesNotHold("disclosure", "A disclosure does not belong to its entry: it was altered or exchanged.")
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Malformed("disclosure-form", "A disclosure is not base64url.") from error
    match read_json(raw, what="disclosure", code="disclosure-form"):
        case [str(), str(name), value]:
            return Disclosed(name, value)
    raise Malformed("disclosure-form", "A disclosure is not a list of salt, name and value.")


def read_json(raw: bytes, *, what: str, code: str) -> Any:
    """Read JSON in UTF-8 without repeated names and without NaN; raises Malformed with this code."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed(code, f"The {what} is not JSON that every program reads alike.") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(name)

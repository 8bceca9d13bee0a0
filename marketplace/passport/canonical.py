"""The digest of a lot's public record: as long as it stays the same, no new passport is needed."""

import hashlib
from dataclasses import asdict
from typing import Any, Final

import rfc8785

from marketplace.audit.leaf import plain
from marketplace.custody.record import LotRecord

# Counted up when what is written into a passport changes, so that every lot gets a new one.
FORMAT: Final = "passport-record@v1"


def digest_of(record: LotRecord) -> str:
    """Return the SHA-256, as hex, of the record's canonical JSON; every number stands in it as decimal text."""
    document: Any = {"format": FORMAT, "record": plain(asdict(record))}
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()

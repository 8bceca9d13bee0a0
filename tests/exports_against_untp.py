"""Check what we write for UNTP 0.7.0 against its published schemas and contexts.

`python -m tests.exports_against_untp SCHEMAS_FOLDER`: the folder holds `untp-0.7.0/` and `w3c/` as published; they are
not part of this project. The exit code is 1 when something does not fit.
"""

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from pyld import jsonld

from marketplace.custody.record import KINDS, LotRecord
from marketplace.passport.credentials import credential_of, own_context
from marketplace.passport.untp import CONTEXTS, EVENT_TYPES, VERSION, traceability_events
from tests.builders.records import GOLD, STONE, moment

BASE = "https://market.example"
ISSUER = "did:web:market.example"
AT = moment(10)
FILES = {CONTEXTS[0]: "w3c/credentials-v2.jsonld", CONTEXTS[1]: f"untp-{VERSION}/untp-context-{VERSION}.jsonld"}
# W3C's Bitstring Status List wants text here, and says so in the description that the schema copies.
KNOWN = ("$.credentialStatus.statusListIndex",)
# Under its classes' own addresses UNTP's contexts put whatever they do not define: there no term of ours may land.
UNDEFINED = re.compile(
    r"https://vocabulary\.uncefact\.org/untp/"
    r"(DigitalProductPassport|DigitalTraceabilityEvent|Product|Facility|Party|Criterion|Claim|CredentialIssuer|"
    r"LifecycleEvent|MakeEvent|MoveEvent|ModifyEvent|Standard|Regulation)#"
)


class Dropped(ValueError):
    """A term that no context knows: JSON-LD would leave it out without a word."""


def passport(record: LotRecord, at: datetime = AT) -> dict[str, Any]:
    """Return the whole credential of a lot's passport, still to be signed."""
    return credential_of(
        record,
        base_url=BASE,
        issuer=ISSUER,
        number=2,
        digest="00" * 32,
        status_index=7,
        valid_from=at,
        valid_until=at + timedelta(days=365),
    )


def events(record: LotRecord, at: datetime = AT) -> dict[str, Any]:
    """Return the whole credential of a lot's traceability events, still to be signed."""
    return {
        "@context": list(CONTEXTS),
        "id": f"{BASE}/l/{record.reference}/traceability",
        "type": list(EVENT_TYPES),
        "issuer": {"type": ["CredentialIssuer"], "id": ISSUER, "name": "Pact"},
        "validFrom": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "name": f"Events of lot {record.reference}",
        "credentialSubject": traceability_events(record, base_url=BASE),
    }


def faults(folder: Path, schema: str, document: dict[str, Any]) -> Iterator[str]:
    """Yield what does not fit: the schema with its formats, then the terms and the identifiers of JSON-LD."""
    rules = json.loads((folder / f"untp-{VERSION}" / f"{schema}.json").read_text(encoding="utf-8"))
    checker = Draft202012Validator(rules, format_checker=FormatChecker())
    found = [error for error in checker.iter_errors(document) if error.json_path not in KNOWN]
    yield from (f"{error.json_path}: {error.message}" for error in found)
    try:
        expanded = expand(folder, document)
    except (Dropped, jsonld.JsonLdError) as error:
        yield f"JSON-LD: {error!r}"
        return
    for name in names_in(expanded):
        if UNDEFINED.match(name) or (":" not in name and not name.startswith("@")):
            yield f"JSON-LD: {name} is not defined"


def expand(folder: Path, document: dict[str, Any]) -> Any:
    """Expand a document as JSON-LD's safe mode does, with no other context than the published ones and our own."""

    def load(address: str, options: object = None) -> dict[str, Any]:
        known = own_context(BASE) if address.startswith(BASE) else _published(folder, address)
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": known,
        }

    def refuse(name: str) -> None:
        raise Dropped(name)

    return jsonld.expand(document, {"documentLoader": load}, on_property_dropped=refuse)


def _published(folder: Path, address: str) -> Any:
    return json.loads((folder / FILES[address]).read_text(encoding="utf-8"))


def names_in(expanded: Any) -> Iterator[str]:
    """Yield every property, type and identifier of an expanded document."""
    if isinstance(expanded, list):
        for each in expanded:
            yield from names_in(each)
    elif isinstance(expanded, dict):
        for name, value in expanded.items():
            yield name
            if name in {"@id", "@type"}:
                yield from value if isinstance(value, list) else [value]
            else:
                yield from names_in(value)


def main(folder: Path) -> int:
    """Check both kinds of lot and every kind of event; return the exit code."""
    wrong = 0
    assert {step.kind for record in (GOLD, STONE) for step in record.steps} <= set(KINDS)
    for record in (GOLD, STONE):
        for schema, document in (
            ("DigitalProductPassport", passport(record)),
            ("DigitalTraceabilityEvent", events(record)),
        ):
            found = list(faults(folder, schema, document))
            wrong += len(found)
            print(f"{schema} {record.reference}: {'fits' if not found else ''}", *found, sep="\n  ")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

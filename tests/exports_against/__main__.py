"""Validate our exports against published schemas and contexts in a folder: `python -m tests.exports_against FOLDER`."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from jsonschema import FormatChecker
from jsonschema.validators import validator_for

from marketplace.custody.record import KINDS, LotRecord
from marketplace.passport.credentials import credential_of, journey_document
from marketplace.passport.epcis import document_of
from tests.builders.records import record, records, step
from tests.exports_against.linked_data import undefined

BASE = "https://market.example"
ISSUER = "did:web:market.example"
NOW = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
# W3C Bitstring Status List 1.0 wants text where the schema of UNTP 0.7.0 wants a number; W3C's verifiers decide.
KNOWN = {"statusListIndex"}
FORMATS = FormatChecker()
# RFC 3986: a scheme, then only characters of an address and whole percent codes. jsonschema checks no "uri" by itself,
# and in EPCIS that format alone says which further members an event may have.
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")


@FORMATS.checks("uri")
def is_uri(value: object) -> bool:
    """Say whether a text is an address with a scheme; what is no text has no format."""
    return not isinstance(value, str) or URI.fullmatch(value) is not None


def main(folder: Path) -> int:
    """Print how many documents were valid; return 1 at the first that is not."""
    epcis = _validator(folder / "epcis-2.0/EPCIS-JSON-Schema.json")
    untp = _validator(folder / "untp-0.7.0/DigitalProductPassport.json")
    traced = _validator(folder / "untp-0.7.0/DigitalTraceabilityEvent.json")
    seen = 0

    def check(found: LotRecord) -> None:
        nonlocal seen
        document = json.loads(json.dumps(document_of(found, base_url=BASE, created_at=NOW)))
        passport, events = (json.loads(json.dumps(each)) for each in (_credential(found), _events(found)))
        wrong = [*_errors(epcis, document), *_errors(untp, passport), *_errors(traced, events)]
        wrong += [*undefined(folder, passport, base=BASE), *undefined(folder, events, base=BASE)]
        assert not wrong, "\n".join(wrong)
        seen += 1

    assert {"uri", "date-time"} <= set(FORMATS.checkers), "a format would go unchecked"
    for kind in KINDS:
        check(record(step(kind)))
    settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))(given(records())(check))()
    print(f"{seen} lots: their EPCIS documents, UNTP passports and UNTP events are valid")  # noqa: T201 - a command prints
    return 0


def _credential(found: LotRecord) -> dict[str, Any]:
    return credential_of(
        found, base_url=BASE, issuer=ISSUER, number=1, digest="ab" * 32, status_index=5,
        valid_from=NOW, valid_until=NOW + timedelta(days=365),
    )  # fmt: skip


def _events(found: LotRecord) -> dict[str, Any]:
    return journey_document(found, base_url=BASE, issuer=ISSUER)


def _validator(path: Path) -> Any:
    schema = json.loads(path.read_text(encoding="utf-8"))
    return validator_for(schema)(schema, format_checker=FORMATS)


def _errors(validator: Any, document: Any) -> Iterator[str]:
    for error in validator.iter_errors(document):
        if KNOWN.isdisjoint(map(str, error.absolute_path)):
            yield f"{list(error.absolute_path)}: {error.message[:300]}"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
